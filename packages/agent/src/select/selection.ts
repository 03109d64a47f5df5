import type { AttributeValue, LogRecord } from '@cryptrail/mapper';
import { Misuse } from '../command-line/misuse.ts';
import { didYouMean } from '../command-line/nearest.ts';
import { parseInstant } from './instant.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Filter words as written. All filters must hold (AND); of the words of one filter, one must (OR). Case does not matter. */
export interface Wanted {
  /** Exact names, or `prefix.*`. */
  readonly event?: readonly string[];
  readonly code?: readonly string[];
  readonly outcome?: readonly string[];
  /** The source's own level words. */
  readonly level?: readonly string[];
  readonly logType?: readonly string[];
  readonly important?: boolean;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Says whether a record is wanted. A record without the property that a filter looks at is not. */
export type Selection = (
  record: Pick<LogRecord, 'timeUnixNano' | 'eventName' | 'severityText' | 'attributes'>,
) => boolean;

const OUTCOMES = new Set(['success', 'failure', 'unknown']);

/**
 * Makes one test of all filters; undefined when there is none.
 *
 * @throws {@link Misuse} on a word that no product knows, and on a time that cannot be read.
 */
export function selectionOf(wanted: Wanted, vocabulary: Vocabulary): Selection | undefined {
  const tests = [
    wanted.event?.length ? byEvent(wanted.event) : undefined,
    wanted.code?.length ? byText(wanted.code, ({ attributes }) => attributes.get('cryptrail.code')) : undefined,
    wanted.outcome?.length ? byOutcome(wanted.outcome) : undefined,
    wanted.level?.length ? byLevel(wanted.level, vocabulary.levels) : undefined,
    wanted.logType?.length ? byLogType(wanted.logType, vocabulary) : undefined,
    wanted.important ? byImportance(vocabulary.important) : undefined,
    byTime(wanted.from, wanted.to),
  ].filter((test) => test !== undefined);
  return tests.length === 0 ? undefined : (record) => tests.every((test) => test(record));
}

function byEvent(words: readonly string[]): Selection {
  const folded = words.map((word) => word.toLowerCase());
  const names = new Set(folded.filter((word) => !word.endsWith('*')));
  const prefixes = folded.filter((word) => word.endsWith('*')).map((word) => word.slice(0, -1));
  return ({ eventName }) => {
    if (eventName === undefined) return false;
    const name = eventName.toLowerCase();
    return names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
  };
}

function byText(
  words: readonly string[],
  textOf: (record: Pick<LogRecord, 'attributes'>) => AttributeValue | undefined,
): Selection {
  const folded = new Set(words.map((word) => word.toLowerCase()));
  return (record) => {
    const value = textOf(record);
    return value !== undefined && folded.has(String(value).trim().toLowerCase());
  };
}

function byOutcome(words: readonly string[]): Selection {
  requireKnown('--outcome', words, OUTCOMES);
  return byText(words, ({ attributes }) => attributes.get('cryptrail.outcome'));
}

/** Levels are told apart by their first four letters: `warn` and `warning` are one, and a terminal prints `WARN`, `ERRO`, `FATA`. */
function byLevel(words: readonly string[], levels: ReadonlySet<string>): Selection {
  requireKnown('--level', words, new Set([...levels, ...[...levels].map(shortLevel)]), levels);
  const wanted = new Set(words.map(shortLevel));
  return ({ severityText }) => severityText !== undefined && wanted.has(shortLevel(severityText));
}

function shortLevel(word: string): string {
  return word.trim().slice(0, 4).toLowerCase();
}

function byLogType(words: readonly string[], { logTypes, logTypeAttributes }: Vocabulary): Selection {
  requireKnown('--log-type', words, logTypes);
  const tests = [...logTypeAttributes].map((name) => byText(words, ({ attributes }) => attributes.get(name)));
  return (record) => tests.some((test) => test(record));
}

function byImportance(important: ReadonlySet<string>): Selection {
  return ({ eventName }) => eventName !== undefined && important.has(eventName);
}

function byTime(from: string | undefined, to: string | undefined): Selection | undefined {
  if (from === undefined && to === undefined) return undefined;
  const first = from === undefined ? undefined : parseInstant(from, 'first', '--from');
  const last = to === undefined ? undefined : parseInstant(to, 'last', '--to');
  if (first !== undefined && last !== undefined && last < first) throw new Misuse('--to is before --from.');
  return ({ timeUnixNano: time }) =>
    time !== 0n && (first === undefined || time >= first) && (last === undefined || time <= last);
}

/** @param shown The words to name in the message. */
function requireKnown(
  flag: string,
  words: readonly string[],
  known: ReadonlySet<string>,
  shown: ReadonlySet<string> = known,
): void {
  const unknown = words.find((word) => !known.has(word.toLowerCase()));
  if (unknown === undefined) return;
  const takes = shown.size > 0 ? `it takes ${[...shown].join(', ')}` : 'the chosen product has none';
  throw new Misuse(`${flag} knows no ${JSON.stringify(unknown)}; ${takes}.`, didYouMean(unknown, shown));
}
