import { createZstdDecompress } from 'node:zlib';
import { createByteSource } from './byte-source.ts';
import { expand, type Packing, ZSTD_SLICE_BYTES } from './expand.ts';
import type { Opener } from './opener.ts';
import { textAt } from './signature.ts';

const PACKING: Packing = { what: 'the Zstandard data', create: createZstdDecompress, sliceBytes: ZSTD_SLICE_BYTES };

/** Zstandard data (RFC 8878), several frames in a row included. The member keeps its own path. */
export const zstd: Opener = {
  recognises: (head) => textAt(head, 0, '\x28\xb5\x2f\xfd'),
  async *open({ file: _, ...member }, budget) {
    const source = createByteSource(member.bytes);
    yield { member: { ...member, bytes: budget.expanded(expand(source, PACKING)) } };
  },
};
