import { createHmac } from 'node:crypto';
import { products } from '@cryptrail/catalogue';
import { createPipeline, type LogRecord, type ResumePoint } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { nodeHash } from '../test/node-hash.ts';
import { END, signLines } from '../test/sign-chain.ts';
import { HMAC_KEY, protect, protectedRows } from '../test/sign-rows.ts';
import { createAuditNames } from './audit-names.ts';
import type { AuditRow } from './cesecore/row.ts';
import type { ProtectionKey } from './cesecore/row-protection.ts';
import { createEvidence } from './evidence.ts';
import { joinEvidence } from './join-evidence.ts';
import { createDigestEvidence } from './record-digest.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const line = (n: number) => `time="2024-09-17T08:00:0${n}Z" level=info msg="line ${n} password=hunter2" code=100`;
const LOG = signLines([line(1), line(2), line(3), END], KEY);
const KEYS = new Map<string, ProtectionKey>([['400', { type: 'hmac', key: HMAC_KEY }]]);

function read(text: string): LogRecord[] {
  const evidence = createEvidence({ hash: nodeHash, acra: { keys: [KEY] }, cesecore: { keys: KEYS } });
  const pipeline = createPipeline({ products, evidence });
  const reader = pipeline.open({ name: 'log', path: 'dir/log' });
  return [...reader.push(new TextEncoder().encode(text)), ...reader.end(), ...pipeline.finish()];
}

const STATUS = 'cryptrail.integrity.status';
const told = (records: readonly LogRecord[]) =>
  records.map(({ attributes, eventName }) => attributes.get(STATUS) ?? eventName ?? 'nothing');
const toJson = (rows: readonly AuditRow[]) =>
  rows.map((row) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? Number(value) : value))).join('\n');

