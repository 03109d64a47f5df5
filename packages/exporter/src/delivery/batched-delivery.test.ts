import type { LogRecord } from '@cryptrail/mapper';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logRecord } from '../../test/log-records.ts';
import { decodeProtobuf } from '../otlp/decode-protobuf.ts';
import { encodeLogs } from '../otlp/encode-logs.ts';
import type { EncodedLogs } from '../otlp/encoded-logs.ts';
import { joinGroups } from '../otlp/join-groups.ts';
import { BatchedDelivery, type DeliveryHooks } from './batched-delivery.ts';
import type { Answer, Sender } from './sender.ts';
import type { BatchLimits, DeadLetter, DeliveryCondition, Settlement } from './types.ts';

const LIMITS: BatchLimits = {
  timeoutMillis: 60_000,
  forever: true,
  maxBatchBytes: 1_000_000,
  maxBatchRecords: 4096,
  maxInFlight: 4,
  maxHeldBytes: 4_000_000,
  lingerMillis: 200,
  background: false,
};
const ACCEPTED: Answer = { kind: 'accepted', rejected: 0 };

const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) =>
    logRecord({ body: `record ${from + at}`, attributes: { 'log.file.record_number': from + at + 1 } }),
  );

function bodiesOf(logs: EncodedLogs): string[] {
  const { resourceLogs } = decodeProtobuf(joinGroups(logs), Number.POSITIVE_INFINITY);
  return resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ body }) => body?.stringValue ?? '')),
  );
}

/** A delivery to a backend that answers as told, and everything that was asked of it. */
function deliverTo(
  backend: (bodies: readonly string[], at: number) => Answer | Promise<Answer>,
  limits: Partial<BatchLimits> = {},
  hooks: DeliveryHooks = {},
) {
  const asked: string[][] = [];
  const sender: Sender = {
    prepare: async (logs) => async () => {
      const bodies = bodiesOf(logs);
      asked.push(bodies);
      return backend(bodies, asked.length - 1);
    },
    shutdown: async () => {},
  };
  const letters: DeadLetter[] = [];
  const onDeadLetter = (letter: DeadLetter) => void letters.push(letter);
  const delivery = new BatchedDelivery(sender, { ...LIMITS, ...limits }, { onDeadLetter, ...hooks });
  return { delivery, asked, letters, buried: () => letters.flatMap(({ logs }) => bodiesOf(logs)) };
}

/** A backend that refuses requests with certain records, as one that answers 400. */
const refusing =
  (poison: ReadonlySet<string>) =>
  (bodies: readonly string[]): Answer =>
    bodies.some((body) => poison.has(body)) ? { kind: 'content', reason: 'status 400 bad record' } : ACCEPTED;

/** A backend that takes what it can of a request and rejects the others, without saying which. */
const rejecting =
  (poison: ReadonlySet<string>) =>
  (bodies: readonly string[]): Answer => {
    const rejected = bodies.filter((body) => poison.has(body)).length;
    return rejected === 0 ? ACCEPTED : { kind: 'accepted', rejected, reason: 'rejected' };
  };

