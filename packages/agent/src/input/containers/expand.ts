import type { InflateRaw, ZstdDecompress } from 'node:zlib';
import { UnreadableContent } from '../member.ts';
import { systemCode } from '../system-error.ts';
import type { ByteSource } from './byte-source.ts';

/** How a kind of compressed data is read. */
export interface Packing {
  /** Names the data in messages, e.g. `the gzip data`. */
  readonly what: string;
  readonly create: () => InflateRaw | ZstdDecompress;
}

/** Bytes handed to a decompressor at a time. */
const SLICE_BYTES = 64 * 1024;

/** When a decompressor has made so much it waits: one byte can become a thousand, or thirty thousand. */
const MADE_BYTES = 1024 * 1024;

/**
 * What a decompressor makes of the bytes of a source, until its data ends; what follows stays in the source. Everything before a fault is handed
 * out (but for the block in which the fault is found), then {@link UnreadableContent} is thrown.
 *
 * `for await` over a zlib stream would lose all that the stream still holds when it fails, the whole content of a small file.
 */
export async function* expand(source: ByteSource, { what, create }: Packing): AsyncGenerator<Uint8Array> {
  const stream = create();
  const run = createRun(stream);
  try {
    for (;;) {
      const slice = await source.some(SLICE_BYTES);
      const before = stream.bytesWritten;
      run.give(slice);
      do {
        await run.settled();
        yield* run.take();
        // A reader who takes his time finds more than he was waiting for.
      } while (run.busy || run.holdsMore);
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
function createRun(stream: InflateRaw | ZstdDecompress) {
  let made: Uint8Array[] = [];
  let madeBytes = 0;
  let working = false;
  /** Bytes that will have been consumed when all that was given has been. */
  let due = 0;
  let ended = false;
  let fault: Error | undefined;
  let wake = () => {};
  // Data that ends within what was given leaves the rest of it, and is over when the stream says so.
  const isBusy = () => (working || stream.bytesWritten < due) && !ended && fault === undefined;
  stream.on('data', (chunk: Uint8Array) => {
    made.push(chunk);
    madeBytes += chunk.length;
    if (madeBytes < MADE_BYTES) return;
    stream.pause();
    wake();
  });
  stream.on('end', () => {
    ended = true;
    wake();
  });
  stream.on('error', (error: Error) => {
    fault = error;
    wake();
  });
  return {
    get ended() {
      return ended;
    },
    get fault() {
      return fault;
    },
    /** What was given has not been worked off. */
    get busy() {
      return isBusy();
    },
    /** Something was made that was not taken. */
    get holdsMore() {
      return made.length > 0;
    },
    /** Gives the stream bytes, or the end. A stream whose data ends within the bytes says that it has ended, and no more. */
    give: (slice: Uint8Array | undefined): void => {
      working = true;
      due = stream.bytesWritten + (slice?.length ?? 0);
      if (!slice) stream.end();
      else
        stream.write(slice, () => {
          working = false;
          wake();
        });
    },
    /** Resolves when what was given has been worked off, or enough has been made of it. */
    settled: (): Promise<void> =>
      new Promise((resolve) => {
        if (isBusy() && madeBytes < MADE_BYTES) wake = resolve;
        else resolve();
      }),
    /** What was made. */
    take: (): readonly Uint8Array[] => {
      const taken = made;
      made = [];
      madeBytes = 0;
      stream.resume();
      return taken;
    },
  };
}

function faultOf(error: Error, what: string): string {
  return systemCode(error) === 'Z_BUF_ERROR' ? `${what} ends too early` : `${what} is damaged`;
}