describe('evidence in the pipeline', () => {
  it('C48 F07 verifies the raw lines, before anything is redacted', () => {
    const records = read(`\ufeff${line(0)}\n${LOG.join('\r\n')}\r\n`);
    expect(told(records)).toEqual(['unsigned', 'verified', 'verified', 'verified', 'verified']);
    expect(records.map(({ body }) => body).join()).not.toContain('hunter2');
  });

  it('C31 F08 puts a finding before the record at which it showed, with its place, time and instance', () => {
    const records = read([LOG[0], LOG[1]?.replace('line', 'lime'), LOG[2]].join('\n'));
    expect(told(records)).toEqual(['verified', 'cryptrail.integrity.chain_broken', 'failed', 'unanchored']);
    const [, finding, broken] = records;
    expect(finding).toMatchObject({
      severityNumber: 17,
      timeUnixNano: broken?.timeUnixNano,
      body: expect.stringContaining('does not fit'),
    });
    expect(finding?.resource).toBe(broken?.resource);
    expect(Object.fromEntries(finding?.attributes ?? [])).toMatchObject({
      'cryptrail.product': 'cryptrail',
      'cryptrail.category': 'audit_trail',
      'cryptrail.priority': 'critical',
      'cryptrail.outcome': 'failure',
      'cryptrail.source.format': 'internal',
      'cryptrail.integrity.product': 'acra',
      'cryptrail.integrity.reason': 'does_not_fit',
      'log.file.path': 'dir/log',
      'log.file.record_number': 2,
    });
    expect(finding?.attributes.has('cryptrail.parse.status')).toBe(false);
  });

  it('C46 verifies a chain through the wrappers round its lines', () => {
    const wrapped = LOG.map((text) =>
      JSON.stringify({ log: `${text}\n`, stream: 'stderr', time: '2024-09-17T08:00:00Z' }),
    );
    expect(told(read(wrapped.join('\n')))).toEqual(['verified', 'verified', 'verified', 'verified']);
  });

  it('C46 C48 follows a chain from file to file, whichever is read in between, and from run to run', () => {
    const bytes = (lines: readonly string[]) => new TextEncoder().encode(`${lines.join('\n')}\n`);
    const evidence = createEvidence({ hash: nodeHash, acra: { keys: [KEY] } });
    const pipeline = createPipeline({ products, evidence });
    const other = pipeline.open({ path: 'other.log' });
    const records = other.push(bytes(signLines([line(5), line(6), END], KEY).slice(0, 2)));
    const older = pipeline.open({ path: 'audit.log' });
    records.push(...older.push(bytes(LOG.slice(0, 2))));
    const again = createPipeline({ products, evidence: createEvidence({ hash: nodeHash, acra: { keys: [KEY] } }) });
    const saved: ResumePoint = JSON.parse(JSON.stringify(older.resume));
    expect(told(again.open({ path: 'audit.log' }, saved).push(bytes(LOG.slice(2, 3))))).toEqual(['verified']);
    const unknown = again.open({ path: 'x' }, { ...saved, evidence: [{ version: 1, ratchet: 'none' }] });
    expect(told(unknown.push(bytes(LOG.slice(2, 3))))).toEqual([
      'cryptrail.integrity.chain_start_missing',
      'unanchored',
    ]);
    records.push(...pipeline.open({ path: 'audit.log' }).push(bytes(LOG.slice(2))));
    expect(told(records)).toEqual(Array.from({ length: 6 }, () => 'verified'));
    expect(told(pipeline.finish())).toEqual(['cryptrail.integrity.chain_unfinished']);
  });

  it('C48 F07 puts a keyed digest of the raw text on every record, which the key and the source prove equal', () => {
    const evidence = joinEvidence([createDigestEvidence(KEY, nodeHash), createAuditNames()]);
    const reader = createPipeline({ products, evidence, original: true }).open({ path: 'audit.log' });
    const [signed, foreign] = [
      ...reader.push(new TextEncoder().encode(`${LOG[1]}\r\nsomething else \n`)),
      ...reader.end(),
    ];
    const digest = (text = '') => createHmac('sha256', KEY).update(text).digest('hex');
    expect(signed?.attributes.get('cryptrail.evidence.digest')).toBe(digest(LOG[1]));
    expect(foreign?.attributes.get('cryptrail.evidence.digest')).toBe(digest('something else '));
    expect(foreign?.attributes.get('log.record.original')).toBe('something else ');
    expect(signed?.attributes.get('cryptrail.original.redacted')).toBe(true);
    expect(foreign?.attributes.has('cryptrail.original.redacted')).toBe(false);
    expect(signed?.attributes.get('audit.integrity.value')).toBe(/integrity=(\w+)/.exec(LOG[1] ?? '')?.[1]);
    expect(signed?.attributes.get('audit.sequence.stream_id')).toBe('audit.log');
  });

  it('F07 keeps a row as an object of its columns, with its numbers under the draft names', () => {
    const [row] = protectedRows(1);
    const columns = Object.keys(row ?? {});
    const cell = (text: unknown) => `"${String(text ?? '').replaceAll('"', '""')}"`;
    const csv = `${columns.join(',')}\n${Object.values(row ?? {})
      .map(cell)
      .join(',')}\n`;
    const reader = createPipeline({ products, evidence: createAuditNames(), original: true }).open({});
    const [record] = [...reader.push(new TextEncoder().encode(csv)), ...reader.end()];
    const original = JSON.parse(String(record?.attributes.get('log.record.original')));
    expect(original).toMatchObject({ pk: row?.pk, rowProtection: row?.rowProtection });
    expect(Object.fromEntries(record?.attributes ?? [])).toMatchObject({
      'audit.sequence.number': Number(row?.sequenceNumber),
      'audit.sequence.stream_id': row?.nodeId,
      'audit.integrity.value': row?.rowProtection?.split(':')[3],
    });
  });

  it('D13 D16 marks each row, and tells of gaps and twins at the end', () => {
    const rows = protectedRows(8).filter(({ sequenceNumber }) => sequenceNumber !== 5n);
    const changed = rows.map((row) => (row.sequenceNumber === 2n ? { ...row, module: 'X' } : row));
    const [first] = changed;
    const twin = first && protect({ ...first, pk: 'twin', sequenceNumber: 7n, timeStamp: 1_700_000_007_100n });
    const records = read(toJson([...changed, ...(twin ? [twin] : [])]));
    expect(told(records)).toEqual([
      'verified',
      'verified',
      'cryptrail.integrity.row_bad',
      'failed',
      ...Array.from({ length: 5 }, () => 'verified'),
      'cryptrail.integrity.sequence_gap',
      'cryptrail.integrity.duplicate_sequence',
    ]);
    expect(Object.fromEntries(records.at(-2)?.attributes ?? [])).toMatchObject({
      'cryptrail.integrity.node': 'n',
      'cryptrail.integrity.sequence_number': 5,
      'cryptrail.integrity.last_sequence_number': 5,
      'cryptrail.integrity.count': 1,
    });
  });

  it('names rows without protection among rows that have one, and rows of an unknown key', () => {
    const rows = protectedRows(4).map((row, index) => (index === 2 ? { ...row, rowProtection: null } : row));
    const unknown = protect(protectedRows(5)[4] ?? rows[0] ?? ({} as AuditRow), HMAC_KEY, 7);
    expect(told(read(toJson([...rows, unknown])))).toEqual([
      'verified',
      'verified',
      'unsigned',
      'verified',
      'no_key',
      'cryptrail.integrity.row_unprotected',
    ]);
  });

  it('reads no line as a finding, whatever it says', () => {
    const forged = '{"product":"acra","event":"cryptrail.integrity.chain_broken","level":"error","message":"x"}';
    expect(read(forged).map(({ product, eventName }) => [product, eventName])).toEqual([[undefined, undefined]]);
  });

  it('F08 gives every finding an event of the catalogue', () => {
    const internal = products.filter(({ kind }) => kind === 'internal');
    expect(internal.map(({ formats }) => formats)).toEqual([[]]);
    const kinds = [...internal.flatMap(({ events }) => [...events.keys()])];
    expect(kinds).toContain('cryptrail.integrity.chain_broken');
    expect(kinds).toContain('cryptrail.integrity.sequence_reset');
  });
});
