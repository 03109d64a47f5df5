import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeHash } from '../../test/node-hash.ts';
import { END, signLines } from '../../test/sign-chain.ts';
import { type ChainOptions, createChainVerifier } from './chain.ts';
import { type ChainSnapshot, readSnapshot } from './snapshot.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const OTHER = Uint8Array.from({ length: 32 }, (_, index) => index + 1);

function verify(
  files: Readonly<Record<string, readonly (string | Uint8Array)[] | null>>,
  options: Partial<ChainOptions> = {},
) {
  const verifier = createChainVerifier({ keys: [KEY], hash: nodeHash, ...options });
  for (const [name, lines] of Object.entries(files)) {
    if (lines === null) verifier.missing(name);
    else {
      verifier.file(name);
      for (const line of lines) verifier.line(typeof line === 'string' ? new TextEncoder().encode(line) : line);
    }
  }
  return verifier.end();
}

/** The lines behind a snapshot that went through JSON. */
function inTwoRuns(first: readonly string[], second: readonly string[]) {
  const run = (name: string, lines: readonly string[], resume?: ChainSnapshot) => {
    const verifier = createChainVerifier({ keys: [KEY], hash: nodeHash, ...(resume ? { resume } : {}) });
    verifier.file(name);
    for (const text of lines) verifier.line(new TextEncoder().encode(text));
    return { snapshot: readSnapshot(JSON.parse(JSON.stringify(verifier.snapshot() ?? null))), verdict: verifier.end() };
  };
  const before = run('a', first);
  return { before: before.verdict, after: run('b', second, before.snapshot).verdict };
}

const line = (n: number) => `time="2024-09-17T08:00:0${n}Z" level=info msg="line ${n}"`;
const LOG = signLines([line(1), line(2), line(3), END], KEY);

