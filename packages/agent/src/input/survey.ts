import type { Pipeline } from '@cryptrail/mapper';
import type { Again, Found, Member } from './member.ts';
import type { RecordTaker } from './read-records.ts';
import { openReading } from './reading.ts';

/** A member of which the beginning has been read. */
export interface Surveyed {
  readonly path: string;
  readonly again: Again;
  /** Time of the first record that has one; 0 when none was found near the beginning. */
  readonly firstTime: bigint;
}

/** What a survey brought. */
export interface Survey {
  readonly members: readonly Surveyed[];
  /** Paths of what could not be opened; it has been reported. */
  readonly problems: readonly string[];
}

/** A member without a time in so many bytes counts as one from before all others. */
const BEGINNING_BYTES = 256 * 1024;

/** Looks at the beginning of every input. Inputs that can be read only once are problems. */
export async function surveyInputs(
  found: AsyncIterable<Found>,
  pipeline: Pipeline,
  taker: Pick<RecordTaker, 'warn' | 'signal'>,
): Promise<Survey> {
  const members: Surveyed[] = [];
  const problems: string[] = [];
  const report = (path: string, message: string) => {
    if (taker.signal.aborted) return;
    problems.push(path);
    taker.warn(`${path}: ${message}`);
  };
  for await (const one of found) {
    if (taker.signal.aborted) break;
    if ('notice' in one) taker.warn(one.notice);
    else if ('problem' in one) report(one.problem.path, one.problem.message);
    else if (!one.member.again) report(one.member.path, 'cannot be read twice, and so not be merged');
    else {
      const { path, again } = one.member;
      members.push({ path, again, firstTime: await firstTimeOf(one.member, pipeline) });
    }
  }
  return { members, problems };
}

async function firstTimeOf(member: Member, pipeline: Pipeline): Promise<bigint> {
  const reading = openReading(member, pipeline);
  try {
    while (reading.counts.bytes < BEGINNING_BYTES) {
      const records = await reading.next();
      const timed = records?.find(({ timeUnixNano }) => timeUnixNano !== 0n);
      if (timed) return timed.timeUnixNano;
      if (!records) break;
    }
    return 0n;
  } finally {
    await reading.close();
  }
}
