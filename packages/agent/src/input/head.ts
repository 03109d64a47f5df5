/** Bytes that decide the form of a member: a tar header is a block of 512 bytes, and text needs some lines to be told from noise. */
export const HEAD_BYTES = 4096;

/** A stream whose beginning has been looked at. */
export interface Headed {
  /** The first bytes, at most {@link HEAD_BYTES}; fewer only when there are no more. */
  readonly head: Uint8Array;
  /** The whole stream, head included. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Reads the beginning of a stream without losing it. Never throws: a fault of the stream is thrown on when what came before has been read.
 *
 * @param live Takes the first chunk alone as the head, because waiting for more would hold back what is there; but waits where it may be the
 *   beginning of an archive, which a pipe can cut anywhere.
 */
export async function readHead(bytes: AsyncIterable<Uint8Array>, live = false): Promise<Headed> {
  const iterator = bytes[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let rest: Rest = { iterator };
  while (!('end' in rest) && length < HEAD_BYTES && !(live && isTelling(chunks, length))) {
    try {
      const next = await iterator.next();
      if (next.done) rest = { end: true };
      else {
        chunks.push(next.value);
        length += next.value.length;
      }
    } catch (error) {
      rest = { end: true, fault: { error } };
    }
  }
  return { head: joined(chunks, Math.min(length, HEAD_BYTES)), bytes: replay(chunks, rest) };
}

/** What follows the chunks that were read: more, nothing, or the fault at which they end, which comes when they have been read. */
type Rest =
  | { readonly iterator: AsyncIterator<Uint8Array> }
  | { readonly end: true; readonly fault?: { readonly error: unknown } };

/** Signatures are told by some bytes, a tar archive by its first block; text has no NUL before its end. */
function isTelling(chunks: readonly Uint8Array[], length: number): boolean {
  const first = chunks.find((chunk) => chunk.length > 0)?.[0];
  if (first === undefined) return false;
  if (length < SIGNATURE_BYTES && SIGNATURE_STARTS.has(first)) return false;
  return length >= BLOCK_BYTES || !chunks.some((chunk) => chunk.includes(0));
}

const SIGNATURE_BYTES = 4;
const BLOCK_BYTES = 512;
/** How gzip, Zstandard and zip data begin; no line that is worth showing at once is `P` alone. */
const SIGNATURE_STARTS = new Set([0x1f, 0x28, 0x50]);

async function* replay(chunks: readonly Uint8Array[], rest: Rest): AsyncGenerator<Uint8Array> {
  let ended = 'end' in rest;
  try {
    yield* chunks;
    if ('end' in rest) {
      if (rest.fault) throw rest.fault.error;
      return;
    }
    for (;;) {
      const next = await rest.iterator.next();
      ended = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    if (!ended && 'iterator' in rest) await rest.iterator.return?.();
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const head = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    head.set(chunk.subarray(0, length - at), at);
    at += Math.min(chunk.length, length - at);
  }
  return head;
}
