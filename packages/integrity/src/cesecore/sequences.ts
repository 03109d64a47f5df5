/** A row as far as sequences need it. */
export interface SequencedRow {
  readonly pk: string;
  readonly nodeId: string;
  readonly sequenceNumber: bigint;
  readonly timeStamp: bigint;
}

/** What the sequence numbers of one node say. */
export interface NodeSequences {
  readonly rows: number;
  readonly min: bigint;
  readonly max: bigint;
  /** Numbers missing between the first and the last row of a lifetime; what comes before the first is none. */
  readonly gaps: readonly { readonly from: bigint; readonly to: bigint }[];
  /** Numbers that occur more than once. */
  readonly duplicates: readonly { readonly sequence: bigint; readonly pks: readonly string[] }[];
  /** Rows whose time is more than a second before that of the row before them. */
  readonly clock_steps: readonly { readonly pk: string; readonly sequence: bigint; readonly back_ms: bigint }[];
  /** First number after the numbering began anew. */
  readonly resets: readonly { readonly sequence: bigint }[];
}

/** Threads of one node may swap neighbours by some milliseconds; more than this is a clock that was set. */
const CLOCK_STEP_MILLIS = 1000n;

/** Looks at the numbers of one node's rows, in any order. */
export function checkSequences<Row extends SequencedRow>(rows: readonly Row[]): NodeSequences {
  const ordered = [...rows].sort(bySequence);
  const lifetimes = splitLifetimes(ordered);
  return {
    rows: rows.length,
    min: ordered[0]?.sequenceNumber ?? 0n,
    max: ordered.at(-1)?.sequenceNumber ?? 0n,
    gaps: lifetimes.flatMap(gapsOf),
    duplicates: duplicatesOf(ordered),
    clock_steps: lifetimes.flatMap(clockSteps),
    resets: lifetimes.slice(1).map((lifetime) => ({ sequence: lifetime[0]?.sequenceNumber ?? 0n })),
  };
}

/** Numbers of one node in order, equal ones by key. */
export function bySequence(a: SequencedRow, b: SequencedRow): number {
  if (a.sequenceNumber !== b.sequenceNumber) return a.sequenceNumber < b.sequenceNumber ? -1 : 1;
  return a.pk < b.pk ? -1 : a.pk > b.pk ? 1 : 0;
}

/**
 * A numbering that began anew: in order of time the numbers drop to one that was used before, and go on from there over used ones. A single
 * number used twice is a twin, not a new beginning.
 */
function splitLifetimes<Row extends SequencedRow>(ordered: readonly Row[]): Row[][] {
  const inTime = [...ordered].sort((a, b) =>
    a.timeStamp !== b.timeStamp ? (a.timeStamp < b.timeStamp ? -1 : 1) : bySequence(a, b),
  );
  const seen = new Set<bigint>();
  const starts: number[] = [];
  let highest = -1n;
  for (const [index, row] of inTime.entries()) {
    const number = row.sequenceNumber;
    const next = inTime[index + 1];
    const goesOn = next ? next.sequenceNumber === number + 1n && seen.has(next.sequenceNumber) : number === 0n;
    if (number < highest && seen.has(number) && (goesOn || number === 0n)) {
      starts.push(index);
      seen.clear();
      highest = number;
    }
    seen.add(number);
    if (number > highest) highest = number;
  }
  const bounds = [0, ...starts, inTime.length];
  return bounds.slice(1).map((end, index) => inTime.slice(bounds[index], end).sort(bySequence));
}

function gapsOf(lifetime: readonly SequencedRow[]): { from: bigint; to: bigint }[] {
  const gaps: { from: bigint; to: bigint }[] = [];
  for (const [index, row] of lifetime.entries()) {
    const before = lifetime[index - 1];
    if (before && row.sequenceNumber > before.sequenceNumber + 1n)
      gaps.push({ from: before.sequenceNumber + 1n, to: row.sequenceNumber - 1n });
  }
  return gaps;
}

function duplicatesOf(ordered: readonly SequencedRow[]): { sequence: bigint; pks: string[] }[] {
  const found: { sequence: bigint; pks: string[] }[] = [];
  for (const [index, row] of ordered.entries()) {
    if (ordered[index - 1]?.sequenceNumber !== row.sequenceNumber) continue;
    const last = found.at(-1);
    if (last?.sequence === row.sequenceNumber) last.pks.push(row.pk);
    else found.push({ sequence: row.sequenceNumber, pks: [ordered[index - 1]?.pk ?? '', row.pk] });
  }
  return found;
}

function clockSteps(lifetime: readonly SequencedRow[]): { pk: string; sequence: bigint; back_ms: bigint }[] {
  return lifetime.flatMap((row, index) => {
    const before = lifetime[index - 1];
    const back = before ? before.timeStamp - row.timeStamp : 0n;
    return back > CLOCK_STEP_MILLIS ? [{ pk: row.pk, sequence: row.sequenceNumber, back_ms: back }] : [];
  });
}
