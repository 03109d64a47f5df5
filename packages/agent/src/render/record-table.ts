import type { LogRecord } from '@cryptrail/mapper';
import { painter, severityName, severityStyle } from './colour.ts';
import { type Column, renderTable } from './table.ts';
import { renderShortTime } from './time.ts';

/** Who acted, the first attribute that the record has. */
const WHO = ['user.name', 'user.id', 'acra.client.id', 'client.address'];

interface RecordColumn extends Column {
  readonly textOf: (record: LogRecord) => string;
}

const time: RecordColumn = { title: 'TIME', most: 24, textOf: ({ timeUnixNano }) => renderShortTime(timeUnixNano) };
const severity: RecordColumn = { title: 'SEVERITY', most: 8, textOf: (record) => severityName(record.severityNumber) };
const event: RecordColumn = { title: 'EVENT', most: 44, textOf: eventOf };
const outcome: RecordColumn = { title: 'OUTCOME', most: 7, textOf: (record) => textAt(record, ['cryptrail.outcome']) };
const who: RecordColumn = { title: 'WHO', most: 24, textOf: (record) => textAt(record, WHO) };
const body: RecordColumn = { title: 'BODY', textOf: (record) => record.body };

/** What fits: on narrow terminals the date, then who and outcome, give way to the body. */
function columnsFor(width: number | undefined): readonly RecordColumn[] {
  if (width === undefined || width >= 150) return [time, severity, event, outcome, who, body];
  const clock = { ...time, textOf: (record: LogRecord) => renderShortTime(record.timeUnixNano).slice(11, 19) };
  if (width >= 110) return [clock, severity, { ...event, most: 40 }, outcome, { ...who, most: 14 }, body];
  return [clock, { ...severity, title: 'SEV', most: 6 }, { ...event, most: Math.floor(width / 3) }, body];
}

/** Where the table goes. */
export interface RecordTableLayout {
  readonly width: number | undefined;
  readonly colour: boolean;
}

/** Renders one page of records after the other; the heading stands over the first. */
export function createRecordTable({ width, colour }: RecordTableLayout): (records: readonly LogRecord[]) => string {
  let heading = true;
  const paint = painter(colour);
  const columns = columnsFor(width);
  return (records) => {
    const rows = records.map((record) => columns.map(({ textOf }) => textOf(record)));
    const page = renderTable(columns, rows, {
      width,
      heading,
      paint: (line, row) => {
        const style = severityStyle(records[row]?.severityNumber ?? 0);
        return style === undefined ? line : paint(style, line);
      },
    });
    heading = false;
    return page;
  };
}

function eventOf({ eventName, parseStatus }: LogRecord): string {
  if (eventName !== undefined) return eventName;
  return parseStatus === undefined || parseStatus === 'partial' ? '' : `(${parseStatus})`;
}

function textAt({ attributes }: LogRecord, names: readonly string[]): string {
  const value = names.map((name) => attributes.get(name)).find((one) => one !== undefined);
  return value === undefined ? '' : String(value);
}
