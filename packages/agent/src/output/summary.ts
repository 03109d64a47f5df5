import type { InputCounts } from '../input/read-records.ts';
import type { Fates } from '../select/sorter.ts';

/** What `--summary` writes. `records` = `events` + `foreign` + `unparsed` + `filtered` + `dropped` + `duplicates`. */
export interface Summary {
  /** Records made of the input. */
  readonly records: number;
  /** Of these: records of a known product that could be read. */
  readonly events: number;
  readonly foreign: number;
  readonly unparsed: number;
  /** Lines without content; they make no record. */
  readonly blank: number;
  /** Records that no input holds: what the evidence of a product gave away. */
  readonly findings: number;
  /** Records that a filter left out. */
  readonly filtered: number;
  /** Foreign records left out by `--foreign drop`. */
  readonly dropped: number;
  /** Copies of one record left out by `--merge`. */
  readonly duplicates: number;
  readonly written: number;
  readonly bytes: number;
  /** Inputs that could not be opened, or broke off. */
  readonly problems: number;
  readonly inputs: readonly InputCounts[];
}

/** Adds up what was read and what became of it. */
export function summarise(
  inputs: readonly InputCounts[],
  left: Fates & Pick<Summary, 'findings' | 'problems'>,
): Summary {
  const total = (name: 'records' | 'events' | 'foreign' | 'unparsed' | 'blank' | 'bytes') =>
    inputs.reduce((sum, counts) => sum + counts[name], 0);
  return {
    records: total('records'),
    events: total('events'),
    foreign: total('foreign'),
    unparsed: total('unparsed'),
    blank: total('blank'),
    ...left,
    bytes: total('bytes'),
    inputs,
  };
}

/** The summary in one sentence, for people. */
export function renderSummary(summary: Summary): string {
  const { records, events, foreign, unparsed, filtered, dropped, duplicates, inputs } = summary;
  const parts = [`${events} events`, `${foreign} foreign`, `${unparsed} unparsed`];
  const left = [
    filtered > 0 ? `${filtered} filtered out` : '',
    dropped > 0 ? `${dropped} dropped` : '',
    duplicates > 0 ? `${duplicates} copies left out` : '',
  ].filter(Boolean);
  const from = `${inputs.length} ${inputs.length === 1 ? 'input' : 'inputs'}`;
  return `${records} records from ${from}: ${parts.join(', ')}${left.length > 0 ? `; ${left.join(', ')}` : ''}`;
}
