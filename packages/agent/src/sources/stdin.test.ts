import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createMemoryContext, until } from '../../test/memory-context.ts';
import { openStdinSource } from './stdin.ts';

const line = (code: number) =>
  `{"code":${code},"level":"warning","msg":"m","product":"acra-server","unixTime":"1.500"}\n`;
const codes = (memory: ReturnType<typeof createMemoryContext>) =>
  memory.records.map(({ attributes }) => attributes.get('cryptrail.code'));

describe('openStdinSource', () => {
  it('E44 reads standard input to its end, the last line without a line break too', async () => {
    const memory = createMemoryContext();
    const text = line(587) + line(560).trim();
    await openStdinSource({}, Readable.from([Buffer.from(text.slice(0, 20)), Buffer.from(text.slice(20))])).run(
      memory.context,
    );
    expect(codes(memory)).toEqual(['587', '560']);
    expect(memory.stretches.every(({ position }) => position === undefined)).toBe(true);
  });

  it('gives out records while the input stays open, and the rest when the agent ends', async () => {
    const memory = createMemoryContext({ untilIdle: false });
    const stdin = new PassThrough();
    const running = openStdinSource({}, stdin).run(memory.context);
    stdin.write(line(587));
    await until(() => memory.records.length === 1);
    stdin.write(line(560).trim());
    await until(() => stdin.readableLength === 0);
    memory.stop();
    await running;
    expect(codes(memory)).toEqual(['587', '560']);
  });

  it('gives out a record of several lines when nothing follows it', async () => {
    const memory = createMemoryContext({ untilIdle: false });
    const stdin = new PassThrough();
    const running = openStdinSource({}, stdin).run(memory.context);
    stdin.write('Traceback (most recent call last):\n  File "x.py", line 1, in <module>\nValueError: no\n');
    await until(() => memory.records.length === 1);
    memory.stop();
    await running;
    expect(memory.records).toHaveLength(1);
  });

  it('reads nothing ahead of what is taken', async () => {
    let release = () => {};
    const taken = new Promise<void>((resolve) => {
      release = resolve;
    });
    const memory = createMemoryContext({ onPush: () => taken.then(() => undefined) });
    let given = 0;
    const stdin = Readable.from(
      (async function* () {
        for (; given < 200; given += 1) yield Buffer.from(line(587).repeat(100));
      })(),
    );
    const running = openStdinSource({}, stdin).run(memory.context);
    await until(() => given > 0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(given).toBeLessThan(30);
    release();
    await running;
    expect(memory.records).toHaveLength(20_000);
  });

  it('reads in the form that is named', async () => {
    const memory = createMemoryContext();
    await openStdinSource({ input: 'lines', id: 'pipe' }, Readable.from([Buffer.from('pk,a\n')])).run(memory.context);
    expect(memory.records.map(({ parseStatus }) => parseStatus)).toEqual(['foreign']);
  });
});
