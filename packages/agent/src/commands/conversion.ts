import type { Evidence, PipelineOptions } from '@cryptrail/mapper';
import type { OpeningLimits } from '../input/containers/opening-limits.ts';
import type { RecordTaker } from '../input/read-records.ts';
import { createSorter, type Sorter } from '../select/sorter.ts';
import type { Destination } from './convert-destination.ts';
import type { ConvertFlags } from './convert-flags.ts';
import { selectionOfFlags } from './filter-flags.ts';
import { openingLimits } from './limit-flags.ts';
import { readingOptions } from './reading-flags.ts';
import { recordOptions } from './record-flags.ts';

/** What the flags make of inputs, wherever they are read. */
export interface Conversion {
  readonly pipeline: PipelineOptions;
  readonly limits: Partial<OpeningLimits>;
  /** Sorts the records on their way to a destination. */
  readonly sorterFor: (destination: Destination) => Sorter;
  /** Takes encoded records past the sorter, which counts them; absent where each record must be looked at. */
  readonly encodedFor: (destination: Destination, sorter: Sorter) => Pick<RecordTaker, 'encoded'>;
}

/**
 * Reads the flags.
 *
 * @param evidence What is verified, sealed and digested while converting.
 */
export function conversionOf(flags: ConvertFlags, evidence?: Evidence): Conversion {
  const reading = readingOptions(flags);
  const selection = selectionOfFlags(flags, reading);
  const dropForeign = flags.foreign === 'drop';
  const dropDuplicates = flags.merge || flags.distinct;
  // Every record goes on, whatever it is: nobody has to look at it.
  const isAllTaken = !selection && !evidence && !dropForeign && !dropDuplicates && !flags.follow && !flags.original;
  return {
    pipeline: {
      ...reading,
      ...recordOptions(flags),
      ...(evidence ? { evidence } : {}),
    },
    limits: openingLimits(flags),
    sorterFor: ({ write }) => createSorter(write, { selection, dropForeign, dropDuplicates }),
    encodedFor: ({ encoded }, sorter) => {
      if (!encoded || !isAllTaken) return {};
      const take: typeof encoded.take = (logs) => {
        for (const { count } of logs) sorter.pass(count);
        return encoded.take(logs);
      };
      return { encoded: { ...encoded, take } };
    },
  };
}
