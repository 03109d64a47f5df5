/** A stream of bytes that is read in the portions its reader asks for. */
export interface ByteSource {
  /** The next bytes, at least one and at most `most`; undefined at the end. */
  readonly some: (most: number) => Promise<Uint8Array | undefined>;
  /** The next `count` bytes; fewer only when there are no more. */
  readonly exactly: (count: number) => Promise<Uint8Array>;
  /** Gives bytes back: they are the next that will be read. */
  readonly unread: (bytes: Uint8Array) => void;
}

const NOTHING = new Uint8Array();

/** Reads a stream in portions. Holds one chunk of it, and what {@link ByteSource.exactly} was asked for. */
export function createByteSource(bytes: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = bytes[Symbol.asyncIterator]();
  let held: Uint8Array = NOTHING;
  const some = async (most: number) => {
    while (held.length === 0) {
      const next = await iterator.next();
      if (next.done) return undefined;
      held = next.value;
    }
    const part = held.subarray(0, most);
    held = held.subarray(part.length);
    return part;
  };
  return {
    some,
    exactly: async (count) => {
      const parts: Uint8Array[] = [];
      let missing = count;
      while (missing > 0) {
        const part = await some(missing);
        if (!part) break;
        parts.push(part);
        missing -= part.length;
      }
      return joined(parts);
    },
    unread: (part) => {
      held = joined([part, held]);
    },
  };
}

/** The next `length` bytes of a source, as a source of their own. `left` tells how many of them have not been read. */
export function firstBytes(source: ByteSource, length: number): ByteSource & { readonly left: number } {
  let left = length;
  const counted = <Part extends Uint8Array | undefined>(part: Part): Part => {
    left -= part?.length ?? 0;
    return part;
  };
  return {
    get left() {
      return left;
    },
    some: async (most) => (left === 0 ? undefined : counted(await source.some(Math.min(most, left)))),
    exactly: async (count) => counted(await source.exactly(Math.min(count, left))),
    unread: (part) => {
      left += part.length;
      source.unread(part);
    },
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const filled = parts.filter(({ length }) => length > 0);
  const [first] = filled;
  if (filled.length <= 1) return first ?? NOTHING;
  return Buffer.concat(filled);
}
