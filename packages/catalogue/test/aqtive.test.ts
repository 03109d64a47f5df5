/** The tables of AQtive Guard against what the vendor's logging page lists. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRODUCTS, readTables } from '../scripts/tables.ts';

const { product, events, fields } = readTables('aqtive');

const ACTIONS = [
  'access',
  'api_request',
  'create',
  'export_jira',
  'login_attempt',
  'remove',
  'setting_change',
  'update',
];

/** Every field of the page, in its order. */
const FIELDS = [
  ...['id', 'created_at', 'hostname', 'level', 'log_type', 'pid', 'request_id', 'user_id', 'user_name', 'stacktrace'],
  ...['action', 'access_granted', 'access_denied_reason', 'client_ip', 'forwarded_for_client_ip', 'element'],
  ...['element_id', 'setting', 'old_value', 'new_value', 'api_key', 'method', 'path', 'status_code', 'memory_mb'],
  ...['module', 'message', 'computer_group', 'endpoint_id', 'target', 'error'],
];

/** Names that users read and write: of fields, events, codes, attributes and settings. */
function names(): string[] {
  const configuration = JSON.parse(readFileSync(join(PRODUCTS, 'aqtive/configuration.json'), 'utf8'));
  return [
    ...fields.flatMap((rule) => [...rule.fields, rule.attribute ?? '', rule.rest ?? '', ...(rule.also ?? [])]),
    ...Object.entries(events).flatMap(([name, { code = '', attributes }]) => [
      name,
      code,
      ...attributes.map((a) => a.name),
    ]),
    ...configuration.keys.map(({ key }: { key: string }) => key),
  ];
}

describe('the tables of AQtive Guard', () => {
  it('E01 hold names in printable ASCII only, without blanks', () => {
    expect(names().filter((name) => !/^[\x21-\x7e]*$/.test(name))).toEqual([]);
  });

  it('have a rule for every field of the page, and for none besides', () => {
    expect(fields.flatMap((rule) => rule.fields).sort()).toEqual([...FIELDS].sort());
  });

  it('describe every field, and say which types they take it in unless all', () => {
    expect(fields.filter(({ description, requirement }) => !description || !requirement)).toEqual([]);
    const untyped = fields.filter(({ accepts }) => !accepts).flatMap((rule) => rule.fields);
    expect(untyped).toEqual(['old_value', 'new_value']);
  });

  it('have an event for each of the eight actions', () => {
    const codes = Object.values(events).flatMap(({ code }) => code ?? []);
    expect(codes.sort()).toEqual(ACTIONS);
    for (const action of ACTIONS) expect(events[`aqtive.audit.${action}`]?.code).toBe(action);
  });

  it('tell why audit events matter, what to look at and what to change', () => {
    const thin = Object.entries(events).filter(([, { why, triage, remediation }]) => !why || !triage || !remediation);
    expect(thin.map(([name]) => name)).toEqual([]);
  });

  it('name in each event only attributes that its fields can give', () => {
    const given = new Set([
      'error.type',
      'exception.type',
      ...fields.flatMap(({ attribute, rest, full, port, also }) => [attribute, rest, full, port, ...(also ?? [])]),
    ]);
    const strange = Object.values(events).flatMap(({ attributes }) =>
      attributes.filter(({ name }) => !given.has(name)),
    );
    expect(strange).toEqual([]);
  });

  it('say where each event stands on the page', () => {
    for (const { source, listedGroups } of Object.values(events)) {
      expect(source).toContain('AQtive Guard documentation');
      for (const group of listedGroups ?? []) expect(source).toContain(group);
    }
  });

  it('report the six required fields', () => {
    const [format] = product.formats;
    expect(format?.required).toEqual(FIELDS.slice(0, 6));
  });
});
