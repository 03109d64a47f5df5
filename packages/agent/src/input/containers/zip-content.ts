import { crc32, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { UnreadableContent } from '../member.ts';
import type { ByteSource } from './byte-source.ts';
import { expand } from './expand.ts';

/** Turns packed bytes into the file's own. */
export type Unpacker = (packed: ByteSource) => AsyncIterable<Uint8Array>;

const what = 'the packed data';

/** Methods of packing, as in the list of the format's description (APPNOTE 4.4.5). */
const UNPACKERS = new Map<number, Unpacker>([
  [0, stored],
  [8, (packed) => expand(packed, { what, create: createInflateRaw })],
  [93, (packed) => expand(packed, { what, create: createZstdDecompress })],
]);

const NAMES = new Map([
  [9, 'Deflate64'],
  [12, 'bzip2'],
  [14, 'LZMA'],
  [95, 'xz'],
]);

/** Whether the data ends by itself, so that its length need not be known. */
export function endsByItself(method: number): boolean {
  return method === 8;
}

/** How to unpack the data of an entry, or why it cannot be unpacked. */
export function unpackerOf(method: number, encrypted: boolean): { unpack: Unpacker } | { obstacle: string } {
  if (encrypted) return { obstacle: 'is encrypted; unpack it first' };
  const unpack = UNPACKERS.get(method);
  if (unpack) return { unpack };
  return { obstacle: `is packed with ${NAMES.get(method) ?? `method ${method}`}, which is not read; unpack it first` };
}

async function* stored(packed: ByteSource): AsyncGenerator<Uint8Array> {
  for (let part = await packed.some(STORED_BYTES); part !== undefined; part = await packed.some(STORED_BYTES))
    yield part;
}

const STORED_BYTES = 64 * 1024;

/** What the data of an entry is compared with. */
export interface CheckSum {
  readonly sum: number;
  readonly length: number;
}

/** Passes bytes on and, at their end, throws {@link UnreadableContent} when they are not those that were packed. */
export async function* checked(
  bytes: AsyncIterable<Uint8Array>,
  expected: (length: number) => CheckSum | Promise<CheckSum>,
): AsyncGenerator<Uint8Array> {
  let sum = 0;
  let length = 0;
  for await (const chunk of bytes) {
    sum = crc32(chunk, sum);
    length += chunk.length;
    yield chunk;
  }
  const packed = await expected(length);
  if (packed.length > length) throw new UnreadableContent(`${what} ends too early`);
  if (packed.sum !== sum || packed.length !== length)
    throw new UnreadableContent(`${what} is damaged: its checksum does not fit`);
}
