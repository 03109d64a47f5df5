import { groupBy } from '../group-by.ts';
import type { RowVerdict } from './row-protection.ts';

/** An audit event as both the log and the table have it. Texts are null when the source has none. */
export interface ComparedEvent {
  /** Milliseconds since 1970; a log may print whole seconds. */
  readonly timeMillis: number;
  readonly event: string;
  readonly status: string | null;
  readonly admin: string | null;
  readonly ids: readonly (string | null)[];
  /** The line is cut, or its time could not be read: it is not compared. */
  readonly incomplete?: boolean;
  /** Details with plain values, by key. */
  readonly details: ReadonlyMap<string, string>;
}

/** A row to be found in the log. */
export interface ComparedRow extends ComparedEvent {
  readonly pk: string;
  readonly sequence: bigint;
  readonly verdict: RowVerdict;
}

/** What one side has and the other has not. */
export interface Comparison<Line extends ComparedEvent, Row extends ComparedRow> {
  readonly logOnly: readonly Line[];
  readonly tableOnly: readonly Row[];
  /** The same event, told differently. */
  readonly differing: readonly { readonly line: Line; readonly row: Row }[];
}

/** Both devices read the clock for themselves, and one of them prints whole seconds. */
const TOLERANCE_MILLIS = 1500;

/**
 * Pairs the lines of one node's log with its rows: by event and time, then by what else they say. Rows outside the time the log covers are left
 * out. What is left over is looked at again for pairs that differ in one thing only: a row or line that was altered.
 */
export function compareLogAndTable<Line extends ComparedEvent, Row extends ComparedRow>(
  lines: readonly Line[],
  rows: readonly Row[],
): Comparison<Line, Row> {
  const covered = rows.filter((row) => within(row, lines));
  const free = groupBy(covered, ({ event }) => event);
  for (const list of free.values()) list.sort((a, b) => a.timeMillis - b.timeMillis);
  let left = pair(lines, free, (line, row) => differences(line, row) === 0 && detailsAgree(line, row)).unpaired;
  left = pair(
    left,
    free,
    (line, row) => differences(line, row) === 0 && row.verdict === 'ok' && sameMessage(line, row),
  ).unpaired;
  const altered = pair(left, free, isAltered);
  return {
    logOnly: altered.unpaired,
    tableOnly: [...free.values()].flat().sort((a, b) => (a.sequence < b.sequence ? -1 : 1)),
    differing: altered.pairs,
  };
}

function within(row: ComparedEvent, lines: readonly ComparedEvent[]): boolean {
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first || !last) return false;
  return row.timeMillis >= first.timeMillis - TOLERANCE_MILLIS && row.timeMillis <= last.timeMillis + TOLERANCE_MILLIS;
}

/** Takes for each line the nearest free row in time that fits. */
function pair<Line extends ComparedEvent, Row extends ComparedRow>(
  lines: readonly Line[],
  free: Map<string, Row[]>,
  fits: (line: Line, row: Row) => boolean,
): { pairs: { line: Line; row: Row }[]; unpaired: Line[] } {
  const pairs: { line: Line; row: Row }[] = [];
  const unpaired: Line[] = [];
  for (const line of lines) {
    const candidates = free.get(line.event) ?? [];
    let best = -1;
    let distance = Number.POSITIVE_INFINITY;
    for (let index = firstFrom(candidates, line.timeMillis - TOLERANCE_MILLIS); index < candidates.length; index += 1) {
      const row = candidates[index];
      if (!row || row.timeMillis > line.timeMillis + TOLERANCE_MILLIS) break;
      const away = Math.abs(row.timeMillis - line.timeMillis);
      if (away < distance && fits(line, row)) {
        best = index;
        distance = away;
      }
    }
    const [row] = best === -1 ? [] : candidates.splice(best, 1);
    if (row) pairs.push({ line, row });
    else unpaired.push(line);
  }
  return { pairs, unpaired };
}

/** First index whose time is not before; the list is in order of time. */
function firstFrom(rows: readonly ComparedEvent[], millis: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.timeMillis ?? 0) < millis) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of status, administrator and ids differ. */
function differences(line: ComparedEvent, row: ComparedEvent): number {
  const pairs: [string | null | undefined, string | null | undefined][] = [
    [line.status, row.status],
    [line.admin, row.admin],
    ...line.ids.map((id, index): [string | null, string | null | undefined] => [id, row.ids[index]]),
  ];
  return pairs.filter(([a, b]) => (a ?? '') !== (b ?? '')).length;
}

function detailsAgree(line: ComparedEvent, row: ComparedEvent): boolean {
  for (const [key, value] of line.details) {
    const other = row.details.get(key);
    if (other !== undefined && other !== value) return false;
  }
  return true;
}

function sameMessage(line: ComparedEvent, row: ComparedEvent): boolean {
  return (line.details.get('msg') ?? '') === (row.details.get('msg') ?? '');
}

/** Only a row whose protection does not fit, or has none, can have been altered; it differs from its line in one thing. */
function isAltered(line: ComparedEvent, row: ComparedRow): boolean {
  if (row.verdict === 'ok') return false;
  const different = differences(line, row);
  return different === 0 || (different === 1 && detailsAgree(line, row));
}
