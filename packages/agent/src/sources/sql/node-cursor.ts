import type { Position } from '../source.ts';

/** Where the reading of one node stands, as it is saved. */
export type NodePosition = { readonly [name: string]: Position };

/** What says where a row stands. */
export interface RowPlace {
  readonly pk: string;
  readonly sequence: bigint;
  /** Milliseconds since 1970, by the clock of the node. */
  readonly time: bigint;
}

/** Numbers without a row, both ends included. */
export interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

/** A range that may still be filled. `quiet`: before the first row that was ever seen, so that a missing number there says nothing. */
interface Hole extends Range {
  readonly sinceMillis: number;
  readonly quiet?: true;
}

/** Open holes of one node; one more makes the oldest a gap before its time. */
const MAX_HOLES = 1000;
/** Gaps whose rows are still looked for after they were reported. */
const MAX_GAPS = 1000;
/** Rows beside the numbering that are remembered. */
const MAX_EXTRAS = 2000;
/** Numbers before the first row of a node in which a row may be committed late. */
const LOOK_BEFORE = 1000n;

/**
 * Where the reading of one node stands. All rows up to `high` have been delivered, but those in `holes` and `gaps`. Numbers are taken before
 * rows are committed, and by several threads, so a number that is missing now may have its row in a moment.
 */
export class NodeCursor {
  /** Highest number delivered; undefined before the first row. */
  high: bigint | undefined;
  /** Key of the row with that number; of several the greatest as the database sorts them. Empty when it is not known. */
  pk = '';
  /** Greatest time of a delivered row. */
  newest = -1n;
  holes: Hole[] = [];
  gaps: Range[] = [];
  /** Delivered rows, by key, whose number had been passed: of a second node with the same name. */
  readonly extras = new Map<string, bigint>();

  /** Takes the next row behind all that were taken; opens a hole when numbers lie between. */
  take(row: RowPlace, nowMillis: number): void {
    if (this.high === undefined) this.#openBefore(row.sequence, nowMillis);
    else if (row.sequence > this.high + 1n)
      this.holes.push({ from: this.high + 1n, to: row.sequence - 1n, sinceMillis: nowMillis });
    this.high = row.sequence;
    this.pk = row.pk;
    this.#see(row);
  }

