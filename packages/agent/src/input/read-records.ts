import type { EncodedInput, EncodedLogs } from '@cryptrail/exporter';
import type { Counts, LogRecord, Pipeline, Reader } from '@cryptrail/mapper';
import type { Found, Member } from './member.ts';
import { openReading, openReadingWith, type Reading } from './reading.ts';
import { reasonOf } from './system-error.ts';

/** What is done with what reading finds. */
export interface RecordTaker {
  /** Gets every record, in order. Reading waits for the result. */
  readonly record: (record: LogRecord) => Promise<void> | undefined;
  /** For whoever needs no objects: opens a reader as one of encoded records, and takes these in place of `record`. */
  readonly encoded?: EncodedTaker;
  /** Called after each chunk; `live`: somebody is still writing the input, and what was read should be shown. */
  readonly chunkDone?: (live: boolean) => Promise<void>;
  readonly warn: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Takes records that are encoded already. */
export interface EncodedTaker {
  readonly open: (reader: Reader) => EncodedInput;
  /** Reading waits for the result. */
  readonly take: (logs: EncodedLogs) => Promise<void> | undefined;
}

/** Counts of one input. */
export interface InputCounts extends Counts {
  readonly path: string;
}

/** What was read. */
export interface ReadResult {
  readonly inputs: readonly InputCounts[];
  /** Inputs that could not be opened, or broke off. */
  readonly problems: number;
}

/** Reads every input through the pipeline, one after the other. What cannot be read is reported, and the rest goes on. */
export async function readRecords(
  found: AsyncIterable<Found> | Iterable<Found>,
  pipeline: Pipeline,
  taker: RecordTaker,
): Promise<ReadResult> {
  const inputs: InputCounts[] = [];
  let problems = 0;
  const report = (path: string, message: string) => {
    // What breaks because the user broke off is no fault of the input.
    if (taker.signal.aborted) return;
    problems += 1;
    taker.warn(`${path}: ${message}`);
  };
  for await (const one of found) {
    if (taker.signal.aborted) break;
    if ('notice' in one) taker.warn(one.notice);
    else if ('problem' in one) report(one.problem.path, one.problem.message);
    else {
      const { counts, fault } = await readMember(one.member, pipeline, taker);
      inputs.push({ path: one.member.path, ...counts });
      if (fault) report(one.member.path, `reading broke off: ${reasonOf(fault.error)}`);
    }
  }
  return { inputs, problems };
}

/** Reads one member to its end, or until the user breaks off. */
async function readMember(member: Member, pipeline: Pipeline, taker: RecordTaker): Promise<Reading<unknown>> {
  const { encoded } = taker;
  return encoded
    ? readAll(openReadingWith(member, pipeline, encoded.open), encoded.take, taker, member)
    : readAll(openReading(member, pipeline), (records) => takeAll(records, taker), taker, member);
}

async function readAll<Records>(
  reading: Reading<Records>,
  take: (records: Records) => Promise<void> | undefined,
  taker: RecordTaker,
  member: Member,
): Promise<Reading<Records>> {
  try {
    while (!taker.signal.aborted) {
      const records = await reading.next();
      if (!records || taker.signal.aborted) break;
      await take(records);
      await taker.chunkDone?.(member.live === true);
    }
  } finally {
    await reading.close();
  }
  return reading;
}

async function takeAll(records: readonly LogRecord[], { record, signal }: RecordTaker): Promise<void> {
  for (const one of records) {
    if (signal.aborted) return;
    const busy = record(one);
    if (busy) await busy;
  }
}
