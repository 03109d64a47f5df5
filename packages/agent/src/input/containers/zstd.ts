import { createZstdDecompress } from 'node:zlib';
import { UnreadableContent } from '../member.ts';
import { textAt } from '../signature.ts';
import { type ByteSource, createByteSource } from './byte-source.ts';
import { expand, type Packing } from './expand.ts';
import type { Opener } from './opener.ts';

const PACKING: Packing = { what: 'the Zstandard data', create: createZstdDecompress };

/** Zstandard data (RFC 8878), several frames in a row included. The member keeps its own path. */
export const zstd: Opener = {
  recognises: isFrame,
  async *open({ file: _, ...member }, budget) {
    yield { member: { ...member, bytes: budget.expanded(unpack(createByteSource(member.bytes))) } };
  },
};

/** A frame of data, or one for other programs, as `pzstd` puts between them (0x184D2A50 to 5F): the library passes over it. */
function isFrame(head: Uint8Array): boolean {
  return textAt(head, 0, '\x28\xb5\x2f\xfd') || (((head[0] ?? 0) & 0xf0) === 0x50 && textAt(head, 1, '\x2a\x4d\x18'));
}

/** A decompressor of Node.js ends with its frame. */
async function* unpack(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (;;) {
    const start = await source.exactly(4);
    if (start.length === 0) return;
    if (!isFrame(start)) throw new UnreadableContent('data that is not Zstandard follows the Zstandard data');
    source.unread(start);
    yield* expand(source, PACKING);
  }
}
