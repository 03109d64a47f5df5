/** Bytes of an input as they come in, for forms whose units are no lines. What was read can be dropped, so memory holds one unit. */
export interface ByteSource {
  /** What was not dropped yet stands here from {@link start} to {@link end}. The next push may move it. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** No more bytes come. */
  readonly ended: boolean;
  /** Keeps a copy of the chunk. */
  push(chunk: Uint8Array): void;
  finish(): void;
  /** Drops everything before this place. */
  drop(to: number): void;
}

/** Starts an empty source. */
export function createByteSource(): ByteSource {
  let bytes = new Uint8Array(1024);
  let start = 0;
  let end = 0;
  let ended = false;
  return {
    get bytes() {
      return bytes;
    },
    get start() {
      return start;
    },
    get end() {
      return end;
    },
    get ended() {
      return ended;
    },
    push(chunk) {
      const held = end - start;
      if (held + chunk.length > bytes.length) {
        const grown = new Uint8Array(Math.max(bytes.length * 2, held + chunk.length));
        grown.set(bytes.subarray(start, end));
        bytes = grown;
      } else if (start > 0) bytes.copyWithin(0, start, end);
      start = 0;
      bytes.set(chunk, held);
      end = held + chunk.length;
    },
    finish() {
      ended = true;
    },
    drop(to) {
      start = to;
    },
  };
}
