import type { Arrival, ArrivalCount } from '../tally/arrivals.ts';
import { painter, severityName, severityStyle } from './colour.ts';
import { type Column, renderTable } from './table.ts';
import { renderShortTime } from './time.ts';

/** Where arrivals are shown. */
export interface ArrivalLayout {
  readonly width: number | undefined;
  readonly colour: boolean;
  /** Most lines of a summary; what does not fit is counted in one. Absent: all. */
  readonly height?: number | undefined;
}

/** Less than this would leave out what matters on any small window. */
const FEWEST_KINDS = 15;
/** Lines of the screen that the heading and the sentences after the table need. */
const OTHER_LINES = 6;

const SUMMARY: readonly Column[] = [
  { title: 'COUNT', align: 'right' },
  { title: 'PRIORITY' },
  { title: 'SEVERITY' },
  { title: 'OUTCOME' },
  { title: 'EVENT' },
];

/** A table of what arrived, one line for each kind, in the order given. */
export function renderArrivalSummary(all: readonly ArrivalCount[], layout: ArrivalLayout): string {
  const room = Math.max(FEWEST_KINDS, (layout.height ?? Number.POSITIVE_INFINITY) - OTHER_LINES);
  const kinds = all.length > room ? all.slice(0, room) : all;
  const left = all.slice(kinds.length);
  const rows = kinds.map(({ count, priority, severityNumber, outcome, event }) => [
    String(count),
    priority,
    severityName(severityNumber),
    outcome,
    event === '' ? '(no event)' : event,
  ]);
  const table = renderTable(SUMMARY, rows, { width: layout.width, paint: paintBySeverity(kinds, layout) });
  if (left.length === 0) return table;
  const records = left.reduce((sum, { count }) => sum + count, 0);
  return `${table}… and ${left.length} kinds more, of lower priority, with ${records} records\n`;
}

const LINE: readonly Column[] = [
  { title: 'TIME', most: 24 },
  { title: 'SERVICE', most: 14 },
  { title: 'SEVERITY', most: 8 },
  { title: 'EVENT', most: 40 },
  { title: 'BODY' },
];

/** One line for each record that arrived. */
export function renderArrivals(arrivals: readonly Arrival[], layout: ArrivalLayout): string {
  const rows = arrivals.map(({ timeUnixNano, service, severityNumber, event, body }) => [
    renderShortTime(timeUnixNano),
    service,
    severityName(severityNumber),
    event,
    body,
  ]);
  return renderTable(LINE, rows, { width: layout.width, heading: false, paint: paintBySeverity(arrivals, layout) });
}

function paintBySeverity(rows: readonly { readonly severityNumber: number }[], { colour }: ArrivalLayout) {
  const paint = painter(colour);
  return (line: string, row: number) => {
    const style = severityStyle(rows[row]?.severityNumber ?? 0);
    return style === undefined ? line : paint(style, line);
  };
}
