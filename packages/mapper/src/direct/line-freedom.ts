import type { RedactionRules } from '@cryptrail/catalogue';
import { ascii, isLetter, lower } from '../bytes.ts';
import { secretNames } from '../redact/secret-names.ts';
import { type BytesTest, compileTrigrams } from '../trigram-test.ts';
import {
  isRefined,
  type LinePlan,
  OP_FILLED,
  OP_GAP,
  OP_ID,
  OP_INT,
  OP_LIST,
  OP_SAFE_SENTENCE,
  OP_TEXT,
} from './line-plan.ts';
import { FIXED, type LineScanner } from './line-scanner.ts';
import { type FilledText, valuesOf } from './record-plan.ts';
import type { Token } from './shape.ts';

/** What a plan makes of a value, as bits: an attribute, a number, a part of the sentence or of another text, an item of a list, the id of a trace or of a span, anything else. */
export const AS_TEXT = 1;
export const AS_INT = 2;
export const AS_GAP = 4;
export const AS_ITEM = 8;
export const AS_TRACE = 16;
export const AS_SPAN = 32;
export const AS_OTHER = 64;

/** The shape of lines, and what becomes of them. */
export interface PlannedLine {
  readonly plan: LinePlan;
  readonly scanner: LineScanner;
  readonly tokens: readonly Token[];
  /** Values on which it depends what becomes of the line, beside those that the plan writes. */
  readonly deciding: readonly number[];
}

/** Which values of the lines of a plan may change without anything else becoming of the line. */
export interface Freedom {
  /** What is made of each value. */
  readonly uses: Uint8Array;
  /** See {@link LineScanner.variesBy}. */
  readonly varies: Uint8Array;
  /** The time, and what refines it: lines that have them fixed are not like one another. */
  readonly must: readonly number[];
  /** Undefined: no word may stand for another one. */
  readonly forbidden: Forbidden | undefined;
  /** Digits neither make a name of secrets out of another one, nor take one away. */
  readonly digitsAreFree: boolean;
}

/** What no word may hold that stands for another one: names of secrets and words that mean something. */
export interface Forbidden {
  /** In lower case; each begins with three letters. */
  readonly words: readonly Uint8Array[];
  readonly holds: BytesTest;
}

const freedoms = new WeakMap<LinePlan, Freedom>();

/** The freedom of the lines of a plan. */
export function freedomOf(line: PlannedLine): Freedom {
  const known = freedoms.get(line.plan);
  if (known) return known;
  const { plan, scanner, tokens } = line;
  const { time, record } = plan;
  const { redaction } = record.context.product;
  const made: Freedom = {
    uses: usesOf(plan, line.deciding, tokens.length),
    varies: Uint8Array.from(tokens, (token) => scanner.variesBy?.(token) ?? FIXED),
    must: time ? [time.value, ...(isRefined(time) ? [time.beside] : [])] : [],
    forbidden: forbiddenIn(redaction, scanner),
    digitsAreFree: !secretNames(redaction).sought.some((word) => word.some((part) => /\d/.test(part))),
  };
  freedoms.set(plan, made);
  return made;
}

/** What a plan makes of each of the `count` values of a line, as bits; 0: nothing, but the time. */
export function usesOf({ ops }: Pick<LinePlan, 'ops'>, deciding: readonly number[], count: number): Uint8Array {
  const uses = new Uint8Array(count);
  const add = (value: number, use: number) => {
    if (value >= 0 && value < count) uses[value] = (uses[value] ?? 0) | use;
  };
  for (const value of deciding) add(value, AS_OTHER);
  for (const { kind, value, text, step } of ops) {
    if (kind >= OP_GAP) continue;
    if (kind === OP_TEXT) add(value, AS_TEXT);
    else if (kind === OP_INT) add(value, AS_INT);
    else if (kind === OP_ID && step?.kind === 'convert') add(value, step.rule.to === 'trace_id' ? AS_TRACE : AS_SPAN);
    else if (kind === OP_LIST && step?.kind === 'list') for (const one of step.values) add(one, AS_ITEM);
    else {
      // A value that is captured out of the message is none of the line.
      const isWhole = text.values.every((one) => one < count);
      const isGap = isWhole && (kind === OP_SAFE_SENTENCE || (kind === OP_FILLED && isBare(text)));
      const use = isGap ? AS_GAP : AS_OTHER;
      add(value, use);
      for (const one of text.values) add(one, use);
      if (step && !isGap) for (const one of valuesOf(step)) add(one, AS_OTHER);
    }
  }
  return uses;
}

/** Nothing but one value. */
function isBare({ texts, values }: FilledText): boolean {
  return values.length === 1 && texts.every((text) => text === '');
}

const NONE: readonly Uint8Array[] = [];
/** By rules, and by the words of the scanner. */
const known = new WeakMap<RedactionRules, Map<readonly Uint8Array[], Forbidden | undefined>>();

function forbiddenIn(rules: RedactionRules, { specialWords = NONE }: LineScanner): Forbidden | undefined {
  const before = known.get(rules) ?? new Map<readonly Uint8Array[], Forbidden | undefined>();
  known.set(rules, before);
  if (before.has(specialWords)) return before.get(specialWords);
  // Each part of a name, which may stand apart from the others: a sign that ties it to a value is in no word.
  const parts = secretNames(rules).sought.flatMap((word) => word.filter((part) => part !== '='));
  const words = [...new Set(parts)].map(ascii).concat(specialWords);
  const holds = words.every(isTold) ? compileTrigrams(words, (word) => word, isAt) : undefined;
  const made = holds && { words, holds };
  before.set(specialWords, made);
  return made;
}

/** Whether a word begins with three letters. */
function isTold(word: Uint8Array): boolean {
  return word.length > 2 && word.subarray(0, 3).every(isLetter);
}

function isAt(word: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + word.length > end) return false;
  for (let index = 0; index < word.length; index += 1) if (lower(bytes[at + index] ?? 0) !== word[index]) return false;
  return true;
}
