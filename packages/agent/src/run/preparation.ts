import type { EncodedLogs } from '@cryptrail/exporter';
import { type AttributeValue, Double, type LogRecord, type Resource } from '@cryptrail/mapper';
import type { Selection } from '../select/selection.ts';
import type { CommonOptions } from '../sources/options.ts';
import { changeRecords } from './change-record.ts';
import { isEncoded } from './is-encoded.ts';
import { countEvents, prepareEncoded } from './prepare-encoded.ts';
import type { RecordChange } from './text-changes.ts';

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
  /** Changes to the texts of records, e.g. pseudonyms. */
  readonly change?: RecordChange | undefined;
}

/** What a record is looked at for, when it is filtered. */
export type Looked = Pick<LogRecord, 'timeUnixNano' | 'eventName' | 'severityText' | 'attributes' | 'parseStatus'>;

/** What is done to the records of one source, in this order. Everything is absent when there is nothing to do. */
export interface Steps {
  readonly isWanted?: (record: Looked) => boolean;
  readonly change?: RecordChange;
  /** Attributes of the resource of every record. */
  readonly resource?: ReadonlyMap<string, AttributeValue>;
}

/** Makes one step of all that is done to the records of one source. */
export function createPreparation(
  options: PreparationOptions,
  source: Pick<CommonOptions, 'resource' | 'sinceUnixNano'>,
): Preparation {
  const steps = stepsOf(options, source);
  const prepareRecord = recordSteps(steps);
  const { isWanted } = steps;
  return (logs) => {
    if (isEncoded(logs)) {
      const isUntouched = Object.keys(steps).length === 0;
      return { logs: isUntouched ? logs : prepareEncoded(logs, steps), recognised: countEvents(logs) };
    }
    let recognised = 0;
    for (const { eventName } of logs) if (eventName !== undefined) recognised += 1;
    const kept = isWanted ? logs.filter(isWanted) : logs;
    return { logs: prepareRecord ? kept.map(prepareRecord) : kept, recognised };
  };
}

/** Whether records are looked at one by one before they are delivered. */
export function looksAtRecords(options: PreparationOptions, source: Parameters<typeof createPreparation>[1]): boolean {
  return Object.keys(stepsOf(options, source)).length > 0;
}

function stepsOf(
  { selection, dropForeign, change }: PreparationOptions,
  { resource, sinceUnixNano }: Pick<CommonOptions, 'resource' | 'sinceUnixNano'>,
): Steps {
  const tests: ((record: Looked) => boolean)[] = [];
  if (dropForeign) tests.push(({ parseStatus }) => parseStatus !== 'foreign');
  if (sinceUnixNano !== undefined)
    tests.push(({ timeUnixNano }) => timeUnixNano === 0n || timeUnixNano >= sinceUnixNano);
  if (selection) tests.push(selection);
  const added = Object.entries(resource ?? {});
  return {
    ...(tests.length > 0 ? { isWanted: (record) => tests.every((test) => test(record)) } : {}),
    ...(change ? { change } : {}),
    ...(added.length > 0 ? { resource: new Map(added.map(([name, value]) => [name, attributeValue(value)])) } : {}),
  };
}

function attributeValue(value: string | number | boolean): AttributeValue {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? new Double(value) : value;
}

function recordSteps({ change, resource }: Steps): ((record: LogRecord) => LogRecord) | undefined {
  const steps = [change && changeRecords(change), resource && addResource(resource)].filter(
    (step) => step !== undefined,
  );
  return steps.length === 0 ? undefined : (record) => steps.reduce((one, step) => step(one), record);
}

/** Equal resources stay one object, so that records can still be grouped by it. */
function addResource(added: ReadonlyMap<string, AttributeValue>): (record: LogRecord) => LogRecord {
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
