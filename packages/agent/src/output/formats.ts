import type { EncodedLogs } from '@cryptrail/exporter';
import { encodeLent } from '@cryptrail/exporter/delivery';
import { encodeLogs, JsonRequest } from '@cryptrail/exporter/otlp';
import type { LogRecord } from '@cryptrail/mapper';
import type { EncodedTaker } from '../input/read-records.ts';
import { renderNdjson } from '../render/ndjson.ts';
import { createRecordTable, type RecordTableLayout } from '../render/record-table.ts';
import { visibleJson } from '../render/visible.ts';
import type { RecordFormat } from './record-formats.ts';
import { type BatchRules, createBatchingSink, type RecordSink } from './record-sink.ts';

/** A line of OTLP JSON is one request: not so large that a receiver refuses it, not so small that its frame outweighs it. */
const REQUEST = { maxRecords: 512, maxBytes: 1024 * 1024 };
/** Columns of a table are as wide as what one page holds. */
const PAGE: BatchRules = { maxRecords: 200 };

type Write = (text: string | Uint8Array) => Promise<void>;

/** Writes records as text. */
export interface TextSink extends RecordSink {
  /** Takes records as OTLP protobuf, where the format can be written from them. */
  readonly encoded?: EncodedTaker;
}

/** Writes records as text of the format. */
export function createTextSink(format: RecordFormat, write: Write, layout: RecordTableLayout): TextSink {
  switch (format) {
    case 'otlp-json':
      return createOtlpSink(write);
    case 'ndjson':
      return createBatchingSink((records) => write(records.map((record) => `${renderNdjson(record)}\n`).join('')), {
        maxRecords: REQUEST.maxRecords,
      });
    case 'table': {
      const render = createRecordTable(layout);
      return createBatchingSink((records) => write(render(records)), PAGE);
    }
  }
}

function createOtlpSink(write: Write): TextSink {
  const request = new JsonRequest(REQUEST, visibleJson);
  const take = async (logs: EncodedLogs) => {
    for (const group of logs) {
      for (let at = 0; at < group.records.length; ) {
        at = request.add(group, at);
        if (request.isFull) await write(request.take('\n'));
      }
    }
  };
  const records = createBatchingSink((some: readonly LogRecord[]) => take(encodeLogs(some)), {
    maxRecords: REQUEST.maxRecords,
  });
  return {
    write: records.write,
    encoded: { open: encodeLent, take },
    flush: async () => {
      await records.flush();
      if (!request.isEmpty) await write(request.take('\n'));
    },
  };
}