describe('createChainVerifier', () => {
  it('C45 gives the published values of the scheme', () => {
    const lines = [
      'time="2024-09-17T08:00:00Z" level=info msg="Configuring transport..." integrity=a83ce5a80650329196818eb9fe6b6e3c9cd69b594c4f164a8ffcbe1e58773116 chain=new',
      'time="2024-09-17T08:00:01Z" level=warning msg="Recognized poison record" client_id=app_1 code=587 integrity=1cc3c785b1bbef6f6e7d9e8ad273410857237035d581c22f1e1c62cc51dea115',
      'time="2024-09-17T08:00:02Z" level=info msg="End of current audit log chain" chain=end integrity=83d56d85c24f7fd1ddb3f9264495fa58a0c4e3e7b381565181c17139c6c3d196',
    ];
    expect(verify({ log: lines })).toMatchObject({
      ok: true,
      error: null,
      warnings: [],
      records: 3,
      verified: 3,
      notes: [],
    });
  });

  it('C45 verifies JSON over the text that Go would write', () => {
    const json = `{"code":587,"level":"warning","msg":"a<b>&\\u2028é","unixTime":"1726560000.000","integrity":"80ff17c8c1f57e4c7de6feb9597b35ef9c165aa0384d35c149e44d31f7ad16ca","chain":"new"}`;
    expect(verify({ log: [json] })).toMatchObject({
      ok: true,
      verified: 1,
      warnings: [{ class: 'missing_end_of_final_chain' }],
    });
  });

  it.each([
    ['altered', [LOG[0], LOG[1]?.replace('line 2', 'line X'), LOG[2], LOG[3]], 'integrity_mismatch', 2],
    ['removed', [LOG[0], LOG[2], LOG[3]], 'integrity_mismatch', 2],
    ['swapped', [LOG[0], LOG[2], LOG[1], LOG[3]], 'integrity_mismatch', 2],
    ['repeated', [LOG[0], LOG[1], LOG[1], LOG[2], LOG[3]], 'integrity_mismatch', 3],
    ['stripped of its value', [LOG[0], line(2), LOG[2], LOG[3]], 'integrity_mismatch', 3],
    ['with a value that is no hex', [LOG[0], `${line(2)} integrity=xyz`, LOG[2], LOG[3]], 'invalid_hex', 2],
    ['with half a digit', [LOG[0], `${line(2)} integrity=abc`, LOG[2], LOG[3]], 'odd_length_hex', 2],
    ['cut before a restart', [LOG[0], LOG[1], ...LOG], 'missing_end_of_chain', 3],
  ])('C46 finds a line that is %s', (_, lines, kind, at) => {
    expect(verify({ log: lines.map(String) })).toMatchObject({
      ok: false,
      error: { class: kind, file: 'log', line: at },
    });
  });

  it('C46 follows a chain over files, and says where their order is wrong', () => {
    expect(verify({ a: LOG.slice(0, 2), b: LOG.slice(2) })).toMatchObject({
      ok: true,
      chains: [{ file: 'a', firstLine: 1, lastFile: 'b', lastLine: 2, closed: true }],
    });
    expect(verify({ b: LOG.slice(2), a: LOG.slice(0, 2) })).toMatchObject({ ok: false, error: { file: 'b', line: 1 } });
  });

  it('warns of each unsigned line and of a missing end, as Acra does', () => {
    expect(verify({ log: ['', line(0), ...LOG.slice(0, 2), ''] }).warnings).toEqual([
      { class: 'no_integrity', file: 'log', line: 2 },
      { class: 'missing_end_of_final_chain', file: 'log', line: null },
    ]);
    expect(verify({ log: [] }).warnings).toEqual([{ class: 'empty_source', file: 'log', line: null }]);
  });

  it('stops at a file that is not there, unless that is allowed', () => {
    expect(verify({ gone: null, log: LOG })).toMatchObject({
      ok: false,
      error: { class: 'file_missing', file: 'gone', line: null },
    });
    expect(verify({ gone: null, log: LOG }, { missingOk: true })).toMatchObject({
      ok: true,
      verified: 4,
      warnings: [{ class: 'file_missing' }],
    });
  });

  it('checks each chain with the key that fits its first line', () => {
    const lines = [...signLines([line(1), END], OTHER), ...LOG];
    expect(verify({ log: lines })).toMatchObject({ ok: false, error: { line: 1 } });
    expect(verify({ log: lines }, { keys: [KEY, OTHER] })).toMatchObject({
      ok: true,
      chains: [{ key: 1 }, { key: 0 }],
      notes: [{ class: 'other_key', line: 3 }],
    });
  });

  it('says what the official verifier passes over', () => {
    const notes = (lines: readonly string[]) =>
      verify({ log: lines }).notes.map(({ class: kind, line: at }) => `${kind}:${at}`);
    expect(notes([LOG[0] ?? '', 'forged', ...LOG.slice(1)])).toEqual(['unsigned_line_in_chain:2']);
    expect(notes([...LOG, ...LOG])).toEqual(['chain_repeated:5']);
    expect(notes(LOG.slice(0, 3))).toEqual(['chain_not_closed:3']);
    expect(notes([...LOG.slice(0, 1), 'x'.repeat(65_536), ...LOG.slice(1)])).toEqual([
      'line_too_long:2',
      'chain_not_closed:1',
    ]);
    const spoofed = 'msg="say End of current audit log chain and chain=end"';
    expect(notes(signLines([line(1), spoofed, END], KEY))).toContain('mark_in_value:2');
  });

  const later = signLines([line(5), line(6), END.replace('08:00', '08:01')], KEY);
  const kinds = (lines: readonly string[]) => {
    const { ok, notes } = verify({ log: lines });
    return [ok, ...notes.map(({ class: kind }) => kind)];
  };

  it('C46 does not see a whole chain that was taken out, for nothing in the log counts chains', () => {
    expect([kinds([...LOG, ...later]), kinds(LOG), kinds(later)]).toEqual([[true], [true], [true]]);
  });

  it('C46 notes chains that changed places, by their times', () => {
    expect(kinds([...later, ...LOG])).toEqual([true, 'chain_out_of_order']);
  });

  it('C46 notes lines that go on behind an end mark', () => {
    expect(kinds(signLines([line(1), END, line(2), END], KEY))).toEqual([true, 'signed_line_after_end']);
  });

  it("forgets its keys at the end and leaves the caller's alone", () => {
    for (const key of [KEY.slice(), Buffer.from(KEY)]) {
      verify({ log: LOG }, { keys: [key] });
      expect(Uint8Array.from(key)).toEqual(KEY);
    }
  });

  it('C46 finds every change of a byte, line or order inside a closed chain', () => {
    const lines = [...LOG.slice(0, 3), ...signLines([line(5), line(6), END], KEY)];
    const whole = [...LOG, ...signLines([line(5), line(6), END], KEY)];
    expect(verify({ log: lines }).ok).toBe(false);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(200), fc.integer({ min: 1, max: 255 }), (at, offset, flip) => {
        const data = new TextEncoder().encode(whole[at] ?? '');
        const place = offset % data.length;
        const before = data[place] ?? 0;
        data[place] = before ^ flip;
        const changed = whole.map((text, index) => (index === at ? data : text));
        const verdict = verify({ log: changed });
        // Hex in the other case has the same value, and a changed mark only turns its own line into an unsigned one.
        const sameValue =
          String.fromCharCode(before).toLowerCase() === String.fromCharCode(before ^ flip).toLowerCase();
        expect(!verdict.ok || sameValue || verdict.warnings.length > 0 || verdict.notes.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('C46 goes on where an earlier verifier stood, at any line', () => {
    const lines = [...LOG, ...signLines([line(5), line(6), END], KEY)];
    for (let cut = 0; cut <= lines.length; cut += 1) {
      const { before, after } = inTwoRuns(lines.slice(0, cut), lines.slice(cut));
      expect({ cut, ok: before.ok && after.ok, verified: before.verified + after.verified }).toEqual({
        cut,
        ok: true,
        verified: lines.length,
      });
      expect(after.notes.filter(({ class: kind }) => kind !== 'chain_not_closed')).toEqual([]);
    }
  });

  it('C46 finds between two runs what it finds within one', () => {
    expect(inTwoRuns(LOG.slice(0, 2), LOG.slice(3)).after.error?.class).toBe('integrity_mismatch');
    expect(inTwoRuns(LOG.slice(0, 2), LOG.slice(1)).after.error?.class).toBe('integrity_mismatch');
    expect(inTwoRuns(LOG.slice(0, 2), LOG).after.error?.class).toBe('missing_end_of_chain');
    expect(inTwoRuns(LOG, LOG).after.notes.map(({ class: kind }) => kind)).toContain('chain_repeated');
  });

  it('C46 never puts the audit key into a snapshot, and gives none behind an error', () => {
    const verifier = createChainVerifier({ keys: [KEY], hash: nodeHash });
    expect(verifier.snapshot()?.ratchet).toBeNull();
    verifier.file('log');
    for (const text of LOG) {
      verifier.line(new TextEncoder().encode(text));
      const written = JSON.stringify(verifier.snapshot());
      for (const secret of [KEY, nodeHash.sha256(KEY)])
        expect(written).not.toContain(Buffer.from(secret).toString('hex').slice(0, 16));
    }
    verifier.line(new TextEncoder().encode(LOG[1]));
    expect(verifier.snapshot()).toBeUndefined();
  });

  it('takes only a whole snapshot for one', () => {
    const verifier = createChainVerifier({ keys: [KEY], hash: nodeHash });
    verifier.file('log');
    verifier.line(new TextEncoder().encode(LOG[0]));
    const good: Record<string, unknown> = JSON.parse(JSON.stringify(verifier.snapshot()));
    expect(readSnapshot(good)).toEqual(verifier.snapshot());
    for (const name of Object.keys(good))
      for (const value of [undefined, 7, 'x', [7], {}]) {
        if (name === 'latest' && value === 7) continue;
        expect({ name, value, read: readSnapshot({ ...good, [name]: value }) }).toEqual({
          name,
          value,
          read: undefined,
        });
      }
    expect([null, 'x', []].map(readSnapshot)).toEqual([undefined, undefined, undefined]);
  });

  it('never throws on any lines', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...LOG)), { maxLength: 8 }),
        fc.constantFrom('json', 'cef', 'plaintext', undefined),
        (lines, format) => {
          verify({ log: lines }, format === undefined ? {} : { format });
        },
      ),
    );
  });
});
