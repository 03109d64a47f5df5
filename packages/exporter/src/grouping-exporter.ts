import { diag } from '@opentelemetry/api';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { type Answer, exportApart, FAILED, nameOf } from './export-apart.ts';
import { copyRecord, mendRecord } from './mend-record.ts';
import { createResourceChooser, type ResourceChooser } from './resource-chooser.ts';

/** Something that happened to one record on its way out. */
export interface RecordProblem {
  /** `mended`: sent with some parts replaced; `lost`: could not be sent at all. */
  readonly kind: 'mended' | 'lost';
  /** Names of the replaced parts, or the name of the error. Never holds content of the record. */
  readonly reason: string;
  readonly record: ReadableLogRecord;
}

/** Options of {@link createGroupingExporter}. */
export interface GroupingExporterOptions {
  /** Resource attributes of the application that product resources take over when they have none of that name, e.g. `deployment.environment.name`. Default: none. */
  readonly inherit?: readonly string[];
  /** Hears of every record that was changed or lost. Without it such records go to the OpenTelemetry diagnostics. */
  readonly report?: (problem: RecordProblem) => void;
}

/**
 * Wraps any `LogRecordExporter`. Records that an `EventCodeProcessor` recognised leave under the resource of the product instance
 * they are about, all others under the application's; and one record that cannot be serialised no longer takes its batch with it.
 * The result is the exporter's own. Never throws synchronously.
 *
 * @example
 * ```ts
 * new BatchLogRecordProcessor({ exporter: createGroupingExporter(new OTLPLogExporter()) });
 * ```
 */
export function createGroupingExporter(
  exporter: LogRecordExporter,
  options: GroupingExporterOptions = {},
): LogRecordExporter {
  const report = createReporter(options.report);
  const resourceOf = createResourceChooser(options.inherit ?? []);
  return {
    export(records, done) {
      const prepared = records.flatMap((record) => prepare(record, resourceOf, report));
      const lose = (record: ReadableLogRecord, reason: string) => report({ kind: 'lost', reason, record });
      const answer: Answer = (result) => done(result ?? { code: FAILED, error: new Error('no record could be sent') });
      if (prepared.length === 0 && records.length > 0) answer(undefined);
      else exportApart(exporter, prepared, lose, answer);
    },
    forceFlush: async () => exporter.forceFlush(),
    shutdown: async () => exporter.shutdown(),
  };
}

/** The record as it leaves, or nothing when it cannot even be read. */
function prepare(record: ReadableLogRecord, resourceOf: ResourceChooser, report: Report): ReadableLogRecord[] {
  try {
    const { record: mended, parts } = mendRecord(record);
    if (parts.length > 0) report({ kind: 'mended', reason: parts.join(', '), record });
    const resource = resourceOf(record);
    return [resource === record.resource ? mended : copyRecord(mended, { resource })];
  } catch (error) {
    report({ kind: 'lost', reason: nameOf(error), record });
    return [];
  }
}

/** Tells of one problem. */
export type Report = (problem: RecordProblem) => void;

/** A report that never throws: without one of the caller's, to the OpenTelemetry diagnostics. */
export function createReporter(report: Report | undefined): Report {
  const tell = report ?? (({ kind, reason }) => diag.warn(`cryptrail: a log record was ${kind}: ${reason}`));
  return (problem) => {
    try {
      tell(problem);
    } catch (error) {
      diag.error('cryptrail: the report callback of the exporter threw', error);
    }
  };
}
