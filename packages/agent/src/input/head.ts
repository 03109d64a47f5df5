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
 * Reads the beginning of a stream without losing it.
 *
 * @param live Takes the first chunk alone as the head, because waiting for more would hold back what is there.
 */
export async function readHead(bytes: AsyncIterable<Uint8Array>, live = false): Promise<Headed> {
  const iterator = bytes[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  while (!ended && length < HEAD_BYTES && !(live && length > 0)) {
    const next = await iterator.next();
    ended = next.done === true;
    if (next.done) break;
    chunks.push(next.value);
    length += next.value.length;
  }
  return { head: joined(chunks, Math.min(length, HEAD_BYTES)), bytes: replay(chunks, iterator, ended) };
}

async function* replay(
  chunks: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
  ended: boolean,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
    while (!ended) {
      const next = await iterator.next();
      if (next.done) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    if (!ended) await iterator.return?.();
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
