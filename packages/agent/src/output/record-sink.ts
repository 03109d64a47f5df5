import type { LogRecord } from '@cryptrail/mapper';

/** Where records go, in order and with back-pressure. */
export interface RecordSink {
  /** Resolves when more may be written. */
  readonly write: (record: LogRecord) => Promise<void> | undefined;
  /** Hands over what is held back, e.g. because a person waits for it. */
  readonly flush: () => Promise<void>;
}

/** How records are put together. */
export interface BatchRules {
  /** Most records of one batch. */
  readonly maxRecords: number;
  /** A batch ends when its texts reach this length, in UTF-16 units, so that long records cannot pile up. Default 1 Mi. */
  readonly maxLength?: number;
}

/** Collects records and hands them over in batches, one after the other. */
export function createBatchingSink(
  handOver: (batch: readonly LogRecord[]) => Promise<void>,
  { maxRecords, maxLength = 1024 * 1024 }: BatchRules,
): RecordSink {
  let batch: LogRecord[] = [];
  let length = 0;
  const flush = async () => {
    if (batch.length === 0) return;
    const full = batch;
    batch = [];
    length = 0;
    await handOver(full);
  };
  return {
    write: (record) => {
      batch.push(record);
      length += lengthOf(record);
      return batch.length >= maxRecords || length >= maxLength ? flush() : undefined;
    },
    flush,
  };
}

function lengthOf({ body, attributes }: LogRecord): number {
  let length = body.length;
  for (const value of attributes.values()) if (typeof value === 'string') length += value.length;
  return length;
}