  #openBefore(first: bigint, sinceMillis: number): void {
    if (first <= 0n) return;
    const from = first > LOOK_BEFORE ? first - LOOK_BEFORE : 0n;
    this.holes.push({ from, to: first - 1n, sinceMillis, quiet: true });
  }

  /** Takes a row with a number that was missing. False when it was not. */
  fill(row: RowPlace): boolean {
    const isIn = ({ from, to }: Range) => from <= row.sequence && row.sequence <= to;
    if (!this.holes.some(isIn) && !this.gaps.some(isIn)) return false;
    this.holes = without(this.holes, row.sequence);
    this.gaps = without(this.gaps, row.sequence);
    this.#see(row);
    return true;
  }

  /** Takes a row whose number has been passed. */
  takeExtra(row: RowPlace): void {
    this.extras.set(row.pk, row.time);
    const [oldest] = this.extras.keys();
    if (this.extras.size > MAX_EXTRAS && oldest !== undefined) this.extras.delete(oldest);
    this.#see(row);
  }

  #see({ time }: RowPlace): void {
    if (time > this.newest) this.newest = time;
  }

  /** True for a number that is missing. */
  isMissing(sequence: bigint): boolean {
    return [...this.holes, ...this.gaps].some(({ from, to }) => from <= sequence && sequence <= to);
  }

  /** Closes the holes that had their time: gives those that are gaps now. Quiet ones end without a word. */
  closeHoles(nowMillis: number, gapAfterMillis: number): Range[] {
    const surplus = this.holes.length - MAX_HOLES;
    const isDue = (hole: Hole, index: number) => index < surplus || isPast(hole, nowMillis, gapAfterMillis);
    const due = this.holes.filter(isDue);
    if (due.length === 0) return [];
    this.holes = this.holes.filter((hole) => !due.includes(hole));
    const closed = due.filter(({ quiet }) => !quiet).map(({ from, to }) => ({ from, to }));
    this.gaps = [...this.gaps, ...closed].slice(-MAX_GAPS);
    return closed;
  }

  /** The numbering began anew at this number: what was known of it and of higher ones no longer holds. */
  restartAt(sequence: bigint): void {
    const cut = <T extends Range>(ranges: readonly T[]) =>
      ranges
        .filter(({ from }) => from < sequence)
        .map((range) => (range.to < sequence ? range : { ...range, to: sequence - 1n }));
    this.holes = cut(this.holes);
    this.gaps = cut(this.gaps);
    this.high = sequence - 1n;
    this.pk = '';
  }

  /** Forgets rows beside the numbering that are older than this. */
  forgetExtras(before: bigint): void {
    for (const [pk, time] of this.extras) if (time < before) this.extras.delete(pk);
  }

  /** A JSON value from which {@link NodeCursor.from} makes the same cursor again. */
  toPosition(): NodePosition | null {
    if (this.high === undefined) return null;
    return {
      high: String(this.high),
      pk: this.pk,
      newest: String(this.newest),
      holes: this.holes.map(({ from, to, sinceMillis, quiet }) => [
        String(from),
        String(to),
        sinceMillis,
        quiet ?? false,
      ]),
      gaps: this.gaps.map(({ from, to }) => [String(from), String(to)]),
      extras: [...this.extras].map(([pk, time]) => [pk, String(time)]),
    };
  }

  /** The cursor of a saved position; undefined for one that this version does not understand. */
  static from(position: Position | undefined): NodeCursor | undefined {
    const cursor = new NodeCursor();
    if (position === undefined || position === null) return cursor;
    if (typeof position !== 'object' || Array.isArray(position)) return undefined;
    const { high, pk, newest, holes, gaps, extras } = position as { readonly [key: string]: Position };
    const top = whole(high);
    if (top === undefined || typeof pk !== 'string') return undefined;
    cursor.high = top;
    cursor.pk = pk;
    cursor.newest = whole(newest) ?? -1n;
    for (const [from, to, sinceMillis, quiet] of tuples(holes)) {
      const range = rangeOf(from, to);
      if (range)
        cursor.holes.push({ ...range, sinceMillis: Number(sinceMillis), ...(quiet === true ? { quiet } : {}) });
    }
    cursor.gaps = tuples(gaps).flatMap(([from, to]) => rangeOf(from, to) ?? []);
    for (const [key, time] of tuples(extras)) if (typeof key === 'string') cursor.extras.set(key, whole(time) ?? -1n);
    return cursor;
  }
}

/** A clock that was set back must not keep a hole open for ever. */
function isPast({ sinceMillis }: Hole, nowMillis: number, gapAfterMillis: number): boolean {
  return Math.abs(nowMillis - sinceMillis) >= gapAfterMillis;
}

function without<T extends Range>(ranges: readonly T[], sequence: bigint): T[] {
  return ranges.flatMap((range) => {
    if (sequence < range.from || sequence > range.to) return [range];
    const before = { ...range, to: sequence - 1n };
    const behind = { ...range, from: sequence + 1n };
    return [before, behind].filter(({ from, to }) => from <= to);
  });
}

function whole(value: Position | undefined): bigint | undefined {
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? BigInt(value) : undefined;
}

function rangeOf(from: Position | undefined, to: Position | undefined): Range | undefined {
  const [first, last] = [whole(from), whole(to)];
  return first === undefined || last === undefined ? undefined : { from: first, to: last };
}

function tuples(value: Position | undefined): readonly (readonly Position[])[] {
  return Array.isArray(value) ? value.filter((item) => Array.isArray(item)) : [];
}
