import type { EncodedLogs } from '@cryptrail/exporter';
import { type AttributeValue, Double, type LogRecord, type Resource } from '@cryptrail/mapper';
import type { Selection } from '../select/selection.ts';
import type { CommonOptions } from '../sources/options.ts';
import { isEncoded } from './is-encoded.ts';

/** Records as they are delivered. */
export interface Prepared {
  readonly logs: readonly LogRecord[] | EncodedLogs;
  /** How many of those that came are events of the catalogue. */
  readonly recognised: number;
}

/** Filters records and puts on them what the configuration says. */
export type Preparation = (logs: readonly LogRecord[] | EncodedLogs) => Prepared;

/** What the configuration says of all records. */
export interface PreparationOptions {
  readonly selection?: Selection | undefined;
  readonly dropForeign: boolean;
  /** Changes to a record that is delivered, e.g. pseudonyms. */
  readonly change?: ((record: LogRecord) => LogRecord) | undefined;
}

/** Makes one step of all that is done to the records of one source. */
export function createPreparation(
  { selection, dropForeign, change }: PreparationOptions,
  { resource, sinceUnixNano }: Pick<CommonOptions, 'resource' | 'sinceUnixNano'>,
): Preparation {
  const tests = [
    dropForeign ? ({ parseStatus }: LogRecord) => parseStatus !== 'foreign' : undefined,
    sinceUnixNano === undefined
      ? undefined
      : ({ timeUnixNano }: LogRecord) => timeUnixNano === 0n || timeUnixNano >= sinceUnixNano,
    selection,
  ].filter((test) => test !== undefined);
  const changes = [addResource(resource), change].filter((one) => one !== undefined);
  return (logs) => {
    if (isEncoded(logs)) return { logs, recognised: 0 };
    let recognised = 0;
    for (const { eventName } of logs) if (eventName !== undefined) recognised += 1;
    const kept = tests.length === 0 ? logs : logs.filter((record) => tests.every((test) => test(record)));
    const changed =
      changes.length === 0 ? kept : kept.map((record) => changes.reduce((one, apply) => apply(one), record));
    return { logs: changed, recognised };
  };
}

/** Equal resources stay one object, so that records can still be grouped by it. */
function addResource(own: CommonOptions['resource']): ((record: LogRecord) => LogRecord) | undefined {
  if (own === undefined || Object.keys(own).length === 0) return undefined;
  const added = Object.entries(own).map(([name, value]): [string, AttributeValue] => [
    name,
    typeof value === 'number' && !Number.isSafeInteger(value) ? new Double(value) : value,
  ]);
  const made = new WeakMap<Resource, Resource>();
  return (record) => {
    let resource = made.get(record.resource);
    if (!resource) {
      resource = { attributes: new Map([...record.resource.attributes, ...added]) };
      made.set(record.resource, resource);
    }
    return { ...record, resource };
  };
}
