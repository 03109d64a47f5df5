import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeHash } from '../../test/node-hash.ts';
import { compared, HMAC_KEY, keyPair, lineOf, protect, protectedRows, row, signRow } from '../../test/sign-rows.ts';
import type { ComparedEvent } from './log-against-table.ts';
import type { AuditRow } from './row.ts';
import type { ProtectionKey, ProtectionKeys } from './row-protection.ts';
import { createTableVerifier, type TableVerdict } from './table.ts';

const RSA = keyPair('rsa');
const KEYS = new Map<string, ProtectionKey>([
  ['400', { type: 'hmac', key: HMAC_KEY }],
  ['401', RSA.public],
]);
const ROWS = protectedRows(12);

interface Given {
  readonly keys?: ProtectionKeys;
  readonly log?: readonly ComparedEvent[];
  readonly remembered?: ReadonlyMap<string, bigint>;
}

function verify(rows: readonly AuditRow[], { keys = KEYS, log, remembered = new Map() }: Given = {}): TableVerdict {
  const verifier = createTableVerifier(keys, nodeHash);
  for (const one of rows) verifier.add(compared(one));
  return verifier.end(log ? [{ node: 'n', events: log }] : [], remembered);
}

const replaced = (at: number, change: (one: AuditRow) => AuditRow, rows = ROWS) =>
  rows.map((one, index) => (index === at ? change(one) : one));
const without = (...gone: readonly number[]) => ROWS.filter((_, index) => !gone.includes(index));
const classes = ({ findings }: TableVerdict) => findings.map(({ class: kind }) => kind);
const bad = ({ bad_rows: rows }: TableVerdict) => rows.map(({ sequence, verdict }) => `${sequence} ${verdict}`);