describe('BatchedDelivery', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells a sender when its records are accepted, also when they went in several requests', async () => {
    const { delivery, asked } = deliverTo(() => ACCEPTED, { maxBatchRecords: 2 });
    const settlements: Settlement[] = [];
    delivery.push(numbered(5), { onSettled: (settlement) => settlements.push(settlement) });
    expect(settlements).toEqual([]);
    await delivery.flush();
    expect(settlements).toEqual([{ accepted: 5, deadLettered: 0 }]);
    expect(asked.map(({ length }) => length)).toEqual([2, 2, 1]);
  });

  it('settles what holds no records at once', () => {
    const { delivery } = deliverTo(() => ACCEPTED);
    const settlements: Settlement[] = [];
    delivery.push([], { onSettled: (settlement) => settlements.push(settlement) });
    expect(settlements).toEqual([{ accepted: 0, deadLettered: 0 }]);
  });

  it('sends a request that is not full after a while', async () => {
    const { delivery, asked } = deliverTo(() => ACCEPTED);
    delivery.push(numbered(1));
    delivery.push(encodeLogs(numbered(1, 1)));
    await vi.advanceTimersByTimeAsync(199);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([['record 0', 'record 1']]);
  });

  it('puts no more bytes into a request than it may', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.nat(400), { maxLength: 6 }), { maxLength: 6 }), async (pushes) => {
        const { delivery, asked } = deliverTo(() => ACCEPTED, { maxBatchBytes: 500, maxInFlight: 1 });
        const all = pushes.map((lengths) => lengths.map((length) => logRecord({ body: 'x'.repeat(length) })));
        for (const records of all) delivery.push(records);
        await delivery.flush();
        expect(asked.flat()).toEqual(all.flat().map(({ body }) => body));
        const bytesOf = (bodies: string[]) =>
          encodeLogs(bodies.map((body) => logRecord({ body }))).reduce((sum, { records }) => sum + records.length, 0);
        for (const bodies of asked) expect(bodies.length === 1 || bytesOf(bodies) <= 500).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('F06 costs a batch of 4,000 exactly the record that is refused, and names its place', async () => {
    const { delivery, asked, letters, buried } = deliverTo(refusing(new Set(['record 1234'])));
    const settlements: Settlement[] = [];
    delivery.push(numbered(4000), { onSettled: (settlement) => settlements.push(settlement) });
    await delivery.flush();
    expect(buried()).toEqual(['record 1234']);
    expect(letters[0]).toMatchObject({ refused: 1, reason: 'status 400 bad record (record 1235)' });
    expect(settlements).toEqual([{ accepted: 3999, deadLettered: 1, reason: 'status 400 bad record (record 1235)' }]);
    expect(asked.length).toBeLessThanOrEqual(2 * 12 + 1);
  });

  it.each([
    ['refuses whole requests', refusing],
    ['takes part of a request', rejecting],
  ] as const)('finds every poison record of a backend that %s, and loses no other', async (_, backendOf) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (flags) => {
        const poison = new Set(flags.flatMap((isPoison, at) => (isPoison ? [`record ${at}`] : [])));
        const taken = new Set<string>();
        const { delivery, buried } = deliverTo((bodies) => {
          const answer = backendOf(poison)(bodies);
          if (answer.kind === 'accepted') for (const body of bodies) if (!poison.has(body)) taken.add(body);
          return answer;
        });
        const settlements: Settlement[] = [];
        for (const record of numbered(flags.length)) {
          delivery.push([record], { onSettled: (settlement) => settlements.push(settlement) });
        }
        await delivery.flush();
        expect(new Set(buried())).toEqual(poison);
        expect(taken.size).toBe(flags.length - poison.size);
        const sum = (name: 'accepted' | 'deadLettered') => settlements.reduce((all, one) => all + one[name], 0);
        expect([sum('accepted'), sum('deadLettered')]).toEqual([flags.length - poison.size, poison.size]);
      }),
      { numRuns: 60 },
    );
  });

  it('sends what was accepted at most once more in search of one rejected record', async () => {
    const { delivery, asked } = deliverTo(rejecting(new Set(['record 700'])));
    delivery.push(numbered(1024));
    await delivery.flush();
    const times = new Map<string, number>();
    for (const body of asked.flat()) times.set(body, (times.get(body) ?? 0) + 1);
    expect(asked.flat().length).toBeLessThanOrEqual(2 * 1024);
    expect(asked).toHaveLength(11);
  });

  it('asks nothing more when all of a request was rejected', async () => {
    const { delivery, asked, buried } = deliverTo(rejecting(new Set(['record 0', 'record 1'])));
    delivery.push(numbered(2));
    await delivery.flush();
    expect(asked).toHaveLength(1);
    expect(buried()).toEqual(['record 0', 'record 1']);
  });

  it('keeps the whole when a backend contradicts itself about what it rejected', async () => {
    // It takes a record once and rejects it when it comes again.
    const { delivery, asked, letters, buried } = deliverTo((bodies, at) =>
      at === 0 ? { kind: 'accepted', rejected: 1 } : { kind: 'accepted', rejected: bodies.length },
    );
    const settlements: Settlement[] = [];
    delivery.push(numbered(8), { onSettled: (settlement) => settlements.push(settlement) });
    await delivery.flush();
    expect(asked).toHaveLength(2);
    expect(buried()).toHaveLength(8);
    expect(letters[0]).toMatchObject({ refused: 1, reason: expect.stringContaining('one of 8 from record 1') });
    expect(settlements).toMatchObject([{ accepted: 7, deadLettered: 1 }]);
  });

  it('halves what is too large, down to a record that is too large by itself', async () => {
    const { delivery, buried } = deliverTo((bodies) =>
      bodies.length > 2 || bodies.includes('record 5') ? { kind: 'too-large', reason: 'status 413' } : ACCEPTED,
    );
    delivery.push(numbered(9));
    await delivery.flush();
    expect(buried()).toEqual(['record 5']);
    expect(delivery.counts()).toMatchObject({ delivered: 8, refused: 1, held: 0, heldBytes: 0 });
  });

  it('C30 waits for a backend that stays away, and has lost nothing', async () => {
    let isUp = false;
    const { delivery, asked } = deliverTo(() => (isUp ? ACCEPTED : { kind: 'unavailable', reason: 'ECONNREFUSED' }));
    delivery.push(numbered(3));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(delivery.condition()).toEqual({ status: 'waiting', reason: 'ECONNREFUSED' });
    expect(asked.length).toBeGreaterThan(240);
    expect(asked.length).toBeLessThan(520);
    isUp = true;
    await vi.advanceTimersByTimeAsync(15_001);
    expect(delivery.condition()).toEqual({ status: 'delivering' });
    expect(delivery.counts()).toMatchObject({ delivered: 3, held: 0 });
  });

  it('tries everything at once as soon as one request got through', async () => {
    let isUp = false;
    const { delivery, asked } = deliverTo(() => (isUp ? ACCEPTED : { kind: 'unavailable', reason: 'away' }), {
      maxBatchRecords: 1,
    });
    delivery.push(numbered(8));
    await vi.advanceTimersByTimeAsync(600_000);
    isUp = true;
    const before = asked.length;
    await vi.advanceTimersToNextTimerAsync();
    expect(asked.length - before).toBe(8);
  });

  it('lets nobody ask before the time that the backend named', async () => {
    const { delivery, asked } = deliverTo(
      (_, at) => (at === 0 ? { kind: 'unavailable', reason: '429', retryAfterMillis: 30_000 } : ACCEPTED),
      { maxBatchRecords: 1, maxInFlight: 1 },
    );
    delivery.push(numbered(2));
    await vi.advanceTimersByTimeAsync(29_999);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(asked).toHaveLength(3);
  });

  it('does not flood a backend that asks for no wait at all, for ever', async () => {
    const { delivery, asked } = deliverTo(() => ({ kind: 'unavailable', reason: '503', retryAfterMillis: 0 }));
    delivery.push(numbered(1));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(asked.length).toBeLessThan(700);
  });

  it('asks again after five minutes whatever the backend says', async () => {
    const { delivery, asked } = deliverTo((_, at) =>
      at === 0 ? { kind: 'unavailable', reason: '503', retryAfterMillis: 86_400_000 } : ACCEPTED,
    );
    delivery.push(numbered(1));
    await vi.advanceTimersByTimeAsync(300_500);
    expect(asked).toHaveLength(2);
  });

  it('waits for a person when the sender is refused, and says so', async () => {
    let isMended = false;
    const heard: DeliveryCondition[] = [];
    const { delivery, letters } = deliverTo(
      () => (isMended ? ACCEPTED : { kind: 'set-up', reason: 'status 401' }),
      {},
      { onCondition: (condition) => heard.push(condition) },
    );
    delivery.push(numbered(2));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(delivery.condition()).toEqual({ status: 'refused', reason: 'status 401' });
    isMended = true;
    await vi.advanceTimersByTimeAsync(16_000);
    expect(heard.map(({ status }) => status)).toEqual(['refused', 'delivering']);
    expect(letters).toEqual([]);
    expect(delivery.counts()).toMatchObject({ delivered: 2, refused: 0 });
  });

  it('suspects a record over which the backend fails while it takes others', async () => {
    const { delivery, buried } = deliverTo((bodies) =>
      bodies.includes('record 3') ? { kind: 'faulty', reason: 'status 500' } : ACCEPTED,
    );
    delivery.push(numbered(8));
    // The record alone is suspected only once others were taken since it was first sent alone.
    const more = setInterval(() => delivery.push(numbered(1, 100)), 1000);
    await vi.advanceTimersByTimeAsync(120_000);
    clearInterval(more);
    await delivery.flush();
    expect(buried()).toEqual(['record 3']);
  });

  it('gives up no record to a backend that fails over everything', async () => {
    let isUp = false;
    const { delivery, letters } = deliverTo(() => (isUp ? ACCEPTED : { kind: 'faulty', reason: 'status 500' }));
    delivery.push(numbered(4));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(letters).toEqual([]);
    isUp = true;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(delivery.counts()).toMatchObject({ delivered: 4, refused: 0 });
  });

  it('holds a refused record for as long as it cannot be kept elsewhere', async () => {
    let isFull = true;
    const heard: DeliveryCondition[] = [];
    const { delivery } = deliverTo(
      refusing(new Set(['record 1'])),
      {},
      {
        onCondition: (condition) => heard.push(condition),
        onDeadLetter: () => {
          if (isFull) throw new Error('the dead-letter file is full');
        },
      },
    );
    const settlements: Settlement[] = [];
    delivery.push(numbered(3), { onSettled: (settlement) => settlements.push(settlement) });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(settlements).toEqual([]);
    expect(delivery.condition()).toEqual({ status: 'waiting', reason: 'the dead-letter file is full' });
    isFull = false;
    await vi.advanceTimersByTimeAsync(16_000);
    expect(settlements).toMatchObject([{ accepted: 2, deadLettered: 1 }]);
    expect(heard.map(({ status }) => status)).toEqual(['waiting', 'delivering']);
  });

  it('asks for a wait when enough is held, and lets go as soon as there is room', async () => {
    let release: () => void = () => {};
    const { delivery } = deliverTo(
      async () => {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return ACCEPTED;
      },
      { maxHeldBytes: 1000, maxBatchBytes: 500, maxInFlight: 1 },
    );
    const long = (): LogRecord[] => [logRecord({ body: 'x'.repeat(400) })];
    expect(delivery.push(long())).toBeUndefined();
    const room = delivery.push(long()) ?? delivery.push(long());
    expect(room).toBeInstanceOf(Promise);
    expect(delivery.counts().heldBytes).toBeGreaterThanOrEqual(1000);
    await vi.advanceTimersByTimeAsync(0);
    release();
    await room;
    expect(delivery.counts().heldBytes).toBeLessThan(1000);
  });

  it('ends within the time it is given, and counts what was still under way', async () => {
    const { delivery } = deliverTo(() => ({ kind: 'unavailable', reason: 'away' }));
    const settlements: Settlement[] = [];
    delivery.push(numbered(3), { onSettled: (settlement) => settlements.push(settlement) });
    const ended = delivery.end({ withinMillis: 5000 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(await ended).toEqual({ delivered: 0, refused: 0, unsettled: 3 });
    expect(settlements).toEqual([]);
    expect(delivery.push(numbered(1))).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves the position of what it gives up where it is', async () => {
    const { delivery } = deliverTo(() => ({ kind: 'set-up', reason: 'status 403' }), { forever: false });
    const settlements: Settlement[] = [];
    delivery.push(numbered(3), { onSettled: (settlement) => settlements.push(settlement) });
    expect(await delivery.end()).toEqual({ delivered: 0, refused: 3, error: 'status 403' });
    expect(settlements).toEqual([]);
  });

  it('goes on when a callback throws', async () => {
    const { delivery } = deliverTo(() => ACCEPTED);
    delivery.push(numbered(1), {
      onSettled: () => {
        throw new Error('theirs');
      },
    });
    delivery.push(numbered(1));
    expect(await delivery.end()).toEqual({ delivered: 2, refused: 0 });
  });
});
