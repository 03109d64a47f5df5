import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** What an exporter answers. */
export type ExportResult = Parameters<Parameters<LogRecordExporter['export']>[1]>[0];

/** Takes the answer for a batch; undefined when every record of it was lost. */
export type Answer = (result: ExportResult | undefined) => void;

/** Hears of a record that no batch can carry. */
export type Lose = (record: ReadableLogRecord, reason: string) => void;

/** `ExportResultCode.FAILED` of `@opentelemetry/core`, which need not be installed by itself. */
export const FAILED: ExportResult['code'] = 1;

/**
 * Exports; when the exporter throws instead of answering, exports the halves, down to the record at fault. Answers once: with a
 * failure if a part failed, else with a success if a part was sent, else with nothing.
 */
export function exportApart(exporter: LogRecordExporter, records: ReadableLogRecord[], lose: Lose, done: Answer): void {
  let isDone = false;
  const answer: Answer = (result) => {
    if (isDone) return;
    isDone = true;
    done(result);
  };
  try {
    exporter.export(records, answer);
  } catch (error) {
    const [only] = records;
    if (isDone) return;
    if (records.length > 1) exportHalves(exporter, records, lose, answer);
    else if (only) lose(only, nameOf(error));
    if (records.length <= 1) answer(undefined);
  }
}

function exportHalves(exporter: LogRecordExporter, records: ReadableLogRecord[], lose: Lose, done: Answer): void {
  const results: (ExportResult | undefined)[] = [];
  const collect: Answer = (result) => {
    results.push(result);
    if (results.length === 2) done(results.find((one) => one?.code === FAILED) ?? results[0] ?? results[1]);
  };
  const middle = Math.ceil(records.length / 2);
  exportApart(exporter, records.slice(0, middle), lose, collect);
  exportApart(exporter, records.slice(middle), lose, collect);
}

/** Name of an error; its message may quote the record. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