describe('createTableVerifier', () => {
  it('F08 finds nothing in untouched rows and their log', () => {
    const verdict = verify(ROWS, { log: ROWS.map(lineOf), remembered: new Map([['n', 11n]]) });
    expect(verdict).toMatchObject({ ok: true, rows: 12, bad_rows: [], findings: [], official: [] });
    expect(verdict).toMatchObject({ log_only: [], table_only: [] });
    expect(verdict.protection).toEqual({
      ok: 12,
      bad: 0,
      unprotected: 0,
      unknown_key: 0,
      algorithm_mismatch: 0,
      malformed: 0,
    });
  });

  it('D14 says not whole when a row is gone, though every signature left is good', () => {
    const verdict = verify(without(5));
    expect(verdict.protection.ok).toBe(11);
    expect(verdict).toMatchObject({ ok: false, bad_rows: [], nodes: { n: { gaps: [{ from: 5n, to: 5n }] } } });
  });

  it('D15 judges several nodes in one run, each by its own numbers', () => {
    const others = Array.from({ length: 3 }, (_, index) => protect(row(index + 100, { nodeId: 'm' })));
    const verdict = verify([...without(5), ...others]);
    expect(Object.keys(verdict.nodes)).toEqual(['m', 'n']);
    expect(verdict.official.map(({ node, first, second }) => `${node} ${first} ${second}`)).toEqual([
      'm -1 100',
      'n 4 6',
    ]);
  });

  it('D65 finds a missing and a repeated number under the node that they are of, and under no other', () => {
    const other = [0, 1, 2, 3].map((number) => protect(row(number, { nodeId: 'm' })));
    const twin = protect(row(2, { nodeId: 'm', pk: 'twin' }));
    const { nodes } = verify([...without(2), ...other, twin]);
    expect(nodes.n).toMatchObject({ gaps: [{ from: 2n, to: 2n }], duplicates: [] });
    expect(nodes.m).toMatchObject({ gaps: [], duplicates: [{ sequence: 2n, pks: ['pk-m-2', 'twin'] }] });
  });

  it('D20 sees no gap between two node ids of one host', () => {
    const second = Array.from({ length: 4 }, (_, index) => protect(row(index, { nodeId: 'host-2' })));
    expect(verify([...ROWS, ...second])).toMatchObject({ ok: true, findings: [], official: [] });
  });

  it('D18 names both rows when two servers write under one node id', () => {
    const twin = protect(row(5, { pk: 'twin', authToken: 'CN=Other' }));
    const verdict = verify([...ROWS, twin]);
    expect(verdict.nodes.n?.duplicates).toEqual([{ sequence: 5n, pks: ['pk-n-5', 'twin'] }]);
    expect(verdict).toMatchObject({ ok: false, findings: [{ class: 'twin_node', node: 'n', sequence: 5n }] });
  });

  it('finds a protection that was removed beside rows that have theirs', () => {
    const verdict = verify(replaced(5, (one) => ({ ...one, rowProtection: null })));
    expect(verdict).toMatchObject({ ok: false, findings: [{ class: 'protection_removed', sequence: 5n }] });
    expect(bad(verdict)).toEqual(['5 unprotected']);
  });

  it('takes rows from before the protection was switched on for a remark', () => {
    const verdict = verify(ROWS.map((one, index) => (index < 4 ? { ...one, rowProtection: null } : one)));
    expect(verdict).toMatchObject({ ok: true, findings: [{ class: 'unprotected_rows' }] });
    expect(verdict.protection).toMatchObject({ ok: 8, unprotected: 4 });
  });

  it('D04 verifies the numbers of a log without any protection', () => {
    const bare = ROWS.map((one) => ({ ...one, rowProtection: null }));
    expect(verify(bare, { keys: new Map() })).toMatchObject({ ok: true, official: [] });
    expect(verify(bare.slice(0, 5).concat(bare.slice(6)), { keys: new Map() })).toMatchObject({ ok: false });
  });

  it('flags the separator inside a value: text may have moved between columns, which no protection shows', () => {
    const honest = protect(row(3, { service: 'CORE', module: 'X' }));
    const moved = { ...honest, service: 'CORE<sep/>X', module: honest.customId, customId: honest.searchDetail1 };
    const shifted = { ...moved, searchDetail1: honest.searchDetail2 ?? '', searchDetail2: honest.additionalDetails };
    const verdict = verify(replaced(3, () => ({ ...shifted, additionalDetails: null })));
    expect(classes(verdict)).toContain('separator_in_value');
    expect(verdict.ok).toBe(false);
    const twoToOne = protect(row(3, { searchDetail1: 'a', searchDetail2: 'b<sep/>c' }));
    const back = { ...twoToOne, searchDetail1: 'a<sep/>b', searchDetail2: 'c' };
    expect(verify(replaced(3, () => back))).toMatchObject({ ok: false, bad_rows: [] });
  });

  it('F08 finds a row that was copied to another node, changed in its key or forged under the wrong algorithm', () => {
    expect(bad(verify(replaced(5, (one) => ({ ...one, pk: 'pk-x' }))))).toEqual(['5 bad']);
    expect(bad(verify([...ROWS, { ...protect(row(5)), nodeId: 'm', pk: 'copy' }]))).toEqual(['5 bad']);
    expect(bad(verify([...ROWS, protect(row(12), HMAC_KEY, 401)]))).toEqual(['12 algorithm_mismatch']);
    expect(bad(verify([...ROWS, signRow(row(12), RSA.private, 400)]))).toEqual(['12 algorithm_mismatch']);
  });

  it('D16 names a numbering that began anew', () => {
    const later = Array.from({ length: 4 }, (_, index) =>
      protect(row(index, { pk: `again-${index}`, timeStamp: 1_800_000_000_000n + BigInt(index) })),
    );
    const verdict = verify([...ROWS, ...later]);
    expect(verdict.nodes.n?.resets).toEqual([{ sequence: 0n }]);
    expect(classes(verdict)).toEqual(['sequence_reset']);
  });

  it('D16 sees a lost tail only with the number of an earlier run', () => {
    const cut = without(10, 11);
    expect(verify(cut).ok).toBe(true);
    const verdict = verify(cut, { remembered: new Map([['n', 11n]]) });
    expect(verdict).toMatchObject({ ok: false, findings: [{ class: 'lost_tail', node: 'n', sequence: 11n }] });
    expect(verify([], { remembered: new Map([['n', 11n]]) })).toMatchObject({
      ok: false,
      findings: [{ class: 'lost_tail' }],
    });
  });

  it('merges overlapping pages, and finds two copies that differ in any column', () => {
    expect(verify([...ROWS, ...ROWS.slice(3)])).toMatchObject({ ok: true, rows: 12 });
    const changes: readonly Partial<AuditRow>[] = [
      { eventType: 'X' },
      { module: 'X' },
      { service: 'X' },
      { customId: 'X' },
      { searchDetail1: 'X' },
      { searchDetail2: 'X' },
      { authToken: 'X' },
      { rowProtection: null },
    ];
    for (const change of changes) {
      const verdict = verify([...ROWS, ...replaced(5, (one) => ({ ...one, ...change })).slice(5, 6)]);
      expect({ change, ok: verdict.ok, found: classes(verdict) }).toEqual({
        change,
        ok: false,
        found: ['conflicting_copy'],
      });
    }
  });

  it('says that rows which cannot be read were not checked', () => {
    const verifier = createTableVerifier(KEYS, nodeHash);
    for (const one of ROWS) verifier.add(compared(one));
    verifier.unreadable();
    expect(verifier.end([], new Map())).toMatchObject({ ok: false, findings: [{ class: 'unreadable_row' }] });
  });

  it('holds a node with any name, and no name changes the object that lists them', () => {
    const verdict = verify([protect(row(0, { nodeId: '__proto__' })), protect(row(0, { nodeId: 'constructor' }))]);
    expect(Object.keys(verdict.nodes).sort()).toEqual(['__proto__', 'constructor']);
    expect(verdict.ok).toBe(true);
  });

  it('waits for signatures that are checked in their own time', async () => {
    const slow = new Map<string, ProtectionKey>([['401', { type: 'public', verify: async () => false }]]);
    const verifier = createTableVerifier(slow, nodeHash);
    await verifier.add(compared(signRow(row(0), RSA.private, 401)));
    expect(verifier.end([], new Map()).protection.bad).toBe(1);
  });
});

