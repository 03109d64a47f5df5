import type { Counters, SourceCounts } from './counters.ts';
import type { Health } from './health.ts';

/** What is known of the delivery, whatever the destination. */
export interface DeliveryMeasures {
  readonly held: number;
  readonly heldBytes: number;
  readonly requests: number;
  readonly refused: number;
}

/** Everything that telemetry looks at. */
export interface Watched {
  readonly counters: Counters;
  readonly health: Health;
  readonly delivery: () => DeliveryMeasures | undefined;
  readonly nowMillis: () => number;
}

/** One value of a measure; `type` is the type of source. */
export interface Value {
  readonly type?: string;
  readonly value: number;
}

/** A thing that is measured. Labels are types of source and nothing else: their number is bounded. */
export interface Measure {
  /** Name in OpenTelemetry; dots become underscores in Prometheus. */
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly unit: '{record}' | '{request}' | '{restart}' | 'By' | 's' | '1';
  readonly description: string;
  readonly read: (watched: Watched) => readonly Value[];
}

/** Every measure of the agent: Prometheus and OpenTelemetry show the same. */
export const MEASURES: readonly Measure[] = [
  counter('records.read', '{record}', 'Records that came from sources.', 'read'),
  counter('records.recognised', '{record}', 'Records that are events of the catalogue.', 'recognised'),
  counter('records.filtered', '{record}', 'Records passed over by filters.', 'filtered'),
  counter('records.exported', '{record}', 'Records that every destination has accepted.', 'exported'),
  counter(
    'records.dead_lettered',
    '{record}',
    'Records that a destination refused for good; kept apart.',
    'deadLettered',
  ),
  counter('source.failures', '{restart}', 'Times that a source ended with an error and was begun anew.', 'failures'),
  {
    name: 'cryptrail.lag.size',
    kind: 'gauge',
    unit: 'By',
    description: 'Bytes that are known to wait in sources.',
    read: ({ counters }) =>
      [...counters.lags()].flatMap(([type, { bytes }]) => (bytes === undefined ? [] : [{ type, value: bytes }])),
  },
  {
    name: 'cryptrail.lag.records',
    kind: 'gauge',
    unit: '{record}',
    description: 'Records that are known to wait in sources.',
    read: ({ counters }) =>
      [...counters.lags()].flatMap(([type, { records }]) => (records === undefined ? [] : [{ type, value: records }])),
  },
  {
    name: 'cryptrail.lag.time',
    kind: 'gauge',
    unit: 's',
    description: 'How long the oldest record under way has waited to be acknowledged.',
    read: ({ counters, nowMillis }) =>
      [...counters.waits(nowMillis())].map(([type, millis]) => ({ type, value: millis / 1000 })),
  },
  delivery('cryptrail.delivery.held', 'gauge', '{record}', 'Records that are gathered or under way.', 'held'),
  delivery('cryptrail.delivery.held_size', 'gauge', 'By', 'Bytes that are gathered or under way.', 'heldBytes'),
  delivery('cryptrail.delivery.requests', 'counter', '{request}', 'Requests sent, repeated ones too.', 'requests'),
  delivery(
    'cryptrail.delivery.refused',
    'counter',
    '{record}',
    'Records that a destination refused for good, or were not answered when it ended.',
    'refused',
  ),
  {
    name: 'cryptrail.ready',
    kind: 'gauge',
    unit: '1',
    description: '1 while nothing stands in the way.',
    read: ({ health }) => [{ value: health.isReady ? 1 : 0 }],
  },
];

function counter(name: string, unit: Measure['unit'], description: string, count: keyof SourceCounts): Measure {
  return {
    name: `cryptrail.${name}`,
    kind: 'counter',
    unit,
    description,
    read: ({ counters }) => [...counters.entries()].map(([type, counts]) => ({ type, value: counts[count] })),
  };
}

function delivery(
  name: string,
  kind: Measure['kind'],
  unit: Measure['unit'],
  description: string,
  measure: keyof DeliveryMeasures,
): Measure {
  const read = ({ delivery }: Watched) => {
    const measures = delivery();
    return measures ? [{ value: measures[measure] }] : [];
  };
  return { name, kind, unit, description, read };
}
