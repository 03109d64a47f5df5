import type { LogRecord } from '@cryptrail/mapper';
import { painter, severityName, severityStyle } from './colour.ts';
import { type Column, renderTable } from './table.ts';
import { renderShortTime } from './time.ts';

/** Who acted, the first attribute that the record has. */
const WHO = ['user.name', 'user.id', 'acra.client.id', 'client.address'];

const COLUMNS: readonly Column[] = [
  { title: 'TIME', most: 24 },
  { title: 'SEVERITY', most: 8 },
  { title: 'EVENT', most: 44 },
  { title: 'OUTCOME', most: 7 },
  { title: 'WHO', most: 24 },
  { title: 'BODY' },
];

/** On narrow terminals the names give way to the body. */
const NARROW_COLUMNS = COLUMNS.map((column) =>
  column.title === 'EVENT' ? { ...column, most: 28 } : column.title === 'WHO' ? { ...column, most: 10 } : column,
);

/** Where the table goes. */
export interface RecordTableLayout {
  readonly width: number | undefined;
  readonly colour: boolean;
}

/** Renders one page of records after the other; the heading stands over the first. */
export function createRecordTable({ width, colour }: RecordTableLayout): (records: readonly LogRecord[]) => string {
  let heading = true;
  const paint = painter(colour);
  const columns = width !== undefined && width < 140 ? NARROW_COLUMNS : COLUMNS;
  return (records) => {
    const page = renderTable(columns, records.map(cellsOf), {
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

function cellsOf({ timeUnixNano, severityNumber, eventName, parseStatus, attributes, body }: LogRecord): string[] {
  const who = WHO.map((name) => attributes.get(name)).find((value) => value !== undefined);
  return [
    renderShortTime(timeUnixNano),
    severityName(severityNumber),
    eventName ?? (parseStatus === undefined || parseStatus === 'partial' ? '' : `(${parseStatus})`),
    String(attributes.get('cryptrail.outcome') ?? ''),
    String(who ?? ''),
    body,
  ];
}
