import type { SavedState } from './evidence.ts';
import type { Frame, Position } from './records.ts';

/** The first of some positions in one input. */
export function earliestOf(positions: readonly Position[]): Position | undefined {
  return positions.reduce<Position | undefined>(
    (first, position) => (first && first.number <= position.number ? first : position),
    undefined,
  );
}

/** Finds where an input can be cut in two, so that reading the second part alone gives what is left. */
export interface CutFinder {
  /** Notes a frame that was given out, joined from several lines. `held`: tells the earliest that is still held. */
  note(frame: Frame, held: () => Position): void;
  /** The last place before `held` (the beginning of the earliest line that was not given out) into which no record reaches from before. */
  cut(held: Position): Position;
}

/** Knows where the evidence of an input stood at a cut. */
export interface Standing {
  /** Notes a frame before it is verified. `held`: tells the earliest that is still held. */
  note(frame: Frame, held: () => Position): void;
  /** Where the evidence stood right before the cut; undefined when nobody knows. */
  at(cut: Position): SavedState | undefined;
}

/**
 * A record may be verified while one before it is still held. Reading that goes on at the held one meets it again, so that evidence must be taken up
 * where it stood before.
 */
export function createStanding(snapshot: () => SavedState | undefined): Standing {
  let latest = 0;
  let before: { readonly number: number; readonly state: SavedState | undefined } | undefined;
  return {
    note({ position: { number } }, held) {
      const first = held().number;
      if (number > first && latest < first) before = { number: first, state: snapshot() };
      latest = Math.max(latest, number);
    },
    at({ number }) {
      if (latest < number) return snapshot();
      return before?.number === number ? before.state : undefined;
    },
  };
}

/** From the first line of a joined record to its last one. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/** Interleaved sources hold up few records at a time. More spans than these are taken together. */
const MAX_SPANS = 256;

/**
 * Lines of several sources may be interleaved, so a record that was given out can have lines behind the beginning of one that is held. A reader
 * that began there would take these lines for a record of their own: such a place is no cut. Costs nothing for records of one line.
 */
export function createCutFinder(beginning: Position): CutFinder {
  let spans: Span[] = [];
  let latest = beginning;

  const drop = (held: number) => {
    spans = spans.filter(({ last }) => last >= held);
  };

  return {
    note({ position, lastNumber }, held) {
      if (lastNumber === undefined || lastNumber === position.number) return;
      spans.push({ first: position.number, last: lastNumber });
      if (spans.length <= MAX_SPANS) return;
      drop(held().number);
      if (spans.length > MAX_SPANS / 2) spans = [together(spans)];
    },
    cut(held) {
      // Nothing was read yet, or what is being read was given out before.
      if (held.number <= latest.number) return latest;
      drop(held.number);
      if (!spans.some(({ first }) => first < held.number)) latest = held;
      return latest;
    },
  };
}

function together(spans: readonly Span[]): Span {
  return {
    first: spans.reduce((least, { first }) => Math.min(least, first), Number.POSITIVE_INFINITY),
    last: spans.reduce((most, { last }) => Math.max(most, last), 0),
  };
}
