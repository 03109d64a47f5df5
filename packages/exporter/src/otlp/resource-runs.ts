import type { LogRecord, Resource } from '@cryptrail/mapper';

/** Neighbouring records with the same resource. */
export interface ResourceRun {
  readonly resource: Resource;
  readonly records: readonly LogRecord[];
}

/** Cuts records into runs of one resource, in input order: a new run whenever the resource changes. */
export function runsOfOneResource(records: Iterable<LogRecord>): ResourceRun[] {
  const runs: { resource: Resource; records: LogRecord[] }[] = [];
  for (const record of records) {
    const last = runs.at(-1);
    if (last?.resource === record.resource) last.records.push(record);
    else runs.push({ resource: record.resource, records: [record] });
  }
  return runs;
}

/** The same records with those of one resource next to each other, each resource's in input order. */
export function groupByResource(records: Iterable<LogRecord>): LogRecord[] {
  return [...Map.groupBy(records, (record) => record.resource).values()].flat();
}
