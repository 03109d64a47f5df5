import type { Pipeline } from '@cryptrail/mapper';
import type { FileRules } from './file.ts';
import { type FoundFile, followFile } from './follow-file.ts';
import type { Found } from './member.ts';
import { type ReadResult, type RecordTaker, readRecords } from './read-records.ts';

/**
 * Follows all files side by side until the taker's signal ends it: what is there, then what is added. Files that come into a folder later are not
 * seen.
 *
 * @param find Finds the inputs by rules.
 */
export async function followRecords(
  find: (rules: FileRules) => AsyncIterable<Found>,
  rules: FileRules,
  pipeline: Pipeline,
  taker: RecordTaker,
): Promise<ReadResult> {
  const files: FoundFile[] = [];
  const visit = (path: string, named: boolean) => void files.push({ path, named });
  const serial = createSerial();
  const shared: RecordTaker = {
    ...taker,
    record: (record) => serial(async () => taker.record(record)),
    chunkDone: (live) => serial(async () => taker.chunkDone?.(live)),
  };
  const results = [await readRecords(find({ ...rules, visit }), pipeline, shared)];
  const { signal } = taker;
  results.push(
    ...(await Promise.all(files.map((file) => readRecords(followFile(file, rules, { signal }), pipeline, shared)))),
  );
  return {
    inputs: results.flatMap(({ inputs }) => inputs),
    problems: results.reduce((sum, { problems }) => sum + problems, 0),
  };
}

/** Runs tasks one after the other, in the order in which they come. */
function createSerial(): (task: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => {});
    return result;
  };
}
