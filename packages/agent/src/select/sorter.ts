import type { LogRecord } from '@cryptrail/mapper';
import { createDuplicateTest } from './duplicates.ts';
import type { Selection } from './selection.ts';

/** What became of records. */
export interface Fates {
  readonly written: number;
  /** Left out by a filter. */
  readonly filtered: number;
  /** Foreign records, which were not wanted. */
  readonly dropped: number;
  /** Copies of records before them. */
  readonly duplicates: number;
}

/** Which records go on. */
export interface SorterRules {
  readonly selection?: Selection | undefined;
  readonly dropForeign: boolean;
  readonly dropDuplicates: boolean;
}

/** Decides for each record whether it goes on, and counts what became of it. */
export interface Sorter {
  readonly take: (record: LogRecord) => Promise<void> | undefined;
  /** Counts records that go on without being looked at. */
  readonly pass: (records: number) => void;
  readonly fates: Fates;
}

/** Hands the records that go on to `write`. */
export function createSorter(write: (record: LogRecord) => Promise<void> | undefined, rules: SorterRules): Sorter {
  const { selection, dropForeign } = rules;
  const isDuplicate = rules.dropDuplicates ? createDuplicateTest() : () => false;
  const fates = { written: 0, filtered: 0, dropped: 0, duplicates: 0 };
  const fateOf = (record: LogRecord): keyof Fates => {
    if (selection && !selection(record)) return 'filtered';
    if (dropForeign && record.product === undefined) return 'dropped';
    return isDuplicate(record) ? 'duplicates' : 'written';
  };
  return {
    get fates() {
      return { ...fates };
    },
    pass: (records) => {
      fates.written += records;
    },
    take: (record) => {
      const fate = fateOf(record);
      fates[fate] += 1;
      return fate === 'written' ? write(record) : undefined;
    },
  };
}
