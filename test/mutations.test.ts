import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { products } from '@cryptrail/catalogue';
import {
  createChainVerifier,
  createTableVerifier,
  type HashPort,
  type ProtectionKey,
  readAuditRow,
} from '@cryptrail/integrity';
import { createPipeline } from '@cryptrail/mapper';
import { expect, it } from 'vitest';
import { harmlessClass, type MutatedSource, type Mutation, mutate, wholeSource } from './support/mutations.ts';
import { AUDIT_KEY, ROW_KEY } from './support/signed-sources.ts';

/** Changes that are tried: a slice of the 10,000 whose counts stand in docs/evidence.md. */
const COUNT = Number(process.env.CRYPTRAIL_MUTATIONS ?? 400);
const WHOLE_COUNT = 10_000;
const KEYS = new Map<string, ProtectionKey>([['400', { type: 'hmac', key: ROW_KEY }]]);
const hash: HashPort = {
  sha256: (data) => createHash('sha256').update(data).digest(),
  hmacSha256: (key, ...parts) => createHmac('sha256', key).update(Buffer.concat(parts)).digest(),
};

/** Whether the verdict gives the change away to somebody who never saw the source. Lines without a value are common, so a warning of them says nothing. */
function isFound(source: MutatedSource, text: Uint8Array): boolean {
  return source === 'rows' ? isTableSuspect(text) : isLogSuspect(text);
}

function isLogSuspect(text: Uint8Array): boolean {
  const verifier = createChainVerifier({ keys: [AUDIT_KEY], hash });
  verifier.file('log');
  let from = 0;
  for (let at = text.indexOf(0x0a); at !== -1; at = text.indexOf(0x0a, from)) {
    verifier.line(text.subarray(from, at));
    from = at + 1;
  }
  if (from < text.length) verifier.line(text.subarray(from));
  const { ok, notes, warnings } = verifier.end();
  return !ok || notes.length > 0 || warnings.some(({ class: kind }) => kind !== 'no_integrity');
}

/** With the number that an earlier run remembered. */
function isTableSuspect(text: Uint8Array): boolean {
  const verifier = createTableVerifier(KEYS, hash);
  let rows = 0;
  const pipeline = createPipeline({
    products,
    product: 'cesecore',
    onRecognition: (recognition) => {
      const row = readAuditRow(recognition);
      if (!row) return verifier.unreadable();
      rows += 1;
      const compared = { timeMillis: 0, event: '', status: null, admin: null, ids: [], details: new Map() };
      verifier.add({ ...row, compared });
    },
  });
  const reader = pipeline.open();
  for (const { parseStatus } of [...reader.push(text), ...reader.end()])
    if (parseStatus === 'unparsed') verifier.unreadable();
  const { ok, findings, bad_rows: bad, nodes } = verifier.end([], new Map([['node-1', 39n]]));
  const steps = Object.values(nodes).some(({ clock_steps: found }) => found.length > 0);
  return rows === 0 || !ok || findings.length > 0 || bad.length > 0 || steps;
}

it.each(['plaintext', 'cef', 'json', 'rows'] as const)(
  'passes an untouched source of %s without a finding',
  (source) => {
    expect(isFound(source, Buffer.from(wholeSource(source)))).toBe(false);
  },
);

it(`C31 C46 D13 D14 finds each of ${COUNT} random changes, or can say why nobody can`, () => {
  const counts = new Map<string, number>();
  const unexplained: Mutation[] = [];
  for (let number = 0; number < COUNT; number += 1) {
    const mutation = mutate(number);
    const kind = isFound(mutation.source, mutation.text) ? 'found' : harmlessClass(mutation);
    if (kind === undefined) unexplained.push(mutation);
    else counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  expect(unexplained.map(({ source, what }) => `${source}: ${what}`)).toEqual([]);
  expect(counts.get('found') ?? 0).toBeGreaterThan(COUNT * 0.8);
  const documented = tableOfDocs();
  expect([...counts.keys()].filter((kind) => !documented.has(kind))).toEqual([]);
  if (COUNT === WHOLE_COUNT) expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(documented));
});

/** `| class | count | why |` under the heading of random changes. */
function tableOfDocs(): Map<string, number> {
  const [, section = ''] = readFileSync('docs/evidence.md', 'utf8').split('## Random changes\n');
  const rows = section.split('\n## ')[0]?.matchAll(/^\| ([a-z ]+) \| ([\d,]+) \|/gm) ?? [];
  return new Map([...rows].map(([, kind = '', count = '']) => [kind, Number(count.replace(',', ''))]));
}

it('documents 10,000 changes', () => {
  expect([...tableOfDocs().values()].reduce((sum, count) => sum + count, 0)).toBe(WHOLE_COUNT);
});
