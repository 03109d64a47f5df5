import type { Counts, LogRecord, Pipeline } from '@cryptrail/mapper';
import type { Found, Member } from './member.ts';
import { reasonOf } from './system-error.ts';

/** What is done with what reading finds. */
export interface RecordTaker {
  /** Gets every record, in order. Reading waits for the result. */
  readonly record: (record: LogRecord) => Promise<void> | undefined;
  /** Called after each chunk; `live`: somebody is still writing the input, and what was read should be shown. */
  readonly chunkDone?: (live: boolean) => Promise<void>;
  readonly warn: (message: string) => void;
  readonly signal: AbortSignal;
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
  found: AsyncIterable<Found>,
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
      const { counts, error } = await readMember(one.member, pipeline, taker);
      inputs.push({ path: one.member.path, ...counts });
      if (error !== undefined) report(one.member.path, `reading broke off: ${reasonOf(error)}`);
    }
  }
  return { inputs, problems };
}

/** What came before a fault is kept: it was read, and may be all that is left. */
async function readMember(
  member: Member,
  pipeline: Pipeline,
  taker: RecordTaker,
): Promise<{ counts: Counts; error?: unknown }> {
  const reader = pipeline.open(member.live ? {} : { name: member.name, path: member.path });
  let fault: { error?: unknown } = {};
  const chunks = member.bytes[Symbol.asyncIterator]();
  try {
    while (!taker.signal.aborted) {
      const next = await nextChunk(chunks);
      if ('error' in next) fault = next;
      if (!('chunk' in next)) break;
      await takeAll(reader.push(next.chunk), taker);
      await taker.chunkDone?.(member.live === true);
    }
    if (!taker.signal.aborted) await takeAll(reader.end(), taker);
  } finally {
    await chunks.return?.();
  }
  return { counts: reader.counts, ...fault };
}

/** Keeps faults of the input apart from those of the output, which must end the run. */
async function nextChunk(
  chunks: AsyncIterator<Uint8Array>,
): Promise<{ chunk: Uint8Array } | { error: unknown } | { end: true }> {
  try {
    const next = await chunks.next();
    return next.done ? { end: true } : { chunk: next.value };
  } catch (error) {
    return { error };
  }
}

async function takeAll(records: readonly LogRecord[], { record, signal }: RecordTaker): Promise<void> {
  for (const one of records) {
    if (signal.aborted) return;
    const busy = record(one);
    if (busy) await busy;
  }
}
