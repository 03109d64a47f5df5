import type { TableVerdict } from '@cryptrail/integrity';
import { describe, expect, it } from 'vitest';
import { renderTableVerdict, tableVerdictJson } from './table-verdict.ts';

const VERDICT: TableVerdict = {
  ok: false,
  rows: 4,
  protection: { ok: 2, bad: 1, unprotected: 1, unknown_key: 0, algorithm_mismatch: 0, malformed: 0 },
  bad_rows: [
    { pk: 'p1', node: 'n', sequence: 1n, verdict: 'bad' },
    { pk: 'p2', node: 'n', sequence: 2n, verdict: 'unprotected' },
  ],
  nodes: {
    n: {
      rows: 4,
      min: 0n,
      max: 2n ** 60n,
      gaps: [
        { from: 3n, to: 3n },
        { from: 5n, to: 8n },
      ],
      duplicates: [{ sequence: 1n, pks: ['p1', 'p9'] }],
      clock_steps: [],
      resets: [],
    },
  },
  log_only: [{ node: 'n', time: '2024-01-01T00:00:00.000Z', event: 'CERT_REVOKED' }],
  table_only: [{ node: 'n', sequence: 9n, pk: 'p9' }],
  findings: [{ class: 'twin_node', node: 'n', sequence: 1n, message: 'twin' }],
  official: [],
};

describe('tableVerdictJson', () => {
  it('writes whole numbers as numbers, and as text where a reader of JSON would round them', () => {
    const read = JSON.parse(tableVerdictJson(VERDICT));
    expect(read.nodes.n).toMatchObject({
      min: 0,
      max: String(2n ** 60n),
      gaps: [
        { from: 3, to: 3 },
        { from: 5, to: 8 },
      ],
    });
    expect(read.bad_rows[0]).toEqual({ pk: 'p1', node: 'n', sequence: 1, verdict: 'bad' });
  });
});

describe('renderTableVerdict', () => {
  it('lets nothing out of a row act on the terminal', () => {
    const log = [{ node: 'n\u001b[2J', time: '', event: '\u202eX' }];
    expect(renderTableVerdict({ ...VERDICT, log_only: log }, 1)).toContain('n\\e[2J  \\u202eX');
    expect(tableVerdictJson({ ...VERDICT, log_only: log })).toContain('\\u202eX');
  });

  it('D14 says what signatures cannot prove', () => {
    const text = renderTableVerdict({ ...VERDICT, ok: true }, 1);
    expect(text).toMatch(/^WHOLE as far as it can be told: 4 rows\./);
    expect(text).toContain('They cannot prove that none is missing');
  });

  it('D16 names node and range of each gap', () => {
    const text = renderTableVerdict(VERDICT, 1);
    expect(text).toMatch(/^NOT WHOLE/);
    expect(text).toContain('  n #3\n  n #5 to #8');
    expect(text).toContain('1 number used twice');
    expect(text).toContain('  n #1 p1: bad');
    expect(text).toContain('n 2024-01-01T00:00:00.000Z CERT_REVOKED');
    expect(text).toContain('  n #9 p9');
    expect(text).toContain('n #1: twin');
  });
});
