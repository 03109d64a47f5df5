import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { joinParts, lengthOf } from '../otlp/join-groups.ts';
import { CHUNK_BYTES, Gzip } from './gzip.ts';
import { KeptBuffers } from './kept-buffers.ts';

/** Above the default 3 Zstandard gains little on OTLP; below, it is the cheapest of all. */
const ZSTD_LEVEL = 1;

const zstandard = promisify(zstdCompress) as (bytes: Uint8Array, options: object) => Promise<Uint8Array>;

/** Compresses the parts of a request. */
export interface Compressor {
  /** The parts in one go, so that their length is known before the first byte is sent; on zlib's own threads. */
  compress(parts: readonly Uint8Array[]): Promise<Uint8Array>;
}

/** Keeps the buffers in which parts are joined: nobody looks at one when it has been compressed. */
export function createCompressor(compression: 'gzip' | 'zstd', maxKept: number): Compressor {
  const kept = new KeptBuffers(maxKept);
  const gzip = new Gzip();
  return {
    async compress(parts) {
      const buffer = kept.take(lengthOf(parts));
      try {
        const bytes = joinParts(parts, buffer);
        return await (compression === 'gzip' ? gzip.compress(bytes) : zstandardOf(bytes));
      } finally {
        kept.giveBack(buffer);
      }
    },
  };
}

function zstandardOf(bytes: Uint8Array): Promise<Uint8Array> {
  const params = { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL };
  return zstandard(bytes, { chunkSize: CHUNK_BYTES, params });
}
