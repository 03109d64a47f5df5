import type { FormatRule, Product, SeverityRule } from '@cryptrail/catalogue';
import { LEVEL_WORDS } from '@cryptrail/catalogue/words';
import { flat } from '../flat.ts';
import { lookUp } from '../recognise/conditions.ts';
import type { RawRecord } from '../records.ts';

/** Severity of a record as its source gave it. */
export interface Severity {
  /** SeverityNumber of OTLP; 0 when the source has none that is known. */
  readonly number: number;
  /** SeverityText; absent when the source has none. */
  readonly text?: string;
  /** The level in lower case, as the tables' `when.levels` spell it. */
  readonly word?: string;
}

/** Reads the severity of records of one format. */
export type ReadSeverity = (record: RawRecord) => Severity;

const NONE: Severity = { number: 0 };
/** A product has a handful of levels; what else a field holds is not worth keeping. */
const MAX_WORDS = 64;
const MAX_WORD_LENGTH = 64;

/** Compiles the rule that the format names. */
export function compileSeverity(product: Product, format: FormatRule): ReadSeverity {
  const rule = product.severities[format.severity];
  if (!rule) return () => NONE;
  const read = new Map<string, Severity>();
  const absent = severityOf(undefined, rule);
  return (record) => {
    const value = lookUp(record, rule.field, rule.in);
    if (!value || !(value.kind === 'text' || value.kind === 'string' || value.kind === 'int')) return absent;
    const known = read.get(value.text);
    if (known) return known;
    const made = severityOf(value.text, rule);
    if (value.text.length <= MAX_WORD_LENGTH && read.size < MAX_WORDS) read.set(flat(value.text), made);
    return made;
  };
}

function severityOf(printed: string | undefined, rule: SeverityRule): Severity {
  const word = printed?.trim().toLowerCase();
  const known = word !== undefined && Object.hasOwn(rule.words, word) ? rule.words[word] : undefined;
  const { number, text } = known ?? rule.otherwise ?? NONE;
  const shown = text === undefined ? printed : (text ?? undefined);
  const level = known?.level ?? known?.text?.toLowerCase() ?? word;
  return {
    number,
    ...(shown === undefined || shown === '' ? {} : { text: shown }),
    ...(level === undefined ? {} : { word: level }),
  };
}

const COMMON_WORDS: ReadonlyMap<string, number> = new Map(LEVEL_WORDS);

/** Severity of foreign text from the level word that a layout or wrapper printed. */
export function commonSeverity(word: string | undefined): Severity {
  if (word === undefined || word === '') return { number: 0 };
  return { number: COMMON_WORDS.get(word.trim().toLowerCase()) ?? 0, text: word.trim() };
}
