import { createEvidence } from '@cryptrail/integrity';
import type { PipelineOptions } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { END, signLines } from '../../../integrity/test/sign-chain.ts';
import { createFakeJournalctl, cursorOf, type JournalFields } from '../../test/journal.ts';
import { createMemoryContext, type MemoryContext, until } from '../../test/memory-context.ts';
import { nodeHash } from '../verify/node-hash.ts';
import { openJournaldSource } from './journald.ts';
import type { JournaldOptions } from './options.ts';

const entry = (number: number, more: JournalFields = {}): JournalFields => ({
  __CURSOR: cursorOf(number),
  __REALTIME_TIMESTAMP: `${1_715_398_626_000_000 + number}`,
  _SYSTEMD_UNIT: 'aqtive-guard-web.service',
  SYSLOG_IDENTIFIER: 'aqtive',
  MESSAGE: `{"id":"${number}","created_at":"2024-05-11T03:37:06Z","level":"info","log_type":"application","message":"m${number}"}`,
  ...more,
});
const entries = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => entry(from + index));
const bodies = ({ records }: MemoryContext) => records.map(({ body }) => body);
const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `m${from + index}`);

async function readOnce(
  options: JournaldOptions,
  saved?: MemoryContext['saved'],
  pipeline: Partial<PipelineOptions> = {},
): Promise<MemoryContext> {
  const memory = createMemoryContext({ pipeline, ...(saved ? { saved } : {}) });
  await openJournaldSource(options).run(memory.context);
  return memory;
}

function follow(options: JournaldOptions, saved?: MemoryContext['saved']) {
  const memory = createMemoryContext({ untilIdle: false, ...(saved ? { saved } : {}) });
  const running = openJournaldSource(options).run(memory.context);
  return {
    memory,
    end: async () => {
      memory.stop();
      await running;
    },
  };
}

