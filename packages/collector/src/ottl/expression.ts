/** Texts of the OpenTelemetry Transformation Language: values, paths and statements as strings. */

/** A string literal. OTTL reads it as Go reads a quoted string, so JSON's escapes mean the same. */
export function quote(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

/** Names of the temporary attributes in which a record is worked on. They are gone when the pack is done with it. */
export const WORK = {
  /** Fields of the record by their source name. */
  fields: '_f',
  /** The open-ended part of formats that have one. */
  details: '_d',
  /** Texts captured by the message template that fits. */
  captures: '_m',
  /** What a logging layout printed round the message. */
  layout: '_l',
  /** The message without what a logging layout printed round it. */
  message: '_x',
  /** The details as JSON text when one of their keys comes twice. */
  repeated: '_y',
  /** Details whose value is a word for "none". */
  none: '_n',
  /** The code as printed. */
  code: '_c',
  /** The level in the words of the tables. */
  level: '_w',
  /** Number of the recognition rule that holds. */
  rule: '_r',
  /** The row of the event. */
  event: '_e',
  /** Set when no further case of an outcome rule is asked. */
  decided: '_o',
  /** Set when the line may hold a secret, so that it is worth to look for one. */
  guarded: '_g',
  /** Set when the line holds a word for a secret, with a value or not. */
  worded: '_s',
  /** Names of fields that a conversion could read. */
  read: '_k',
  /** Texts that may not leave, by the field that held them. */
  hidden: '_h',
  /** Set when a value of the line may be too long. */
  long: '_z',
  /** The line with the head of a syslog daemon. */
  whole: '_u',
  /** What a wrapper round the line said. */
  wrapper: '_v',
  /** Set when values were in a code. */
  coded: '_b',
  /** Group of messages among which that of the record may be; -1 for none that is told by its beginning. */
  begun: '_q',
  /** Application that the record tells. */
  application: '_a',
} as const;

/** `log.attributes["name"]` */
export function attribute(name: string): string {
  return `log.attributes[${quote(name)}]`;
}

/** A field of the record. */
export function field(name: string): string {
  return `${attribute(WORK.fields)}[${quote(name)}]`;
}

/** An editor statement: `set(target, value) where condition`. */
export function set(target: string, value: string, condition?: string): string {
  return statement(`set(${target}, ${value})`, condition);
}

/** Replaces every match of an RE2 expression; `$1` in the replacement stands for its first group. */
export function replace(target: string, pattern: string, replacement: string, condition?: string): string {
  return statement(`replace_pattern(${target}, ${quote(pattern)}, ${quote(replacement)})`, condition);
}

/** As {@link replace}, in every text of a map. */
export function replaceAll(map: string, pattern: string, replacement: string, condition?: string): string {
  return statement(`replace_all_patterns(${map}, "value", ${quote(pattern)}, ${quote(replacement)})`, condition);
}

/** An editor call with an optional condition. */
export function statement(call: string, condition?: string): string {
  return condition === undefined || condition === 'true' ? call : `${call} where ${condition}`;
}

/** Texts joined. */
export function concat(...values: readonly string[]): string {
  return `Concat([${values.join(', ')}], "")`;
}

/** All of these hold; the cheap and the protecting ones first, because what stands behind a false one is not evaluated. */
export function all(...conditions: readonly (string | undefined)[]): string {
  const given = conditions.filter((condition) => condition !== undefined && condition !== '' && condition !== 'true');
  return given.length === 0 ? 'true' : given.join(' and ');
}

/** One of these holds. */
export function any(...conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] ?? 'false') : `(${conditions.join(' or ')})`;
}

export function not(condition: string): string {
  return `not (${condition})`;
}

/** A map literal with an entry a line. */
export function tableOf(entries: Iterable<readonly [string, string]>, indent = 1): string {
  const margin = '  '.repeat(indent);
  const lines = [...entries].map(([key, value]) => `${margin}${quote(key)}: ${value}`);
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${'  '.repeat(indent - 1)}}`;
}

/** A map literal. */
export function mapOf(entries: Iterable<readonly [string, string]>): string {
  return `{${[...entries].map(([key, value]) => `${quote(key)}: ${value}`).join(', ')}}`;
}

/** Signs that mean something in an RE2 expression, escaped. */
export function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
