import { UnreadableContent } from '../member.ts';
import { DEFAULT_OPENING_LIMITS, type OpeningLimits } from './opening-limits.ts';

/** A limit was hit: nothing more of this input is opened. */
export class LimitReached extends UnreadableContent {}

/** What one input may cost, with all that is in it. Create one per input. */
export interface Budget {
  readonly limits: OpeningLimits;
  /** Passes bytes of the input itself on, and counts them. */
  readonly read: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
  /** Passes bytes that came out of a decompressor on, and throws {@link LimitReached} when they are too many for what was read. */
  readonly expanded: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
  /** Counts an entry of an archive; throws {@link LimitReached} when there are too many. */
  readonly entry: () => void;
  /** A limit was hit. */
  readonly spent: boolean;
}

/**
 * A budget of which nothing is spent.
 *
 * @param onRead Is told how many bytes of the input itself were read.
 */
export function createBudget(limits: Partial<OpeningLimits> = {}, onRead: (bytes: number) => void = () => {}): Budget {
  const all: OpeningLimits = { ...DEFAULT_OPENING_LIMITS, ...limits };
  let read = 0;
  let expanded = 0;
  let entries = 0;
  let spent = false;
  const stop = (message: string): never => {
    spent = true;
    throw new LimitReached(message);
  };
  return {
    limits: all,
    get spent() {
      return spent;
    },
    read: (bytes) =>
      each(bytes, (length) => {
        read += length;
        onRead(length);
      }),
    expanded: (bytes) =>
      each(bytes, (length) => {
        expanded += length;
        if (expanded > all.freeExpansionBytes && expanded > read * all.maxRatio)
          stop(`it expands to more than ${all.maxRatio} times its size (--max-ratio); the rest is not read`);
      }),
    entry: () => {
      entries += 1;
      if (entries > all.maxMembers)
        stop(`it has more than ${all.maxMembers} members (--max-members); the rest is not read`);
    },
  };
}

async function* each(bytes: AsyncIterable<Uint8Array>, count: (length: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    count(chunk.length);
    yield chunk;
  }
}
