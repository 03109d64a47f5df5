import { promisify } from 'node:util';
import { constants, gzip, zstdCompress } from 'node:zlib';
import { joinParts, lengthOf } from '../otlp/join-groups.ts';
import { KeptBuffers } from './kept-buffers.ts';

/** Level 4 costs two thirds of zlib's default 6 on OTLP, for 7 to 9 % more bytes; level 3 half, for 18 %. */
const GZIP_LEVEL = 4;
/** The most memory that zlib takes (from 256 to 384 KiB for each request under way) saves it a twentieth of the time. */
const GZIP_MEMORY_LEVEL = 9;
/** Above the default 3 Zstandard gains little on OTLP; below, it is the cheapest of all. */
const ZSTD_LEVEL = 1;
/** zlib hands its output over in pieces of this size; its default of 16 KiB costs a third of the time. */
const CHUNK_BYTES = 256 * 1024;

const gzipped = promisify(gzip) as (bytes: Uint8Array, options: object) => Promise<Uint8Array>;
const zstandard = promisify(zstdCompress) as (bytes: Uint8Array, options: object) => Promise<Uint8Array>;

/** Compresses the parts of a request. */
export interface Compressor {
  /** The parts in one go, so that their length is known before the first byte is sent; on zlib's own threads. */
  compress(parts: readonly Uint8Array[]): Promise<Uint8Array>;
}

/** Keeps the buffers in which parts are joined: nobody looks at one when it has been compressed. */
export function createCompressor(compression: 'gzip' | 'zstd', maxKept: number): Compressor {
  const kept = new KeptBuffers(maxKept);
  return {
    async compress(parts) {
      const buffer = kept.take(lengthOf(parts));
      try {
        return await compressed(joinParts(parts, buffer), compression);
      } finally {
        kept.giveBack(buffer);
      }
    },
  };
}

function compressed(bytes: Uint8Array, compression: 'gzip' | 'zstd'): Promise<Uint8Array> {
  if (compression === 'gzip')
    return gzipped(bytes, { level: GZIP_LEVEL, memLevel: GZIP_MEMORY_LEVEL, chunkSize: CHUNK_BYTES });
  const params = { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL };
  return zstandard(bytes, { chunkSize: CHUNK_BYTES, params });
}
