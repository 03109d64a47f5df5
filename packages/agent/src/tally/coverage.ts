import type { ProductEntries } from '@cryptrail/catalogue/entries';
import type { LogRecord } from '@cryptrail/mapper';
import { severityWords } from '../select/severity-words.ts';

/**
 * Why a kind of event was not seen. `not_emitted`: the version that the tables describe does not print it. `below_level`: it is
 * printed at levels lower than anything in the log, which the source seems to leave out. `not_seen`: it could have been there.
 */
export type UnseenReason = 'not_emitted' | 'below_level' | 'not_seen';

/** One kind of event. */
export interface Kind {
  readonly event: string;
  readonly code?: string | undefined;
  readonly title: string;
  readonly important: boolean;
}

/** What a log shows of one product. */
export interface ProductCoverage {
  readonly product: string;
  readonly records: number;
  /** Records of the product that are no event of the catalogue. */
  readonly withoutEvent: number;
  /** The lowest level found, in the source's own word; absent when the product prints no levels. */
  readonly lowestLevel?: string | undefined;
  /** Levels of the product below that one, lowest first: the source's own setting seems to leave them out. */
  readonly levelsBelow: readonly string[];
  /** Most frequent first. */
  readonly seen: readonly (Kind & { readonly count: number })[];
  readonly unseen: readonly (Kind & { readonly reason: UnseenReason; readonly note?: string | undefined })[];
}

/** Counts records as they come. */
export interface Coverage {
  readonly add: (record: LogRecord) => void;
  /** Products of which there was a record, and those asked for. */
  readonly result: () => ProductCoverage[];
}

/** What is counted. */
export interface CoverageOptions {
  /** Reported also when there is no record of it. */
  readonly product?: string | undefined;
  /** Only events on the list of those that matter to SIEM and SOC. */
  readonly important: boolean;
}

interface Tally {
  records: number;
  withoutEvent: number;
  lowest?: { readonly number: number; readonly word: string };
  readonly counts: Map<string, number>;
}

/** Starts counting. */
export function createCoverage(products: readonly ProductEntries[], options: CoverageOptions): Coverage {
  const tallies = new Map<string, Tally>();
  const tallyOf = (product: string) => {
    const known: Tally = tallies.get(product) ?? { records: 0, withoutEvent: 0, counts: new Map() };
    tallies.set(product, known);
    return known;
  };
  if (options.product !== undefined) tallyOf(options.product);
  return {
    add: ({ product, eventName, severityNumber, severityText }) => {
      if (product === undefined) return;
      const tally = tallyOf(product);
      tally.records += 1;
      if (eventName === undefined) tally.withoutEvent += 1;
      else tally.counts.set(eventName, (tally.counts.get(eventName) ?? 0) + 1);
      // Without a word the number comes from something else than a level, which hides nothing.
      if (severityText === undefined || severityNumber === 0) return;
      if (!tally.lowest || severityNumber < tally.lowest.number)
        tally.lowest = { number: severityNumber, word: severityText };
    },
    result: () =>
      products.flatMap((product) => {
        const tally = tallies.get(product.id);
        return tally ? [coverageOf(product, tally, options.important)] : [];
      }),
  };
}

function coverageOf({ id, product, events }: ProductEntries, tally: Tally, important: boolean): ProductCoverage {
  const words = severityWords(product);
  const chosen = [...events].filter(([, entry]) => entry.kind !== 'internal' && (!important || entry.important));
  const kinds = chosen.map(([event, entry]) => ({
    entry,
    kind: { event, code: entry.code, title: entry.title, important: entry.important ?? false },
    count: tally.counts.get(event) ?? 0,
  }));
  const isBelow = (levels: readonly string[]) => {
    const { lowest } = tally;
    const numbers = levels.map((level) => words.get(level.toLowerCase()));
    return lowest !== undefined && numbers.every((number) => number !== undefined && number < lowest.number);
  };
  return {
    product: id,
    records: tally.records,
    withoutEvent: tally.withoutEvent,
    lowestLevel: tally.lowest?.word,
    levelsBelow: levelsBelow(product, tally.lowest),
    seen: kinds
      .filter(({ count }) => count > 0)
      .sort((one, other) => other.count - one.count)
      .map(({ kind, count }) => ({ ...kind, count })),
    unseen: kinds
      .filter(({ count }) => count === 0)
      .map(({ kind, entry: { emitted, severity } }) => {
        if (emitted.status !== 'yes') return { ...kind, reason: 'not_emitted', note: emittedNote(emitted) };
        if (isBelow(severity.source))
          return { ...kind, reason: 'below_level', note: `printed as ${severity.source.join(', ')}` };
        return { ...kind, reason: 'not_seen' };
      }),
  };
}

/** One word for each level, from the tables that know the lowest one found: the formats of a product may name levels differently. */
function levelsBelow({ severities }: ProductEntries['product'], lowest: Tally['lowest']): string[] {
  if (!lowest) return [];
  const tables = Object.values(severities).map(({ words }) => new Map(Object.entries(words)));
  const own = tables.filter((words) =>
    [...words.keys()].some((word) => word.toLowerCase() === lowest.word.toLowerCase()),
  );
  const levels = new Map<number, string>();
  for (const [word, { number }] of own.flatMap((words) => [...words]))
    if (number < lowest.number && !levels.has(number)) levels.set(number, word);
  return [...levels].sort(([one], [other]) => one - other).map(([, word]) => word);
}

function emittedNote({ until, note }: { readonly until?: string; readonly note?: string }): string | undefined {
  return [until && `last printed by ${until}`, note].filter(Boolean).join('; ') || undefined;
}
