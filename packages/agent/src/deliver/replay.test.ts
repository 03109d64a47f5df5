import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { encodeLogs } from '@cryptrail/exporter/otlp';
import { describe, expect, it } from 'vitest';
import { bodiesOf, numbered, startBackend, temporaryFolder } from '../../test/delivered-records.ts';
import { createDeadLetters } from './dead-letters.ts';
import { openDelivery } from './open-delivery.ts';
import { type ReplayOptions, replayFile } from './replay.ts';

/** A state directory with so many dead letters. */
async function withLetters(count: number) {
  const directory = temporaryFolder();
  const letters = createDeadLetters({ directory, endpoint: 'http://127.0.0.1:9/v1/logs', warn: () => {} });
  const keep = (at: number) =>
    letters.keep({ logs: encodeLogs(numbered(1, at)), refused: 1, reason: 'status 400 before' });
  for (let at = 0; at < count; at += 1) await keep(at);
  const left = () => (existsSync(letters.path) ? readFileSync(letters.path, 'utf8').split('\n').filter(Boolean) : []);
  return { path: letters.path, keep, left };
}

function options(endpoint: string, signal = new AbortController().signal): ReplayOptions {
  return {
    signal,
    now: () => new Date(0),
    open: (_, onDeadLetter) =>
      openDelivery({ endpoint, environment: { OTEL_EXPORTER_OTLP_TIMEOUT: '400' }, onDeadLetter }),
  };
}

describe('replayFile', () => {
  it('sends every letter and leaves nothing behind', async () => {
    const { endpoint, taken } = await startBackend(() => 200);
    const { path } = await withLetters(5);
    expect(await replayFile(path, options(endpoint))).toEqual({ accepted: 5, refused: 0, left: 0, unreadable: 0 });
    expect(taken).toEqual(numbered(5).map(({ body }) => body));
    expect(existsSync(path)).toBe(false);
    expect(existsSync(`${path}.replay`)).toBe(false);
  });

  it('leaves what is refused again, with the new reason, and what is no letter', async () => {
    const { endpoint, taken } = await startBackend((bodies) => (bodies.includes('record 2') ? 400 : 200));
    const { path, left } = await withLetters(4);
    writeFileSync(path, `not a letter\n${readFileSync(path, 'utf8')}`);
    const result = await replayFile(path, options(endpoint));
    expect(result).toMatchObject({ accepted: 3, refused: 1, left: 0, unreadable: 1 });
    expect(result.reason).toMatch(/^status 400.*acra\.log record 3/);
    expect(new Set(taken)).toEqual(new Set(['record 0', 'record 1', 'record 3']));
    const [letter, other] = left();
    expect(bodiesOf(letter ?? '')).toEqual(['record 2']);
    expect(JSON.parse(letter ?? '').cryptrail.reason).toMatch(/^status 400 \(/);
    expect(other).toBe('not a letter');
  });

  it('leaves everything as it was when nobody answers', async () => {
    const { path, left } = await withLetters(3);
    const before = left();
    const result = await replayFile(path, options('http://127.0.0.1:9'));
    expect(result).toMatchObject({ accepted: 0, refused: 0, left: 3, unreadable: 0 });
    expect(left()).toEqual(before);
  });

  it('takes up what a replay that broke off has left, and then the file', async () => {
    const { endpoint, taken } = await startBackend(() => 200);
    const { path, keep } = await withLetters(2);
    writeFileSync(`${path}.replay`, readFileSync(path));
    writeFileSync(path, '');
    await keep(2);
    expect(await replayFile(path, options(endpoint))).toMatchObject({ accepted: 3, left: 0 });
    expect(taken).toEqual(['record 0', 'record 1', 'record 2']);
  });

  it('puts back what was not sent when it is broken off', async () => {
    const { endpoint } = await startBackend(() => 200);
    const { path, left } = await withLetters(3);
    const stop = new AbortController();
    stop.abort();
    await replayFile(path, options(endpoint, stop.signal));
    expect(left().flatMap(bodiesOf)).toEqual(['record 0', 'record 1', 'record 2']);
    expect(existsSync(`${path}.replay`)).toBe(false);
  });
});
