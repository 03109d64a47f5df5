import { createPipeline, type PipelineOptions } from '@cryptrail/mapper';
import { Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { prepareEngine } from '../engine-flags.ts';
import type { FileRules } from '../input/file.ts';
import { findInputs } from '../input/find-inputs.ts';
import { followRecords } from '../input/follow-records.ts';
import { STANDARD_INPUT } from '../input/member.ts';
import { mergeRecords } from '../input/merge-records.ts';
import { type EncodedTaker, type ReadResult, type RecordTaker, readRecords } from '../input/read-records.ts';
import { totalBytes } from '../input/total-bytes.ts';
import { createProgressLine } from '../output/progress.ts';

/** The flags that choose the way of reading. */
export interface WayFlags {
  readonly follow: boolean;
  readonly merge: boolean;
}

/** What is read, and how. */
export interface ReadingPlan {
  readonly way: WayFlags;
  /** The words that name inputs. */
  readonly inputs: readonly string[];
  readonly rules: FileRules;
  readonly pipeline: PipelineOptions;
}

/**
 * Looks whether the flags go together with one another and with the inputs.
 *
 * @throws {@link Misuse} when they do not.
 */
export function checkWay({ follow, merge }: WayFlags, inputs: readonly string[], ordered: boolean): void {
  if (follow && merge) throw new Misuse('--follow and --merge exclude each other.');
  // A chain goes from the last line of one file to the first of the next. Merging reads files side by side, and each some records ahead of the
  // others: the next file would be looked at before the one before it has ended, and a whole chain be called broken.
  if (ordered && merge)
    throw new Misuse(
      '--merge reads files side by side, and evidence needs them in the order of writing.',
      'Leave --merge or the keys out.',
    );
  if (!inputs.includes(STANDARD_INPUT)) return;
  if (follow) throw new Misuse('--follow needs files; standard input is read as it comes without it.');
  if (merge)
    throw new Misuse('--merge reads its inputs twice, which standard input does not allow. Save it to a file.');
}

function countingEncoded({ open, take }: EncodedTaker, counted: (records: number) => void): EncodedTaker {
  return {
    open,
    take: (logs) => {
      for (const { count } of logs) counted(count);
      return take(logs);
    },
  };
}

/** Reads the inputs, and shows a person who looks on how far it has come. */
export async function readInputs(plan: ReadingPlan, taker: RecordTaker, terminal: Terminal): Promise<ReadResult> {
  const { way, inputs, pipeline: options } = plan;
  const find = (some: FileRules) => findInputs(inputs, terminal, some);
  // Merged inputs are read twice, and standard input has no length: nobody knows how far that is.
  const whole = async () => (way.merge || inputs.includes(STANDARD_INPUT) ? undefined : totalBytes(find));
  const progress = createProgressLine(way.follow ? {} : terminal, whole);
  const rules: FileRules = { ...plan.rules, onRead: progress.read };
  const counting: RecordTaker = {
    ...taker,
    record: (record) => {
      progress.record();
      return taker.record(record);
    },
    ...(taker.encoded ? { encoded: countingEncoded(taker.encoded, progress.record) } : {}),
  };
  const pipeline = createPipeline(options);
  prepareEngine();
  try {
    if (way.follow) return await followRecords(find, rules, pipeline, counting);
    if (!way.merge) {
      const result = await readRecords(find(rules), pipeline, counting);
      for (const record of pipeline.finish()) await counting.record(record);
      return result;
    }
    // Lines at the beginning must not be rejected, or counted as evidence, twice.
    const { onUnreadable: _, evidence: __, ...quiet } = options;
    return await mergeRecords(find(rules), { pipeline, beginnings: createPipeline(quiet) }, counting);
  } finally {
    progress.end();
  }
}
