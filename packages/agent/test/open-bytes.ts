import type { OpeningLimits } from '../src/input/containers/opening-limits.ts';
import { openMember } from '../src/input/open-member.ts';
import { reasonOf } from '../src/input/system-error.ts';

/** What was found in some bytes. */
export interface Opened {
  /** Path and text of each member, as far as it could be read. */
  readonly texts: readonly (readonly [path: string, text: string])[];
  /** What the user is told, faults of members included. */
  readonly said: readonly string[];
}

/** How {@link openBytes} hands the bytes over. */
export interface Opening {
  readonly limits?: Partial<OpeningLimits>;
  /** Bytes a chunk; default all at once. */
  readonly chunkBytes?: number;
  /** The open file that holds the bytes. */
  readonly descriptor?: number;
}

/** Opens bytes as the input `in` and reads all that is in it. */
export async function openBytes(bytes: Uint8Array, { limits, chunkBytes, descriptor }: Opening = {}): Promise<Opened> {
  const texts: [string, string][] = [];
  const said: string[] = [];
  const rules = limits === undefined ? {} : { limits };
  const file = descriptor === undefined ? {} : { file: { descriptor, size: bytes.length } };
  for await (const found of openMember({ path: 'in', name: 'in', bytes: chunked(bytes, chunkBytes), ...file }, rules)) {
    if ('notice' in found) said.push(found.notice);
    else if ('problem' in found) said.push(`${found.problem.path}: ${found.problem.message}`);
    else {
      const { path } = found.member;
      const { text, fault } = await readText(found.member.bytes);
      texts.push([path, text]);
      if (fault !== undefined) said.push(`${path}: reading broke off: ${fault}`);
    }
  }
  return { texts, said };
}

async function readText(bytes: AsyncIterable<Uint8Array>): Promise<{ text: string; fault?: string }> {
  const chunks: Uint8Array[] = [];
  const text = () => Buffer.concat(chunks).toString('latin1');
  try {
    for await (const chunk of bytes) chunks.push(chunk);
    return { text: text() };
  } catch (error) {
    return { text: text(), fault: reasonOf(error) };
  }
}

/** The bytes in chunks, the last one shorter. */
export async function* chunked(bytes: Uint8Array, chunkBytes = bytes.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}
