import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { ProtectionKey } from '@cryptrail/integrity';
import { Failure } from '../command-line/misuse.ts';
import { reasonOf } from '../input/system-error.ts';

/**
 * Reads a keys file: key id → `{"type":"hmac","file":…}` (hex) or `{"type":"public","file":…}` (PEM of a key or certificate), paths relative to it.
 *
 * @throws {@link Failure} that names the file and id, and never what a key file holds.
 */
export async function readProtectionKeys(path: string): Promise<Map<string, ProtectionKey>> {
  const keys = new Map<string, ProtectionKey>();
  const listed = await readJson(path);
  if (typeof listed !== 'object' || listed === null || Array.isArray(listed))
    throw new Failure(`${path} is no JSON object from key ids to keys`);
  for (const [id, entry] of Object.entries(listed)) {
    if (!/^(?:0|[1-9]\d{0,9})$/.test(id))
      throw new Failure(`${path}: ${JSON.stringify(id)} is no key id; a key id is a decimal number`);
    keys.set(id, await readKey(path, id, entry));
  }
  return keys;
}

async function readJson(path: string): Promise<unknown> {
  const text = await read(path, path);
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`${path} is not JSON; expected e.g. {"400": {"type": "hmac", "file": "400.hex"}}`);
  }
}

async function read(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`${what} cannot be read: ${reasonOf(error)}`);
  }
}

async function readKey(list: string, id: string, entry: unknown): Promise<ProtectionKey> {
  const { type, file } = (typeof entry === 'object' && entry !== null ? entry : {}) as {
    type?: unknown;
    file?: unknown;
  };
  if ((type !== 'hmac' && type !== 'public') || typeof file !== 'string') {
    throw new Failure(`${list}: key ${id} needs "type" ("hmac" or "public") and "file"`);
  }
  const text = await read(resolve(dirname(list), file), `${list}: the file of key ${id}`);
  return type === 'hmac' ? hmacKey(list, id, text) : publicKey(list, id, text);
}

function hmacKey(list: string, id: string, text: string): ProtectionKey {
  const hex = text.trim();
  if (!/^(?:[0-9a-fA-F]{2}){16,}$/.test(hex))
    throw new Failure(`${list}: the file of key ${id} does not hold hex digits of an HMAC key (16 bytes or more)`);
  return { type: 'hmac', key: new Uint8Array(Buffer.from(hex, 'hex')) };
}

function publicKey(list: string, id: string, text: string): ProtectionKey {
  let key: KeyObject;
  try {
    key = createPublicKey(text);
  } catch {
    throw new Failure(`${list}: the file of key ${id} holds no public key or certificate in PEM`);
  }
  return { type: 'public', verify: (data, signature) => verify('sha256', data, key, signature) };
}
