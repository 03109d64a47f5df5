import type { LogRecord } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { createDuplicateTest } from './duplicates.ts';

function record(uid: string | undefined, changes: Partial<LogRecord> = {}): LogRecord {
  return {
    timeUnixNano: 1n,
    observedTimeUnixNano: 2n,
    severityNumber: 0,
    body: 'body',
    attributes: new Map(uid === undefined ? [] : [['log.record.uid', uid]]),
    resource: { attributes: new Map() },
    product: 'made-up',
    issues: [],
    ...changes,
  };
}

describe('createDuplicateTest', () => {
  it('E32 knows a copy by id, product and content', () => {
    const isDuplicate = createDuplicateTest();
    expect(isDuplicate(record('a'))).toBe(false);
    expect(isDuplicate(record('b'))).toBe(false);
    expect(isDuplicate(record('a', { observedTimeUnixNano: 3n }))).toBe(true);
  });

  it('takes no different record for a copy, whatever its id', () => {
    const isDuplicate = createDuplicateTest();
    const records = [
      record('a'),
      record('a', { body: 'another' }),
      record('a', { timeUnixNano: 5n }),
      record('a', { eventName: 'x.y' }),
      record('a', { product: 'other' }),
      record(undefined),
      record(undefined),
    ];
    expect(records.filter(isDuplicate)).toEqual([]);
  });

  it('remembers so many ids and no more', () => {
    const isDuplicate = createDuplicateTest(2);
    for (const uid of ['a', 'b', 'c']) expect(isDuplicate(record(uid))).toBe(false);
    expect(isDuplicate(record('b'))).toBe(true);
    expect(isDuplicate(record('a'))).toBe(false);
  });
});
