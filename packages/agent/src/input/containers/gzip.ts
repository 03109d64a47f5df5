import { crc32, createInflateRaw } from 'node:zlib';
import { UnreadableContent } from '../member.ts';
import { textAt } from '../signature.ts';
import { type ByteSource, createByteSource } from './byte-source.ts';
import { expand, type Packing } from './expand.ts';
import type { Opener } from './opener.ts';

/** What RFC 1952 calls FHCRC, FEXTRA, FNAME and FCOMMENT. */
const FLAG = { headerSum: 0x02, extra: 0x04, name: 0x08, comment: 0x10, unknown: 0xe0 } as const;

const PACKING: Packing = { what: 'the gzip data', create: createInflateRaw };

/** Names and comments in the header end with NUL; what is longer is no header. */
const MAX_HEADER_TEXT = 64 * 1024;

/** gzip data (RFC 1952), several members in a row included. The member keeps its own path. */
export const gzip: Opener = {
  recognises: isGzip,
  async *open({ file: _, ...member }, budget) {
    yield { member: { ...member, bytes: budget.expanded(unpack(createByteSource(member.bytes))) } };
  },
};

/** The third byte names the method; there is but one. */
function isGzip(head: Uint8Array): boolean {
  return textAt(head, 0, '\x1f\x8b') && (head.length === 2 || head[2] === 8);
}

async function* unpack(source: ByteSource): AsyncGenerator<Uint8Array> {
  let start = await source.exactly(10);
  do {
    await readHeader(start, source);
    let sum = 0;
    let length = 0;
    for await (const chunk of expand(source, PACKING)) {
      sum = crc32(chunk, sum);
      length += chunk.length;
      yield chunk;
    }
    const trailer = Buffer.from(await source.exactly(8));
    if (trailer.length < 8) throw new UnreadableContent('the gzip data ends too early');
    // The length is that modulo 2^32.
    if (trailer.readUInt32LE(0) !== sum || trailer.readUInt32LE(4) !== length % 2 ** 32)
      throw new UnreadableContent('the gzip data is damaged: its checksum does not fit');
    start = await source.exactly(10);
  } while (isGzip(start));
  if (await holdsData(start, source)) throw new UnreadableContent('data that is not gzip follows the gzip data');
}

async function readHeader(start: Uint8Array, source: ByteSource): Promise<void> {
  if (start.length < 10) throw new UnreadableContent('the gzip data ends too early');
  const flags = start[3] ?? 0;
  if (flags & FLAG.unknown) throw new UnreadableContent('the gzip data is damaged: its header cannot be read');
  if (flags & FLAG.extra) {
    const [low = 0, high = 0] = await source.exactly(2);
    await source.exactly(low + 256 * high);
  }
  if (flags & FLAG.name) await passText(source);
  if (flags & FLAG.comment) await passText(source);
  if (flags & FLAG.headerSum) await source.exactly(2);
}

async function passText(source: ByteSource): Promise<void> {
  for (let passed = 0; passed < MAX_HEADER_TEXT; passed += 1) {
    const [byte] = await source.exactly(1);
    if (byte === undefined || byte === 0) return;
  }
  throw new UnreadableContent('the gzip data is damaged: its header does not end');
}

/** NUL padding, as tapes leave it, is no data. */
async function holdsData(first: Uint8Array, source: ByteSource): Promise<boolean> {
  const isPadding = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);
  for (let part: Uint8Array | undefined = first; part !== undefined; part = await source.some(SCAN_BYTES)) {
    if (!isPadding(part)) return true;
  }
  return false;
}

const SCAN_BYTES = 64 * 1024;
