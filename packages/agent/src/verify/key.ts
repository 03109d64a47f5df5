import { readFile } from 'node:fs/promises';
import { Failure, Misuse } from '../command-line/misuse.ts';
import { reasonOf } from '../input/system-error.ts';

const KEY_BYTES = 32;

/** The key in a file: 32 raw bytes, or their hex or Base64 text. */
export async function keyFromFile(path: string): Promise<Uint8Array> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (error) {
    throw new Failure(`the key file ${path} cannot be read: ${reasonOf(error)}`);
  }
  return readKey(content, `the key file ${path}`);
}

/** The key in an environment variable, as hex or Base64 text. `flag`: what named it, for the message. */
export function keyFromEnvironment(
  flag: string,
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): Uint8Array {
  const value = environment[name];
  if (value === undefined || value === '') throw new Misuse(`${flag} names ${name}, which is not set.`);
  return readKey(Buffer.from(value), `the environment variable ${name}`);
}

/** Never says what it read. */
function readKey(content: Buffer, from: string): Uint8Array {
  if (content.length === KEY_BYTES) return new Uint8Array(content);
  const text = content.toString('latin1').trim();
  if (/^[0-9a-fA-F]{64}$/.test(text)) return new Uint8Array(Buffer.from(text, 'hex'));
  if (/^[A-Za-z0-9+/]{43}=?$/.test(text)) return new Uint8Array(Buffer.from(text, 'base64'));
  throw new Failure(
    `${from} holds no key of ${KEY_BYTES} bytes; raw bytes, 64 hex digits or their Base64 text are understood`,
  );
}
