import type { PipelineOptions } from '@cryptrail/mapper';
import type { FlagRules } from '../command-line/flags.ts';
import { type Selection, selectionOf } from '../select/selection.ts';
import { vocabularyOf } from '../select/vocabulary.ts';

/** Flags that choose among records; all of them must hold. */
export const FILTER_FLAGS = {
  event: { kind: 'list', placeholder: 'NAME,…', help: 'Only these events: exact names, or prefix.*' },
  code: { kind: 'list', placeholder: 'CODE,…', help: 'Only these codes, as the product prints them.' },
  outcome: { kind: 'list', placeholder: 'WORD,…', help: 'Only these outcomes: success, failure, unknown.' },
  level: { kind: 'list', placeholder: 'WORD,…', help: "Only these levels, in the product's own words." },
  'log-type': { kind: 'list', placeholder: 'WORD,…', help: 'Only these types of AQtive Guard log, e.g. audit,web.' },
  important: { kind: 'switch', help: 'Only events on the list of those that matter to SIEM and SOC.' },
  from: { kind: 'value', placeholder: 'TIME', help: 'Not before this time; UTC unless it names a zone.' },
  to: { kind: 'value', placeholder: 'TIME', help: 'Not after this time; a date alone means its last instant.' },
} as const satisfies FlagRules;

/** What the flags of {@link FILTER_FLAGS} say. */
export interface FilterFlags {
  readonly event: readonly string[];
  readonly code: readonly string[];
  readonly outcome: readonly string[];
  readonly level: readonly string[];
  readonly 'log-type': readonly string[];
  readonly important: boolean;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The filter that these flags make, or undefined when none is given. Words are checked against the tables of the products at hand. */
export function selectionOfFlags(flags: FilterFlags, { products, product }: ChosenProducts): Selection | undefined {
  const { 'log-type': logType, ...others } = flags;
  if (!isAnyGiven(flags)) return undefined;
  const readable = product === undefined ? products : products.filter(({ id }) => id === product);
  return selectionOf({ ...others, logType }, vocabularyOf(readable));
}

/** Most runs filter nothing, and need none of the words of the tables. */
function isAnyGiven(flags: FilterFlags): boolean {
  const { event, code, outcome, level, important, from, to } = flags;
  const lists = [event, code, outcome, level, flags['log-type']];
  return important || from !== undefined || to !== undefined || lists.some(({ length }) => length > 0);
}

type ChosenProducts = Pick<PipelineOptions, 'products' | 'product'>;
