import type { LogRecord } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { createBatchingSink } from './record-sink.ts';

const record = (body: string): LogRecord => ({
  timeUnixNano: 0n,
  observedTimeUnixNano: 0n,
  severityNumber: 0,
  body,
  attributes: new Map(),
  resource: { attributes: new Map() },
  issues: [],
});

describe('createBatchingSink', () => {
  it('hands over full batches in order, and the rest when asked', async () => {
    const batches: string[] = [];
    const sink = createBatchingSink(async (batch) => void batches.push(batch.map(({ body }) => body).join('')), {
      maxRecords: 2,
    });
    for (const body of 'abcde') await sink.write(record(body));
    expect(batches).toEqual(['ab', 'cd']);
    await sink.flush();
    await sink.flush();
    expect(batches).toEqual(['ab', 'cd', 'e']);
  });

  it('F05 lets long records not pile up', async () => {
    const sizes: number[] = [];
    const sink = createBatchingSink(async (batch) => void sizes.push(batch.length), {
      maxRecords: 512,
      maxLength: 1000,
    });
    for (let count = 0; count < 4; count += 1) await sink.write(record('x'.repeat(600)));
    expect(sizes).toEqual([2, 2]);
  });

  it('makes the writer wait until a batch is taken', async () => {
    let take = () => {};
    const sink = createBatchingSink(
      () =>
        new Promise<void>((resolve) => {
          take = resolve;
        }),
      { maxRecords: 1 },
    );
    let written = false;
    const writing = Promise.resolve(sink.write(record('a'))).then(() => {
      written = true;
    });
    await Promise.resolve();
    expect(written).toBe(false);
    take();
    await writing;
    expect(written).toBe(true);
  });
});
