import { type Product, products } from '@cryptrail/catalogue';
import { describe, expect, it } from 'vitest';
import { findControls } from './controls.ts';

const MADE_UP = {
  formats: [],
  recognition: [
    {
      codeField: 'code',
      conditions: [
        { field: 'kind', equals: 'a' },
        { field: 'there', present: true },
      ],
    },
  ],
  applications: { one: { value: 'one', conditions: [{ field: 'app', in: 'details', startsWith: 'x' }] } },
  outcomes: {
    all: [{ outcome: 'failure', conditions: [{ field: 'ok', equals: false }], errorType: { field: 'why' } }],
  },
  events: new Map([['e', { when: { conditions: [{ field: 'size', from: 5 }] } }]]),
  fields: [
    { fields: ['host'], to: 'resource', attribute: 'host.name' },
    { fields: ['id'], attribute: 'x.id', absent: ['<nil>'] },
    { fields: ['old'], attribute: 'x.old', secretWhenNamedBy: 'setting' },
    { fields: ['free'], attribute: 'x.free' },
  ],
  severities: { words: { field: 'level', words: {} } },
} as unknown as Product;

const find = findControls(MADE_UP, { decoder: 'json', severity: 'words', time: [], claims: [] } as never);

describe('findControls', () => {
  it.each(['code', 'host', 'setting', 'level', 'why'])('takes the text of %s for what counts', (field) => {
    expect(find('fields', field)?.identity).toBe(true);
  });

  it('asks conditions of values, in their space', () => {
    const kind = find('fields', 'kind');
    expect(kind?.identity).toBe(false);
    expect(
      kind?.tests.map((test) => [test({ kind: 'string', text: 'a' }), test({ kind: 'string', text: 'b' })]),
    ).toEqual([[true, false]]);
    expect(find('details', 'app')?.tests).toHaveLength(1);
    expect(find('fields', 'app')).toBeUndefined();
    expect(find('fields', 'ok')?.tests).toHaveLength(1);
    expect(find('fields', 'size')?.tests[0]?.({ kind: 'int', text: '5' })).toBe(true);
  });

  it('asks for the words that stand for no value', () => {
    const [test] = find('fields', 'id')?.tests ?? [];
    expect(test?.({ kind: 'text', text: ' <nil> ' })).toBe(true);
    expect(test?.({ kind: 'text', text: 'x' })).toBe(false);
  });

  it('leaves free values and mere presence alone', () => {
    expect(find('fields', 'free')).toBeUndefined();
    expect(find('fields', 'there')).toBeUndefined();
  });

  it('finds the code and the level of every product', () => {
    for (const product of products)
      for (const format of product.formats) {
        const own = findControls(product, format);
        const severity = product.severities[format.severity];
        if (severity) expect(own(severity.in ?? 'fields', severity.field)?.identity).toBe(true);
        for (const { codeField } of product.recognition)
          if (codeField !== undefined) expect(own('fields', codeField)?.identity).toBe(true);
      }
  });
});
