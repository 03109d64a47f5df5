import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Flat, fromCollector } from './support/compare.ts';
import { byKey, mappedRows, withFileOfRows } from './support/row-compare.ts';
import { findCollector, runCollector } from './support/run-collector.ts';

const binary = findCollector() ?? '';
const folder = mkdtempSync(join(tmpdir(), 'cryptrail-rows-'));
const PACK = 'packages/collector/packs/cesecore-sql.yaml';
const SECRET = 'Tr0ub4dor';

/** Details as java.beans.XMLEncoder writes them. */
function details(...entries: readonly (readonly [string, string])[]): string {
  const puts = entries.map(
    ([key, value]) => `  <void method="put">\n   <string>${key}</string>\n   ${value}\n  </void>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<java version="17.0.15" class="java.beans.XMLDecoder">\n <object class="java.util.LinkedHashMap">\n${puts.join('')} </object>\n</java>\n`;
}

const text = (value: string) => `<string>${value}</string>`;

const ROW = {
  nodeId: 'ca-1',
  rowVersion: 0,
  authToken: 'CN=Ada, O=Example; Ltd',
  customId: '1234',
  eventStatus: 'SUCCESS',
  eventType: 'CERT_STORED',
  module: 'CERTIFICATE',
  service: 'CORE',
  searchDetail1: '4fa1',
  searchDetail2: 'dev-1',
  rowProtection: '1:1:401:aabb',
};
const ROWS = [
  { pk: 'a1', details: details(['msg', text('Stored &lt;one&gt; &amp; "two" C:\\new\\table\nand more')]) },
  { pk: 'a2', details: details(['subject', text('B64:R3LDvMOfZQ==')], ['count', '<int>7</int>'], ['none', '<null/>']) },
  {
    pk: 'a3',
    details: details(['keystorepassword', text(SECRET)], ['msg', text(`pin=${SECRET}`)]),
    eventType: 'CRYPTOTOKEN_EDIT',
  },
  { pk: 'a4', details: null, eventStatus: 'FAILURE', searchDetail1: null },
  { pk: 'a5', details: details(['x', text('y')]), eventType: 'SOMETHING_NEW' },
].map(({ details: additionalDetails, ...own }, index) => ({
  ...ROW,
  ...own,
  additionalDetails,
  sequenceNumber: index,
  timeStamp: 1_792_875_206_512 + index,
}));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(binary === '')('the pack of rows', () => {
  it('makes of rows what the mapper makes of them', async () => {
    const lines = ROWS.map((row) => JSON.stringify(row)).join('\n');
    const got = await collect('alike', ROWS);
    const wanted = mappedRows(`${lines}\n`, 'cesecore');
    expect(wanted.size).toBe(ROWS.length);
    for (const [key, record] of wanted) expect(partsOf(got.get(key)), key).toEqual(partsOf(record));
  });

  it('lets no secret out of details', async () => {
    expect(JSON.stringify([...(await collect('secrets', ROWS)).values()].map(partsOf))).not.toContain(SECRET);
  });

  it('keeps dates as they are stored, and says that objects within details could not be read', async () => {
    const date = '<object class="java.util.Date">\n    <long>1792880337000</long>\n   </object>';
    const list = '<object class="java.util.ArrayList">\n    <void method="add"><string>x</string></void>\n   </object>';
    const rows = [
      { ...ROWS[0], pk: 'b1', additionalDetails: details(['notbefore', date]) },
      { ...ROWS[0], pk: 'b2', additionalDetails: details(['list', list]) },
    ];
    const got = await collect('objects', rows);
    expect(partsOf(got.get('string b1'))).toMatchObject({ '@cesecore.details.notbefore': 'string 1792880337000' });
    expect(partsOf(got.get('string b2'))).toMatchObject({ '@cryptrail.parse.status': 'string partial' });
  });
});

/** What the pack makes of rows whose values come as texts, as they do out of the database. */
async function collect(name: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<Map<string, Flat>> {
  const home = mkdtempSync(join(folder, name));
  const texts = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === null ? '' : String(value)])),
  );
  writeFileSync(join(home, 'rows.jsonl'), `${texts.map((row) => JSON.stringify(row)).join('\n')}\n`);
  const { logs, stderr } = await runCollector({
    binary,
    configs: [withFileOfRows(PACK, 'cesecore', home)],
    pipelines: ['logs/cesecore_sql'],
    folder: home,
    env: { CRYPTRAIL_STATE: join(home, 'state') },
    expected: rows.length,
  });
  expect(stderr).toBe('');
  return byKey(fromCollector(logs));
}

/** The parts of a record but for its place in a file, which rows of a database have not. */
function partsOf(record: Flat | undefined): Record<string, string> {
  return Object.fromEntries([...(record?.parts ?? [])].filter(([part]) => !part.startsWith('@log.file.')).sort());
}
