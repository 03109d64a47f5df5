import type { ExportLogsServiceRequest, OtlpKeyValue, OtlpLogRecord } from '@cryptrail/exporter/otlp';

/** A record as a receiver sees it: what was sent, and nothing of where it came from. */
export interface Arrival {
  readonly timeUnixNano: bigint;
  readonly severityNumber: number;
  readonly event: string;
  readonly outcome: string;
  readonly priority: string;
  readonly service: string;
  readonly body: string;
}

/** Arrivals of one kind. */
export interface ArrivalCount extends Pick<Arrival, 'severityNumber' | 'event' | 'outcome' | 'priority'> {
  readonly count: number;
}

/** All records of a request. */
export function arrivalsOf({ resourceLogs }: ExportLogsServiceRequest): Arrival[] {
  return resourceLogs.flatMap(({ resource, scopeLogs }) => {
    const service = textAt(resource.attributes, 'service.name');
    return scopeLogs.flatMap(({ logRecords }) => logRecords.map((record) => toArrival(record, service)));
  });
}

function toArrival(
  { timeUnixNano, severityNumber, eventName, body, attributes }: OtlpLogRecord,
  service: string,
): Arrival {
  return {
    timeUnixNano: BigInt(timeUnixNano),
    severityNumber,
    event: eventName ?? '',
    outcome: textAt(attributes, 'cryptrail.outcome'),
    priority: textAt(attributes, 'cryptrail.priority'),
    service,
    body: body?.stringValue ?? '',
  };
}

function textAt(attributes: readonly OtlpKeyValue[], wanted: string): string {
  return attributes.find(({ key }) => key === wanted)?.value.stringValue ?? '';
}

/** More kinds than any catalogue has; further ones come from somebody who makes names up, and are counted as one. */
const MAX_KINDS = 10_000;

/** Counts arrivals by event, severity and outcome. */
export interface ArrivalTally {
  readonly add: (arrivals: readonly Arrival[]) => void;
  readonly total: () => number;
  /** Most important first: by priority, then severity, then number. */
  readonly kinds: () => ArrivalCount[];
}

const PRIORITIES = ['critical', 'high', 'medium', 'low', 'informational'];

/** Starts counting. */
export function createArrivalTally(): ArrivalTally {
  const counts = new Map<string, ArrivalCount>();
  let total = 0;
  const rank = (priority: string) => (PRIORITIES.includes(priority) ? PRIORITIES.indexOf(priority) : PRIORITIES.length);
  return {
    add: (arrivals) => {
      for (const arrival of arrivals) {
        const { severityNumber, event, outcome, priority } = arrival;
        const key = JSON.stringify([severityNumber, event, outcome, priority]);
        const kind = counts.has(key) || counts.size < MAX_KINDS ? key : '';
        const known =
          counts.get(kind) ?? (kind === '' ? OTHERS : { severityNumber, event, outcome, priority, count: 0 });
        counts.set(kind, { ...known, count: known.count + 1 });
        total += 1;
      }
    },
    total: () => total,
    kinds: () =>
      [...counts.values()].sort(
        (one, other) =>
          rank(one.priority) - rank(other.priority) ||
          other.severityNumber - one.severityNumber ||
          other.count - one.count,
      ),
  };
}

const OTHERS: ArrivalCount = { severityNumber: 0, event: '(others)', outcome: '', priority: '', count: 0 };
