import { products } from '@cryptrail/catalogue';
import { describe, expect, it } from 'vitest';
import { createPipeline } from '../src/index.ts';

function convert(text: string) {
  const reader = createPipeline({ products, original: true, now: () => 1n }).open({
    name: 'dump.sql',
    path: 'dump.sql',
  });
  const records = [...reader.push(new TextEncoder().encode(text)), ...reader.end()];
  return { records, counts: reader.counts };
}

describe('rows of tables', () => {
  it('F04 lets no value of a table that is not known leave, whatever its columns are called', () => {
    const { records, counts } = convert(
      "INSERT INTO public.userdata (username, clearpassword, status) VALUES ('anna', 'planted-secret', 40);\n",
    );
    expect(counts).toMatchObject({ records: 1, foreign: 1 });
    expect(
      JSON.stringify(records, (_, value) =>
        value instanceof Map ? [...value] : typeof value === 'bigint' ? String(value) : value,
      ),
    ).not.toContain('planted-secret');
    expect(records[0]?.body).toBe(
      'A row of a table that is not known, with 3 columns: username, clearpassword, status',
    );
  });

  it('D41 reads the rows of AuditRecordData between those of other tables, and numbers them all', () => {
    const row =
      "'p1', NULL, 'CLI user', NULL, 'SUCCESS', 'CA_CREATION', 'CA', 'node', NULL, 0, NULL, NULL, 7, 'CORE', 1792875206512";
    const columns =
      'pk, additionalDetails, authToken, customId, eventStatus, eventType, module, nodeId, rowProtection, rowVersion, searchDetail1, searchDetail2, sequenceNumber, service, timeStamp';
    const { records } = convert(
      `INSERT INTO x (a) VALUES (1);\nINSERT INTO AuditRecordData (${columns}) VALUES (${row});\n`,
    );
    expect(records.map(({ eventName, attributes }) => [eventName, attributes.get('log.file.record_number')])).toEqual([
      [undefined, 1],
      ['cesecore.ca_creation', 2],
    ]);
  });

  it('D41 reads the rows that a database gives one by one, NULL and numbers beyond 2^53 kept', () => {
    const reader = createPipeline({ products, original: true, now: () => 1n }).open();
    const row = {
      pk: 'p1',
      eventtype: 'CA_CREATION',
      eventstatus: 'SUCCESS',
      nodeid: 'node1',
      customid: null,
      sequencenumber: '9007199254740993',
      timestamp: '1792875206512',
      module: 'CA',
      service: 'CORE',
      authtoken: 'CLI user',
    };
    const records = reader.pushRow(Object.keys(row), Object.values(row));
    expect(records).toMatchObject([{ eventName: 'cesecore.ca_creation', timeUnixNano: 1792875206512000000n }]);
    expect(records[0]?.attributes.get('cesecore.sequence_number')).toBe(9007199254740993n);
    expect(records[0]?.attributes.has('log.file.record_number')).toBe(false);
    const copy = createPipeline({ products, original: true, now: () => 1n }).open();
    const text = new TextEncoder().encode(`${JSON.stringify(row)}\n`);
    expect([...copy.push(text), ...copy.end()]).toEqual(records);
    expect(reader.counts).toMatchObject({ records: 1, events: 1 });
  });
});