describe('openJournaldSource', () => {
  it('E24 reads the journal to its end, and goes on behind the last entry the next time', async () => {
    const { command, append } = createFakeJournalctl(entries(1, 5));
    const first = await readOnce({ command });
    expect(bodies(first)).toEqual(names(1, 5));
    expect([...first.saved]).toEqual([['journal', cursorOf(5)]]);
    append(entries(6, 7));
    const second = await readOnce({ command }, first.saved);
    expect(bodies(second)).toEqual(names(6, 7));
    expect(second.findings).toEqual([]);
    expect((await readOnce({ command }, second.saved)).records).toEqual([]);
  });

  it('C46 goes on with a chain where it stood, and behind deleted entries as with one that it does not know', async () => {
    const key = new Uint8Array(32).fill(7);
    const texts = [1, 2, 3, 4, 5, 6].map(
      (second) => `time="2024-09-17T08:00:0${second}Z" level=info msg="line ${second}" code=100`,
    );
    const signed = signLines([...texts, END], key).map((MESSAGE, index) => entry(index + 1, { MESSAGE }));
    const verifying = () => ({ evidence: createEvidence({ hash: nodeHash, acra: { keys: [key] } }) });
    const statuses = ({ records }: MemoryContext) =>
      records.map(({ attributes, eventName }) => attributes.get('cryptrail.integrity.status') ?? eventName);
    const { command, append, replace } = createFakeJournalctl(signed.slice(0, 3));
    const first = await readOnce({ command }, undefined, verifying());
    append(signed.slice(3, 4));
    const second = await readOnce({ command }, first.saved, verifying());
    append(signed.slice(4));
    const third = await readOnce({ command }, second.saved, verifying());
    expect([first, second, third].flatMap(statuses)).toEqual(signed.map(() => 'verified'));
    // Without keys, the cursor of such a position is enough.
    expect((await readOnce({ command }, second.saved)).records).toHaveLength(3);
    replace(signed.slice(5));
    const behind = await readOnce({ command }, first.saved, verifying());
    expect(behind.findings.map(({ event }) => event)).toEqual(['cryptrail.source.data_lost']);
    expect(statuses(behind)).toEqual(['cryptrail.integrity.chain_start_missing', 'unanchored', 'unanchored']);
  });

  it('follows the journal until it is told to end', async () => {
    const { command, append } = createFakeJournalctl(entries(1, 2));
    const reading = follow({ command });
    await until(() => reading.memory.records.length === 2);
    append(entries(3, 3));
    await until(() => reading.memory.records.length === 3);
    await reading.end();
    expect(bodies(reading.memory)).toEqual(names(1, 3));
  });

  it('fault 42 goes on when journalctl dies, in the middle of an entry too, and loses and repeats nothing', async () => {
    const { command, dieAfter, append } = createFakeJournalctl(entries(1, 20));
    dieAfter(1000);
    const reading = follow({ command });
    await until(() => reading.memory.records.length === 20);
    append(entries(21, 25));
    await until(() => reading.memory.records.length === 25);
    await reading.end();
    expect(bodies(reading.memory)).toEqual(names(1, 25));
    expect(reading.memory.notes.join()).toContain('ended with 1: Bad message; starting it again');
  });

  it('fault 42 reports that entries were deleted before they were read, and does not when none was', async () => {
    const { command, replace } = createFakeJournalctl(entries(1, 5));
    const { saved } = await readOnce({ command });
    replace(entries(6, 8));
    const whole = await readOnce({ command }, saved);
    expect([bodies(whole), whole.findings]).toEqual([names(6, 8), []]);
    replace(entries(9, 12));
    const cut = await readOnce({ command }, saved);
    expect(bodies(cut)).toEqual(names(9, 12));
    expect(cut.findings.map(({ event, message }) => [event, message])).toEqual([
      ['cryptrail.source.data_lost', expect.stringContaining('Up to 3 entries')],
    ]);
    replace([]);
    expect((await readOnce({ command }, saved)).findings[0]?.message).toContain('Nobody can tell how many');
  });

  it('fault 42 keeps a message over 4 KiB and one with bytes that do not print', async () => {
    const long = JSON.stringify({ log_type: 'application', message: 'x'.repeat(200_000) });
    const bytes = Buffer.from(`{"log_type":"application","message":"\u007f m1"}`);
    const { command } = createFakeJournalctl([entry(1, { MESSAGE: long }), entry(2, { MESSAGE: bytes })]);
    const memory = await readOnce({ command });
    expect(memory.records.map(({ eventName }) => eventName)).toEqual(Array(2).fill('aqtive.application.message'));
    expect(bodies(memory)[0]).toHaveLength(200_000);
  });

  it('joins an entry that the journal cut, and goes on behind what was given out', async () => {
    const [head, tail] = [entry(1).MESSAGE?.slice(0, 30) ?? '', entry(1).MESSAGE?.slice(30) ?? ''];
    const stream = { _STREAM_ID: 'c'.repeat(32) };
    const { command, append } = createFakeJournalctl([
      entry(1, { ...stream, MESSAGE: head, _LINE_BREAK: 'line-max' }),
      entry(2),
    ]);
    const reading = follow({ command });
    await until(() => reading.memory.records.length === 1);
    // The beginning of the first is held, so nothing may be said of what is behind it.
    expect(reading.memory.saved.size).toBe(0);
    append([entry(3, { ...stream, MESSAGE: tail })]);
    await until(() => reading.memory.records.length === 2);
    await reading.end();
    expect(bodies(reading.memory)).toEqual(['m2', 'm1']);
    expect(reading.memory.saved.get('journal')).toBe(cursorOf(3));
  });

  it('takes units by name and by glob, also one that did not exist at the start, and identifiers', async () => {
    const other = entry(2, { _SYSTEMD_UNIT: 'cron.service', SYSLOG_IDENTIFIER: 'cron' });
    const { command, append } = createFakeJournalctl([entry(1), other]);
    const reading = follow({ command, units: ['aqtive-guard*'] });
    await until(() => reading.memory.records.length === 1);
    append([
      entry(3, { _SYSTEMD_UNIT: 'aqtive-guard-new.service' }),
      entry(4, { _SYSTEMD_UNIT: 'init.scope', UNIT: 'aqtive-guard-web.service' }),
    ]);
    await until(() => reading.memory.records.length === 3);
    await reading.end();
    expect(bodies(reading.memory)).toEqual(['m1', 'm3', 'm4']);
    expect(bodies(await readOnce({ command, identifiers: ['cron'] }))).toEqual(['m2']);
    expect(bodies(await readOnce({ command, units: ['cron.service'] }))).toEqual(['m2']);
  });

  it('begins at the end when it is told to', async () => {
    const { command, append } = createFakeJournalctl(entries(1, 3));
    const first = await readOnce({ command, startAt: 'end' });
    expect(first.records).toEqual([]);
    append(entries(4, 4));
    expect(bodies(await readOnce({ command, startAt: 'end' }, first.saved))).toEqual(['m4']);
  });

  it('says that the program is missing', async () => {
    const failure = openJournaldSource({ command: 'no-such-journalctl' }).run(createMemoryContext().context);
    await expect(failure).rejects.toThrow('no-such-journalctl is not installed here');
  });
});
