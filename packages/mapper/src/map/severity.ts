import type { FormatRule, Product } from '@cryptrail/catalogue';
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

/** Reads the severity by the rule the format names. */
export function readSeverity(record: RawRecord, product: Product, format: FormatRule): Severity {
  const rule = product.severities[format.severity];
  if (!rule) return { number: 0 };
  const value = lookUp(record, rule.field, rule.in);
  const printed = value && ['text', 'string', 'int'].includes(value.kind) ? value.text : undefined;
  const word = printed?.trim().toLowerCase();
  const known = word !== undefined && Object.hasOwn(rule.words, word) ? rule.words[word] : undefined;
  const { number, text } = known ?? rule.otherwise ?? { number: 0 };
  const shown = text === undefined ? printed : (text ?? undefined);
  const level = known?.level ?? known?.text?.toLowerCase() ?? word;
  return {
    number,
    ...(shown === undefined || shown === '' ? {} : { text: shown }),
    ...(level === undefined ? {} : { word: level }),
  };
}

const COMMON_WORDS: ReadonlyMap<string, number> = new Map([
  ['trace', 1],
  ['debug', 5],
  ['info', 9],
  ['notice', 10],
  ['warn', 13],
  ['warning', 13],
  ['error', 17],
  ['severe', 17],
  ['critical', 21],
  ['fatal', 21],
]);

/** Severity of foreign text from the level word that a layout or wrapper printed. */
export function commonSeverity(word: string | undefined): Severity {
  if (word === undefined || word === '') return { number: 0 };
  return { number: COMMON_WORDS.get(word.trim().toLowerCase()) ?? 0, text: word.trim() };
}
