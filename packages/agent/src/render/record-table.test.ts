import type { LogRecord } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { createRecordTable } from './record-table.ts';
import { widthOf } from './width.ts';

const RECORD: LogRecord = {
  timeUnixNano: 1_715_502_615_123_000_000n,
  observedTimeUnixNano: 1n,
  severityNumber: 17,
  eventName: 'acra.translator.zone_id_and_additional_data_not_supported',
  body: 'A body of some length that says what happened in words, and goes on for quite a while after that',
  attributes: new Map([
    ['cryptrail.outcome', 'failure'],
    ['user.name', 'mira'],
  ]),
  resource: { attributes: new Map() },
  issues: [],
};
const FOREIGN: LogRecord = {
  ...RECORD,
  timeUnixNano: 0n,
  severityNumber: 0,
  body: 'x',
  parseStatus: 'foreign',
  attributes: new Map(),
};

describe('createRecordTable', () => {
  it.each([40, 80, 120, 200])('fits a terminal of %i columns and leaves room for the body', (width) => {
    const table = createRecordTable({ width, colour: false })([RECORD, FOREIGN]);
    for (const line of table.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
    expect(table).toContain('A body');
  });

  it('cuts no body where there is no terminal', () => {
    const table = createRecordTable({ width: undefined, colour: false })([RECORD]);
    expect(table).toContain(RECORD.body);
    expect(table).toContain('2024-05-12 08:30:15.123Z  ERROR');
    expect(table).toContain('failure  mira');
  });

  it('says why a record without event has none, and puts the heading over the first page only', () => {
    const { eventName: _, ...rest } = FOREIGN;
    const render = createRecordTable({ width: undefined, colour: false });
    expect(render([rest])).toMatch(/^TIME.*\n.*\(foreign\)/);
    expect(render([rest])).not.toContain('TIME');
  });

  it('colours by severity, on the whole line', () => {
    const [, line = ''] = createRecordTable({ width: 80, colour: true })([RECORD]).split('\n');
    expect(line.startsWith('\u001b[31m') && line.endsWith('\u001b[39m')).toBe(true);
  });
});
