import { products } from '@cryptrail/catalogue';
import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../test/support/cpu-millis.ts';
import { createPipeline, type LogRecord } from '../src/index.ts';

/** More than any product writes, fewer than a line may hold. */
const MANY = 30_000;

function convert(text: string): LogRecord[] {
  const reader = createPipeline({ products, original: true, now: () => 1n }).open();
  return [...reader.push(new TextEncoder().encode(text)), ...reader.end()];
}

const numbers = Array.from({ length: MANY }, (_, number) => number);
const pairs = (join: string, pair: (number: number) => string) => numbers.map(pair).join(join);
const xml = (entries: string) =>
  `<java class="java.beans.XMLDecoder"><object class="java.util.HashMap">${entries}</object></java>`;
const rowJson = (extra: string) =>
  `{"pk":"p","nodeId":"n","sequenceNumber":1,"timeStamp":1792875206512,"eventType":"CA_CREATION","eventStatus":"SUCCESS"${extra}}`;
const columns = ['pk', 'nodeId', 'sequenceNumber', 'timeStamp', 'eventType'];
const cells = ['p', 'n', '1', '1792875206512', 'CA_CREATION'];

const RECORDS: readonly (readonly [format: string, line: string])[] = [
  [
    'JSON',
    `{"level":"info","product":"acra-server","unixTime":"1726560000.950","timestamp":"x",${pairs(',', (n) => `"k${n}":${n}`)}}`,
  ],
  ['CEF', `CEF:0|cossacklabs|acra-server|0.96.0|587|m|1|unixTime=1726560000.950 ${pairs(' ', (n) => `k${n}=${n}`)} `],
  ['logfmt', `time="2024-09-17T08:00:00Z" level=info msg=m ${pairs(' ', (n) => `k${n}=${n}`)}`],
  ['a terminal', `INFO[0001] m ${pairs(' ', (n) => `k${n}=${n}`)}`],
  ['semicolons', `2026-10-24 22:53:26+02:00;CA_CREATION;SUCCESS;CA;CORE;a;1;;;${pairs(';', (n) => `k${n}=${n}`)}`],
  [
    'labels',
    `EVENT: KEYGEN; OUTCOME: SUCCESS; MODULE: KEY_MANAGEMENT; ADMINISTRATOR: a; ISSUER: null; SERIAL_NUMBER: null; WORKER_ID: 1; ${pairs('; ', (n) => `k${n}: ${n}`)}; REPLY_TIME:1793595665129`,
  ],
  [
    'a listing',
    `2026-10-24 22:53:26+0200, KEYGEN, SUCCESS, KEY_MANAGEMENT, a, b, 1, 2, node, {${pairs(', ', (n) => `k${n}=${n}`)}}`,
  ],
  [
    'XML',
    rowJson(
      `,"additionalDetails":${JSON.stringify(xml(pairs('', (n) => `<void method="put"><string>k${n}</string><int>1</int></void>`)))}`,
    ),
  ],
  ['a row as JSON', rowJson(`,${pairs(',', (n) => `"k${n}":${n}`)}`)],
  ['a row as CSV', `${[...columns, 'x'].join(',')}\n${[...cells, ...numbers].join(',')}\n`],
  ['a row of COPY', `COPY public.t (${columns.join(', ')}) FROM stdin;\n${[...cells, ...numbers].join('\t')}\n\\.\n`],
  [
    'a row of INSERT',
    `INSERT INTO t (${columns.join(', ')}) VALUES ('p','n',1,1792875206512,'CA_CREATION',${numbers.join(',')});\n`,
  ],
  [
    'a row of psql',
    `-[ RECORD 1 ]-\n${columns.map((name, at) => `${name} | ${cells[at]}`).join('\n')}\n${pairs('\n', (n) => `k${n} | ${n}`)}\n`,
  ],
];

describe('records with more fields than a product writes', () => {
  it.each(RECORDS)('F05 are read as %s, as far as fields are kept, and say that they were cut', (_, line) => {
    const [record, ...more] = convert(line);
    expect(more).toEqual([]);
    expect(record?.parseStatus).toBe('truncated');
    expect(record?.product === 'acra' || record?.eventName !== undefined).toBe(true);
    const details = [...(record?.attributes.keys() ?? [])].filter((name) => name.includes('.details.'));
    expect(details.length).toBe(64);
  });

  it('F05 with values of many lines are read in time that grows with their length', () => {
    const millis = cpuMillis(() => {
      const text = `-[ RECORD 1 ]-\n${columns.map((name, at) => `${name} | ${cells[at]}`).join('\n')}\nadditionalDetails | a+\n${' | b+\n'.repeat(300_000)} | c\n`;
      expect(convert(text)[0]?.eventName).toBe('cesecore.ca_creation');
    });
    expect(millis).toBeLessThan(3_000);
  });
});
