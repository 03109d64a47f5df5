import type { Finding } from './finding.ts';
import type { ComparedEvent } from './log-against-table.ts';
import type { NodeSequences, SequencedRow } from './sequences.ts';

/** How rows are written: `parallel` takes the number first, so that a write that fails leaves a gap; `sequential` gives it back. */
export type WritingDevice = 'parallel' | 'sequential';

/** An error that a log tells of, and whose it was. */
export interface DeviceError {
  readonly timeMillis: number;
  readonly device: 'database' | 'hsm';
}

/** What the log of a node holds, as far as gaps need it. */
export interface GapLog {
  readonly events: readonly ComparedEvent[];
  readonly errors?: readonly DeviceError[];
}

type Gap = NodeSequences['gaps'][number];

/** An error is logged when the product gives up, which may be this long after the row beside the gap. */
const SLACK_MILLIS = 60_000;
const NAMES = { database: 'the database', hsm: 'the HSM' } as const;
const HARMLESS = 'the operation was then not carried out, and a number is missing but no row';

/**
 * What may have left each gap in the numbers of one node. A cause in the log makes a gap likely, not proven, to be harmless: it says so and
 * changes no verdict, because who deletes rows may choose such a time. Gaps without a cause are told in one finding.
 */
export function gapFindings(
  node: string,
  gaps: readonly Gap[],
  rows: readonly SequencedRow[],
  log: GapLog | undefined,
  device: WritingDevice,
): Finding[] {
  const [first] = gaps;
  if (!first) return [];
  if (device === 'sequential') {
    const why =
      'the device that writes one row at a time gives the number back when a write fails, so no failed write explains this';
    return [{ class: 'gap_suspicious', node, sequence: first.from, message: `${runs(gaps)}: ${why}` }];
  }
  const causeOf = searchLog(rows, log);
  const judged = gaps.map((gap) => ({ gap, cause: causeOf(gap) }));
  const explained = judged.flatMap(({ gap, cause }) => (typeof cause === 'string' ? [] : [explain(node, gap, cause)]));
  const left = (word: 'none' | 'unknown') => judged.flatMap(({ gap, cause }) => (cause === word ? [gap] : []));
  return [...explained, ...unexplained(node, left('none')), ...open(node, left('unknown'))];
}

function explain(node: string, { from, to }: Gap, { device, timeMillis }: DeviceError): Finding {
  const numbers = from === to ? `#${from}` : `#${from} to #${to}`;
  const time = new Date(timeMillis).toISOString();
  const message = `${numbers} may be a failed write, for the log has an error of ${NAMES[device]} at ${time}: ${HARMLESS}; it is no proof`;
  return { class: 'gap_explained', node, sequence: from, message };
}

function unexplained(node: string, gaps: readonly Gap[]): Finding[] {
  const [first] = gaps;
  if (!first) return [];
  const message = `${runs(gaps)}, and the log of that time has no error of the database or the HSM: rows may have been deleted`;
  return [{ class: 'gap_unexplained', node, sequence: first.from, message }];
}

function open(node: string, gaps: readonly Gap[]): Finding[] {
  const [first] = gaps;
  if (!first) return [];
  const message = `${runs(gaps)}: rows may have been deleted, or it may be a failed write because the database or the HSM was out of reach (${HARMLESS}); the log of that time can tell more`;
  return [{ class: 'gap_open', node, sequence: first.from, message }];
}

function runs(gaps: readonly Gap[]): string {
  return gaps.length === 1 ? 'a run of numbers is missing' : `${gaps.length} runs of numbers are missing`;
}

/** Looks for the first error between the rows beside a gap: `none` when the log covers that time without one, else `unknown`. */
function searchLog(
  rows: readonly SequencedRow[],
  log: GapLog | undefined,
): (gap: Gap) => DeviceError | 'none' | 'unknown' {
  if (!log) return () => 'unknown';
  const timeOf = timesOf(rows);
  const errors = [...(log.errors ?? [])].sort((a, b) => a.timeMillis - b.timeMillis);
  const covered = spanOf([...log.events.filter(({ incomplete }) => !incomplete), ...errors]);
  return ({ from, to }) => {
    const [before, after] = [timeOf.get(from - 1n), timeOf.get(to + 1n)];
    if (before === undefined || after === undefined) return 'unknown';
    const start = Math.min(before, after) - SLACK_MILLIS;
    const end = Math.max(before, after) + SLACK_MILLIS;
    const error = errors[firstFrom(errors, start)];
    if (error && error.timeMillis <= end) return error;
    return covered.from <= start + SLACK_MILLIS && covered.to >= end - SLACK_MILLIS ? 'none' : 'unknown';
  };
}

/** When each number was written; of a number that was used twice it cannot be said. */
function timesOf(rows: readonly SequencedRow[]): Map<bigint, number | undefined> {
  const times = new Map<bigint, number | undefined>();
  for (const { sequenceNumber, timeStamp } of rows)
    times.set(sequenceNumber, times.has(sequenceNumber) ? undefined : Number(timeStamp));
  return times;
}

function spanOf(moments: readonly { readonly timeMillis: number }[]): { from: number; to: number } {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { timeMillis } of moments) {
    from = Math.min(from, timeMillis);
    to = Math.max(to, timeMillis);
  }
  return { from, to };
}

/** First index whose time is not before; the list is in order of time. */
function firstFrom(errors: readonly DeviceError[], millis: number): number {
  let [low, high] = [0, errors.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((errors[middle]?.timeMillis ?? 0) < millis) low = middle + 1;
    else high = middle;
  }
  return low;
}
