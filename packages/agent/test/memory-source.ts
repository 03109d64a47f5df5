import type { LogRecord } from '@cryptrail/mapper';
import type { Settlement, Source, SourceContext, Stretch } from '../src/sources/source.ts';

/** A record with a body, and what else is said. */
export function record(body: string, more: Partial<LogRecord> = {}): LogRecord {
  return {
    timeUnixNano: 0n,
    observedTimeUnixNano: 1n,
    severityNumber: 0,
    body,
    attributes: new Map(),
    resource: RESOURCE,
    issues: [],
    ...more,
  };
}

const RESOURCE = { attributes: new Map([['service.name', 'test']]) };

/** A source in memory that does what a test says. */
export function memorySource(run: (context: SourceContext) => Promise<void>, id = 'memory'): Source {
  return { id, type: 'memory', run };
}

/** Stretches of one record each, numbered from 1. */
export function stretches(count: number, stream = 'a'): Stretch[] {
  return Array.from({ length: count }, (_, index) => ({
    stream,
    logs: [record(`${stream} ${index + 1}`)],
    position: index + 1,
  }));
}

/** A push that a test settles by hand. */
export interface HeldPush {
  readonly bodies: readonly string[];
  settle(settlement?: Partial<Settlement>): void;
}

/** A delivery that takes everything and settles when it is told, or at once. */
export function createHeldDelivery({ atOnce = false, room = undefined as Promise<void> | undefined } = {}) {
  const pushes: HeldPush[] = [];
  const ends: (number | undefined)[] = [];
  const flushed = Promise.withResolvers<void>();
  return {
    pushes,
    ends,
    /** Resolves when what was gathered is asked for. */
    flushed: flushed.promise,
    push(logs: readonly unknown[], { onSettled }: { onSettled: (settlement: Settlement) => void }) {
      const push: HeldPush = {
        bodies: (logs as readonly LogRecord[]).map(({ body }) => body),
        settle: (settlement = {}) => onSettled({ accepted: logs.length, deadLettered: 0, ...settlement }),
      };
      pushes.push(push);
      if (atOnce) push.settle();
      return room;
    },
    flush: async () => flushed.resolve(),
    end: async ({ withinMillis }: { withinMillis: number | undefined }) => void ends.push(withinMillis),
  };
}
