import type { LogRecord, Pipeline } from '@cryptrail/mapper';
import type { Found } from './member.ts';
import type { InputCounts, ReadResult, RecordTaker } from './read-records.ts';
import { openReading, type Reading } from './reading.ts';
import { reopen } from './reopen.ts';
import { type Surveyed, surveyInputs } from './survey.ts';
import { reasonOf } from './system-error.ts';

/** Most inputs that are read side by side: each holds a file and some records. */
const MAX_OPEN = 256;

/** With many inputs open, each holds the records of a few lines only. */
const PORTION_BYTES = 8 * 1024;

/** An input that is open, at the record that comes next. */
interface Stream {
  readonly place: number;
  readonly path: string;
  readonly reading: Reading;
  readonly close: () => Promise<void>;
  records: readonly LogRecord[];
  at: number;
  /** Time of the record, or of the latest before it when that is later: within an input the order is kept. */
  time: bigint;
}

/**
 * Reads all inputs side by side and gives their records in the order of time; those of the same time in the order of the inputs, those without a
 * time behind the one before. Memory is bounded: inputs are read twice, first their beginnings, then each from when its time has come.
 *
 * @param beginnings Reads the beginnings; what it makes is not given to the taker.
 */
export async function mergeRecords(
  found: AsyncIterable<Found>,
  { pipeline, beginnings }: { pipeline: Pipeline; beginnings: Pipeline },
  taker: RecordTaker,
): Promise<ReadResult> {
  const survey = await surveyInputs(found, beginnings, taker);
  const counts: InputCounts[] = [];
  let problems = survey.problems.length;
  const report = (path: string, message: string) => {
    if (taker.signal.aborted) return;
    problems += 1;
    taker.warn(`${path}: ${message}`);
  };
  const waiting = survey.members.map((member, place) => ({ ...member, place })).sort(byFirstTime);
  const open: Stream[] = [];
  let crowded = false;

  const finish = async ({ path, place, reading, close }: Stream) => {
    counts[place] = { path, ...reading.counts };
    // The archive around it has said so already.
    if (reading.fault && !survey.problems.some((problem) => path.startsWith(problem)))
      report(path, `reading broke off: ${reasonOf(reading.fault.error)}`);
    await close();
  };
  /** Puts a stream where its next record belongs, or closes it. */
  const place = async (stream: Stream) => {
    if (await advance(stream)) insert(open, stream);
    else await finish(stream);
  };

  try {
    while (!taker.signal.aborted) {
      const [front] = open;
      const [next] = waiting;
      if (next && (!front || next.firstTime <= front.time) && open.length < MAX_OPEN) {
        waiting.shift();
        try {
          await place(await openStream(next, pipeline));
        } catch (error) {
          report(next.path, `reading broke off: ${reasonOf(error)}`);
        }
        continue;
      }
      if (!front) break;
      if (next && next.firstTime <= front.time && !crowded) {
        crowded = true;
        report(next.path, `more than ${MAX_OPEN} inputs overlap in time; some records come later than they should`);
      }
      open.shift();
      const record = front.records[front.at];
      const busy = record && taker.record(record);
      if (busy) await busy;
      if (front.at + 1 === front.records.length) await taker.chunkDone?.(false);
      front.at += 1;
      await place(front);
    }
  } finally {
    for (const stream of open) await stream.close();
  }
  return { inputs: counts.filter((one) => one !== undefined), problems };
}

function byFirstTime(one: Surveyed & { place: number }, other: Surveyed & { place: number }): number {
  if (one.firstTime !== other.firstTime) return one.firstTime < other.firstTime ? -1 : 1;
  return one.place - other.place;
}

async function openStream(surveyed: Surveyed & { place: number }, pipeline: Pipeline): Promise<Stream> {
  const { path, place, firstTime } = surveyed;
  const { member, close } = await reopen(surveyed.again, path);
  const reading = openReading(member, pipeline, PORTION_BYTES);
  return { path, place, reading, close, records: [], at: 0, time: firstTime };
}

/** Moves to the next record; returns false when there is none. */
async function advance(stream: Stream): Promise<boolean> {
  while (stream.at >= stream.records.length) {
    const records = await stream.reading.next();
    if (!records) return false;
    stream.records = records;
    stream.at = 0;
  }
  const time = stream.records[stream.at]?.timeUnixNano ?? 0n;
  if (time > stream.time) stream.time = time;
  return true;
}

/** Keeps the streams sorted by time, then by place. Mostly a stream goes back to where it was: near the front. */
function insert(open: Stream[], stream: Stream): void {
  let at = 0;
  for (const other of open) {
    if (stream.time < other.time || (stream.time === other.time && stream.place < other.place)) break;
    at += 1;
  }
  open.splice(at, 0, stream);
}
