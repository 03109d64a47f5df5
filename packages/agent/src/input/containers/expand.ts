import type { InflateRaw, ZstdDecompress } from 'node:zlib';
import { UnreadableContent } from '../member.ts';
import { systemCode } from '../system-error.ts';
import type { ByteSource } from './byte-source.ts';

/** How a kind of compressed data is read. */
export interface Packing {
  /** Names the data in messages, e.g. `the gzip data`. */
  readonly what: string;
  readonly create: () => InflateRaw | ZstdDecompress;
  /** Bytes handed to the decompressor at a time: what it makes of them at most must fit into memory. */
  readonly sliceBytes: number;
}

/** Deflate makes at most 1032 bytes of one: no more than 16 MiB at once. */
export const DEFLATE_SLICE_BYTES = 16 * 1024;

/** Zstandard makes a block of 128 KiB of four bytes: no more than 32 MiB at once. */
export const ZSTD_SLICE_BYTES = 1024;

/**
 * What a decompressor makes of the bytes of a source, until its data ends; what follows stays in the source. Everything before a fault is handed
 * out (but for the block in which the fault is found), then {@link UnreadableContent} is thrown.
 *
 * Streams are written to one slice at a time: `for await` over a zlib stream would lose what the stream still holds when it fails.
 */
export async function* expand(source: ByteSource, { what, create, sliceBytes }: Packing): AsyncGenerator<Uint8Array> {
  const stream = create();
  const made: Uint8Array[] = [];
  const run = createRun(stream, made);
  try {
    for (;;) {
      const slice = await source.some(sliceBytes);
      const before = stream.bytesWritten;
      await (slice ? run.write(slice) : run.end());
      yield* made.splice(0);
      if (run.fault !== undefined) throw new UnreadableContent(faultOf(run.fault, what), { cause: run.fault });
      if (!run.ended) continue;
      if (slice) source.unread(slice.subarray(stream.bytesWritten - before));
      return;
    }
  } finally {
    stream.destroy();
  }
}

/** Follows a stream through its events. */
function createRun(stream: InflateRaw | ZstdDecompress, made: Uint8Array[]) {
  let ended = false;
  let fault: Error | undefined;
  let wake = () => {};
  stream.on('data', (chunk: Uint8Array) => made.push(chunk));
  stream.on('end', () => {
    ended = true;
    wake();
  });
  stream.on('error', (error: Error) => {
    fault = error;
    wake();
  });
  /** Resolves when the stream wants more, has ended or has failed: a stream whose data ends within a slice never asks for more. */
  const settled = (start: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      wake = resolve;
      start(resolve);
    });
  return {
    get ended() {
      return ended;
    },
    get fault() {
      return fault;
    },
    write: (slice: Uint8Array) => settled((done) => stream.write(slice, () => done())),
    end: () => settled(() => stream.end()),
  };
}

function faultOf(error: Error, what: string): string {
  return systemCode(error) === 'Z_BUF_ERROR' ? `${what} ends too early` : `${what} is damaged`;
}
