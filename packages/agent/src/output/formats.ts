import { toOtlpJsonLine } from '@cryptrail/exporter/otlp';
import type { LogRecord } from '@cryptrail/mapper';
import { renderNdjson } from '../render/ndjson.ts';
import { createRecordTable, type RecordTableLayout } from '../render/record-table.ts';
import { visibleJson } from '../render/visible.ts';
import type { RecordFormat } from './record-formats.ts';
import { type BatchRules, createBatchingSink, type RecordSink } from './record-sink.ts';

/** A line of OTLP JSON is one request: not so large that a receiver refuses it, not so small that its frame outweighs it. */
const REQUEST: BatchRules = { maxRecords: 512 };
/** Columns of a table are as wide as what one page holds. */
const PAGE: BatchRules = { maxRecords: 200 };

/** Writes records as text of the format. */
export function createTextSink(
  format: RecordFormat,
  write: (text: string) => Promise<void>,
  layout: RecordTableLayout,
): RecordSink {
  const { render, batch } = rendererOf(format, layout);
  return createBatchingSink((records) => write(render(records)), batch);
}

function rendererOf(
  format: RecordFormat,
  layout: RecordTableLayout,
): { render: (records: readonly LogRecord[]) => string; batch: BatchRules } {
  switch (format) {
    case 'otlp-json':
      return { render: (records) => `${visibleJson(toOtlpJsonLine(records))}\n`, batch: REQUEST };
    case 'ndjson':
      return { render: (records) => records.map((record) => `${renderNdjson(record)}\n`).join(''), batch: REQUEST };
    case 'table':
      return { render: createRecordTable(layout), batch: PAGE };
  }
}
