import type { LogRecord } from '@cryptrail/mapper';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acraServer, arbitraryRecord, ejbca, logRecord } from '../../test/log-records.ts';
import { cutGroup } from './cut-records.ts';
import { encodeLogs } from './encode-logs.ts';
import { joinGroups } from './join-groups.ts';
import { groupByResource } from './resource-runs.ts';
import { toOtlpProtobuf } from './to-otlp-protobuf.ts';

const records = fc.array(arbitraryRecord(), { maxLength: 8 });
const numbered = (count: number) => Array.from({ length: count }, (_, at) => logRecord({ body: `record ${at}` }));

describe('encodeLogs and joinGroups', () => {
  it('F02 give the very bytes of one request that is grouped by resource', () => {
    fc.assert(
      fc.property(records, (given) => {
        expect(joinGroups(encodeLogs(given))).toEqual(toOtlpProtobuf(groupByResource(given)));
      }),
    );
  });

  it('put groups of several calls together as if they had been one', () => {
    fc.assert(
      fc.property(records, records, (some, others) => {
        const apart = joinGroups([...encodeLogs(some), ...encodeLogs(others)]);
        expect(apart).toEqual(toOtlpProtobuf(groupByResource([...some, ...others])));
      }),
    );
  });

  it('keep scopes and schema addresses apart', () => {
    const [group] = encodeLogs(numbered(1));
    const [other] = encodeLogs(numbered(1), { name: 'other', schemaUrl: 'https://example.com/1' });
    if (!group || !other) throw new Error('expected groups');
    const ends = (logs: Parameters<typeof joinGroups>[0]) => joinGroups(logs).filter((byte) => byte === 0x0a).length;
    expect(ends([group, other])).toBeGreaterThan(ends([group, group]));
    expect(joinGroups([group, { ...group, resourceSchemaUrl: 'a' }])).not.toEqual(joinGroups([group, group]));
  });

  it('encode a shared resource once', () => {
    const logs = encodeLogs([acraServer, ejbca, acraServer].map((resource) => logRecord({ resource })));
    expect(logs.map(({ count }) => count)).toEqual([1, 1, 1]);
    expect(logs[2]?.resource).toBe(logs[0]?.resource);
  });
});

describe('cutGroup', () => {
  const cut = (given: readonly LogRecord[], at: number) => {
    const [group] = encodeLogs(given);
    if (!group) throw new Error('expected a group');
    return cutGroup(group, (count) => count > at);
  };

  it('cuts at the border of a record', () => {
    const given = [...numbered(3), logRecord({ body: 'x'.repeat(100_000) }), ...numbered(2)];
    for (let at = 1; at < given.length; at += 1) {
      const [first, rest] = cut(given, at);
      expect([first?.count, rest?.count]).toEqual([at, given.length - at]);
      expect(first && joinGroups([first])).toEqual(toOtlpProtobuf(given.slice(0, at)));
      expect(rest && joinGroups([rest])).toEqual(toOtlpProtobuf(given.slice(at)));
    }
  });

  it('gives no empty parts', () => {
    expect(cut(numbered(2), 0).map((part) => part?.count)).toEqual([undefined, 2]);
    expect(cut(numbered(2), 2).map((part) => part?.count)).toEqual([2, undefined]);
  });

  it('leaves whole what is no run of records', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (bytes, count) => {
        const [group] = encodeLogs(numbered(1));
        if (!group) throw new Error('expected a group');
        const [first, rest] = cutGroup({ ...group, records: bytes, count }, (records) => records > 1);
        expect((first?.count ?? 0) + (rest?.count ?? 0)).toBe(count);
        expect((first?.records.length ?? 0) + (rest?.records.length ?? 0)).toBe(bytes.length);
      }),
    );
  });
});
