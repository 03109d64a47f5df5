import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeLogs } from '@cryptrail/exporter/otlp';
import { describe, expect, it } from 'vitest';
import { bodiesOf, numbered, temporaryFolder } from '../../test/delivered-records.ts';
import { readDeadLetter } from './dead-letter-line.ts';
import { createDeadLetters, type DeadLetterOptions, withoutCredentials } from './dead-letters.ts';

function openIn(directory: string, more: Partial<DeadLetterOptions> = {}) {
  const warned: string[] = [];
  const letters = createDeadLetters({
    directory,
    endpoint: 'https://user:secret@backend.example.com/v1/logs?token=1',
    warn: (message) => warned.push(message),
    now: () => 0,
    ...more,
  });
  const keep = (at: number) =>
    letters.keep({ logs: encodeLogs(numbered(1, at)), refused: 1, reason: 'status 400 bad' });
  return { letters, keep, warned, lines: () => readFileSync(letters.path, 'utf8').split('\n').slice(0, -1) };
}

describe('createDeadLetters', () => {
  it('keeps each record as a line of OTLP JSON with reason, time and address, for its owner alone', async () => {
    const { letters, keep, lines } = openIn(temporaryFolder());
    await Promise.all([keep(0), keep(1), keep(2)]);
    expect(lines().map(bodiesOf)).toEqual([['record 0'], ['record 1'], ['record 2']]);
    expect(JSON.parse(lines()[0] ?? '').cryptrail).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      endpoint: 'https://backend.example.com/v1/logs',
      reason: 'status 400 bad',
      refused: 1,
    });
    expect(statSync(letters.path).mode & 0o777).toBe(0o600);
    expect(readFileSync(letters.path, 'utf8')).not.toContain('secret');
  });

  it('gives back the very records', async () => {
    const { keep, lines } = openIn(temporaryFolder());
    await keep(7);
    expect(readDeadLetter(lines()[0] ?? '')).toMatchObject({
      refused: 1,
      logs: [{ count: 1, records: encodeLogs(numbered(1, 7))[0]?.records }],
    });
  });

  it('keeps records that nobody can decode, and gives them back', async () => {
    const { letters, lines } = openIn(temporaryFolder());
    const [group] = encodeLogs(numbered(1));
    if (!group) throw new Error('expected a group');
    const broken = { ...group, records: new Uint8Array([0x12, 2, 0xff, 0xff]) };
    await letters.keep({ logs: [broken], refused: 1, reason: 'malformed' });
    expect(readDeadLetter(lines()[0] ?? '')?.logs[0]?.records).toEqual(broken.records);
  });

  it('refuses with words when the file has reached its size, and loses nothing that is in it', async () => {
    const folder = temporaryFolder();
    const { keep, lines } = openIn(folder, { maxBytes: 900 });
    await keep(0);
    await expect(keep(1)).rejects.toThrow(/dead letters in .* have reached 0 MiB.*cryptrail replay/);
    expect(lines()).toHaveLength(1);
  });

  it('cuts off what a crash left of a line', async () => {
    const { letters, keep, lines } = openIn(temporaryFolder());
    await keep(0);
    appendFileSync(letters.path, '{"cryptrail":{"time":"2026');
    await keep(1);
    expect(lines().map(bodiesOf)).toEqual([['record 0'], ['record 1']]);
  });

  it('touches no file that somebody else wrote', async () => {
    const folder = temporaryFolder();
    const { letters, keep } = openIn(folder);
    writeFileSync(letters.path, 'my notes, without a line break');
    await expect(keep(0)).rejects.toThrow(/not written by cryptrail/);
    expect(readFileSync(letters.path, 'utf8')).toBe('my notes, without a line break');
  });

  it('says that the directory cannot be written, and can be tried again', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'state'), '');
    const { keep } = openIn(join(folder, 'state'));
    await expect(keep(0)).rejects.toThrow(/dead letters cannot be written to/);
  });

  it('tells of the first and then at most every ten seconds, with how many there were', async () => {
    let now = 0;
    const { keep, warned } = openIn(temporaryFolder(), { now: () => now });
    for (let at = 0; at < 5; at += 1) await keep(at);
    now = 10_000;
    await keep(5);
    expect(warned).toHaveLength(2);
    expect(warned[1]).toContain('(and 4 more before it)');
  });
});

it('shows of an address its host and path alone', () => {
  expect(withoutCredentials('http://localhost:4318')).toBe('http://localhost:4318');
  expect(withoutCredentials('nonsense')).toBe('');
});