describe('a table against its log', () => {
  const LOG = ROWS.map(lineOf);

  it('F08 finds a deleted row as the line that is left of it', () => {
    const verdict = verify(without(5), { log: LOG });
    expect(verdict.log_only).toEqual([{ node: 'n', time: '2023-11-14T22:13:25.000Z', event: 'CERT_REVOKED' }]);
    expect(classes(verdict)).toEqual(['gap_unexplained']);
  });

  it('F08 tells by its lines whose log a file is', () => {
    const verifier = createTableVerifier(KEYS, nodeHash);
    for (const one of ROWS) {
      verifier.add(compared(one));
      verifier.add(compared({ ...one, pk: `${one.pk}-m`, nodeId: 'm', searchDetail2: `of m ${one.pk}` }));
    }
    expect(verifier.nodeOf(LOG.slice(0, -2))).toBe('n');
    expect(verifier.nodeOf([...LOG.slice(0, 4), ...LOG.map((line) => ({ ...line, event: 'OTHER' }))])).toBeUndefined();
    expect(verifier.nodeOf([])).toBeUndefined();
  });

  it('F08 finds a forged row as one that no line tells of', () => {
    const forged = protect(row(5, { pk: 'forged', searchDetail1: 'other' }));
    expect(verify([...ROWS, forged], { log: LOG }).table_only).toEqual([{ node: 'n', sequence: 5n, pk: 'forged' }]);
  });

  it('F08 pairs an altered row with its line', () => {
    const verdict = verify(
      replaced(5, (one) => ({ ...one, eventStatus: 'FAILURE' })),
      { log: LOG },
    );
    expect(verdict).toMatchObject({ log_only: [], table_only: [] });
    expect(verdict.findings).toMatchObject([{ class: 'row_differs_from_log', sequence: 5n, pk: 'pk-n-5' }]);
  });

  it('finds a tail that was deleted before a restart used its numbers again', () => {
    const again = [9, 10, 11].map((number) =>
      protect(
        row(number, {
          pk: `again-${number}`,
          searchDetail1: `new${number}`,
          timeStamp: 1_700_000_100_000n + BigInt(number),
        }),
      ),
    );
    const table = [...ROWS.slice(0, 9), ...again];
    expect(verify(table).ok).toBe(true);
    const verdict = verify(table, { log: [...LOG, ...again.map(lineOf)] });
    expect(verdict.log_only).toHaveLength(3);
    expect(classes(verdict)).toEqual(['lost_tail']);
  });

  it('finds a forged line by its time among its neighbours, and compares it with nothing', () => {
    const ahead: ComparedEvent = { ...lineOf(row(99)), timeMillis: 1_700_900_000_000, event: 'CA_DELETION' };
    const verdict = verify(ROWS, { log: [...LOG.slice(0, 5), ahead, ...LOG.slice(5)] });
    expect(verdict).toMatchObject({ ok: false, log_only: [], findings: [{ class: 'log_line_out_of_order' }] });
  });

  it('counts lines that are cut, and does not blame the table for them', () => {
    const log = LOG.map((line, index) => (index === 5 ? { ...line, incomplete: true } : line));
    const verdict = verify(without(5), { log: log.filter(({ event }) => event !== '') });
    expect(classes(verdict)).toEqual(['gap_unexplained', 'log_line_incomplete']);
    expect(verdict.log_only).toEqual([]);
  });

  it('F08 finds every single change of a row, or it is one that no protection covers', () => {
    const column = fc.constantFrom<keyof AuditRow>(
      'eventType',
      'eventStatus',
      'authToken',
      'service',
      'module',
      'customId',
      'searchDetail1',
      'searchDetail2',
      'additionalDetails',
      'rowProtection',
    );
    fc.assert(
      fc.property(fc.nat(11), column, fc.option(fc.string(), { nil: null }), (at, name, value) => {
        const before = ROWS[at]?.[name];
        const same = (before ?? '') === (value ?? '') && name !== 'rowProtection';
        const verdict = verify(replaced(at, (one) => ({ ...one, [name]: value })));
        // The first rows may be from before the protection was switched on.
        const early = at === 0 && name === 'rowProtection' && value === null;
        expect(verdict.ok).toBe(same || early);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws on any rows, logs and remembered numbers', () => {
    const texts = fc.option(fc.string({ unit: 'grapheme' }), { nil: null });
    const anyRow = fc
      .record({
        number: fc.integer({ min: -5, max: 20 }),
        time: fc.integer(),
        node: fc.constantFrom('n', 'm', ''),
        text: texts,
      })
      .map(({ number, time, node, text }) =>
        row(number, { nodeId: node, timeStamp: BigInt(time), rowProtection: text, additionalDetails: text }),
      );
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 15 }), fc.array(anyRow, { maxLength: 10 }), (rows, log) => {
        const remembered = new Map([['n', 7n]]);
        const verdict = verify(rows, { log: log.map((one) => ({ ...lineOf(one), timeMillis: 5 })), remembered });
        const counted = Object.values(verdict.protection).reduce((sum, number) => sum + number, 0);
        expect(counted).toBe(verdict.rows);
      }),
    );
  });
});
