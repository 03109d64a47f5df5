import type { RowFormat } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../records.ts';
import { decodeRow } from './row.ts';

const RULE: RowFormat = {
  id: 'row',
  decoder: 'row',
  columns: ['pk', 'nodeId', 'authToken', 'service', 'details'],
  requires: ['pk', 'nodeId'],
  positional: {
    columns: ['pk', 'nodeId', 'authToken', 'service', 'details'],
    absent: ['null'],
    open: ['authToken', 'details'],
    shapes: { service: 'upper_name' },
  },
  details: { column: 'details', form: 'java_xml', encodedPrefix: 'B64:' },
  time: [],
  severity: 'none',
};

const text = (value: string): FieldValue => ({ kind: 'text', text: value });
const row = (cells: Record<string, string>) =>
  new Map(Object.entries(cells).map(([name, value]) => [name, text(value)]));
const numbered = (...cells: string[]) => new Map(cells.map((value, index) => [`column_${index + 1}`, text(value)]));
const fields = (decoded: ReturnType<typeof decodeRow>) =>
  decoded && Object.fromEntries([...decoded.fields].map(([name, { text: value }]) => [name, value]));

const put = (key: string, value: string) => `<void method="put"><string>${key}</string>${value}</void>`;
const XML = `<java class="java.beans.XMLDecoder"><object class="java.util.HashMap">${put('msg', '<string>B64:w6XDpMO2</string>')}${put('n', '<int>7</int>')}${put('at', '<object class="java.util.Date"><long>0</long></object>')}${put('p', '<object class="java.util.Properties"></object>')}${put('x', '<null/>')}</object></java>`;

describe('decodeRow', () => {
  it('D41 matches column names in any case, with or without underscores', () => {
    expect(fields(decodeRow(row({ PK: 'a', node_id: 'n', AUTHTOKEN: 'x', other: 'y' }), RULE))).toEqual({
      pk: 'a',
      nodeId: 'n',
      authToken: 'x',
      other: 'y',
    });
  });

  it('is no row of this table when a required column is missing', () => {
    expect(decodeRow(row({ pk: 'a' }), RULE)).toBeUndefined();
  });

  it('D59 reads the details with their types, coded texts decoded', () => {
    const decoded = decodeRow(row({ pk: 'a', nodeId: 'n', details: XML }), RULE);
    expect(Object.fromEntries(decoded?.details ?? [])).toEqual({
      msg: { kind: 'string', text: 'åäö' },
      n: { kind: 'int', text: '7' },
      at: { kind: 'string', text: '1970-01-01T00:00:00.000Z' },
      p: { kind: 'object', text: '{}' },
      x: { kind: 'null', text: '' },
    });
  });

  it('keeps a row whose details are refused, and says so without their text', () => {
    const decoded = decodeRow(row({ pk: 'a', nodeId: 'n', details: '<!DOCTYPE SECRET>' }), RULE);
    expect(decoded?.fields.size).toBe(3);
    expect(decoded?.issues).toMatchObject([{ code: 'unreadable_details' }]);
    expect(JSON.stringify(decoded?.issues)).not.toContain('SECRET');
  });

  it('names the cells of an export without a header', () => {
    expect(fields(decodeRow(numbered('a', 'n', 'null', 'CORE', ''), RULE))).toEqual({
      pk: 'a',
      nodeId: 'n',
      authToken: '',
      service: 'CORE',
      details: '',
    });
  });

  it('finds the column that held the separator by the shape of its neighbours', () => {
    expect(fields(decodeRow(numbered('a', 'n', 'CN=tab', 'here', 'CORE', ''), RULE))).toMatchObject({
      authToken: 'CN=tab\there',
      service: 'CORE',
    });
  });

  it('never throws on any cells', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 16 }), (cells) => void decodeRow(numbered(...cells), RULE)),
    );
  });
});
