import type { DelimitedFormat } from '@cryptrail/catalogue';
import { all, any, attribute, concat, literal, quote, replace, set, statement, WORK } from '../ottl/expression.ts';
import { detailKey } from '../ottl/names.ts';
import { shapePattern } from '../ottl/shape.ts';
import { type Decoder, FORMAT_ATTRIBUTE, IS_READ, READ, STATUS_ATTRIBUTE, takeFields } from './decoder.ts';
import { categoryTests } from './layout.ts';
import { isPlain, type OpenPairs, readOpenPairs, readPlainPairs } from './open-pairs.ts';

const fields = attribute(WORK.fields);
const whole = attribute(WORK.message);
const message = 'log.cache["m"]';
const status = attribute(STATUS_ATTRIBUTE);
const head = 'log.cache["h"]';
const tail = 'log.cache["t"]';

/** `time;EVENT;STATUS;…;last column;key=value;key=value`. */
export function delimitedDecoder(rule: DelimitedFormat): Decoder {
  const { id, columns, categories, absent = [], escaped = [] } = rule;
  const { fits, announced } = categoryTests(categories);
  const isRecord = `${head}["_h"] != nil`;
  const delimiter = literal(rule.delimiter);
  const key = detailKey(rule.keyPrefixes, `[^${delimiter}${literal(rule.detailSeparator)}\\n]*?`);
  const length = `Len(${head}["_h"])`;
  const last = columns.at(-1) ?? '';
  const isPairNext = `IsMatch(${tail}, ${quote(`^${delimiter}${key}${literal(rule.detailSeparator)}`)})`;
  const hasRest = 'log.cache["rest"] == true';
  const pairs: OpenPairs = {
    before: delimiter,
    key,
    assign: literal(rule.detailSeparator),
    absent,
    ...(escaped.length > 0 ? { escaped: rule.delimiter } : {}),
  };
  return {
    blocks: [
      {
        comment: `${id}: the same where nothing is escaped, missing or repeated`,
        conditions: [
          all(
            `${fields} == nil`,
            `${whole} != nil`,
            fits,
            isPlain(whole),
            `Index(${whole}, ${quote(`${rule.delimiter} `)}) < 0`,
          ),
        ],
        statements: [
          set(head, `ExtractPatterns(${whole}, ${quote(wholePattern(rule))})`),
          set(
            tail,
            `Substring(${whole}, ${length}, Len(${whole}) - ${length})`,
            all(isRecord, `Len(${whole}) > ${length}`),
          ),
          ...readPlainPairs(tail, pairs, `${tail} != nil`, all(isRecord, `${tail} == nil`)),
          ...takeFields(head, columns, absent),
          ...decodeStatements(rule, whole),
          set(attribute(FORMAT_ATTRIBUTE), quote(id), IS_READ),
        ],
      },
      {
        comment: `${id}: columns between ${quote(rule.delimiter)}, then details`,
        conditions: [all(`${fields} == nil`, `${whole} != nil`, fits)],
        statements: [
          set(message, whole),
          // Web pages and some shippers put a blank behind each delimiter.
          replace(
            message,
            `${delimiter} `,
            rule.delimiter,
            all(
              `Index(${message}, ${quote(`${rule.delimiter} `)}) >= 0`,
              `IsMatch(${message}, ${quote(`^[^${delimiter}\\n]*${delimiter} [^${delimiter}]`)})`,
              `not (IsMatch(${message}, ${quote(`${delimiter}[^ ${delimiter}]`)}))`,
            ),
          ),
          set(head, `ExtractPatterns(${message}, ${quote(wholePattern(rule))})`),
          set(tail, '""'),
          set(
            tail,
            `Substring(${message}, ${length}, Len(${message}) - ${length})`,
            all(isRecord, `Len(${message}) > ${length}`),
          ),
          set('log.cache["rest"]', 'true', all(isRecord, `${tail} != ""`, `not (${isPairNext})`)),
          ...shiftStatements(rule, hasRest),
          // A text that is no pair belongs to the last column.
          set(
            'log.cache["e"]',
            `ExtractPatterns(${tail}, ${quote(`(?s)^(?P<e>${delimiter}.*?)(?:${delimiter}${key}${literal(rule.detailSeparator)}|$)`)})`,
            hasRest,
          ),
          set(
            `${head}[${quote(last)}]`,
            concat(`${head}[${quote(last)}]`, 'log.cache["e"]["e"]'),
            all(hasRest, `${head}["_s"] == nil`, 'log.cache["e"]["e"] != nil'),
          ),
          set(status, '"partial"', any(hasRest, `${head}["_s"] != nil`)),
          ...cutStatements(rule, announced),
          ...readOpenPairs(tail, pairs, all(isRecord, `${tail} != ""`)),
          set(READ, 'true', `${head}[${quote(columns[1] ?? '')}] != nil`),
          ...takeFields(head, columns, absent),
          ...decodeStatements(rule, message),
          set(attribute(FORMAT_ATTRIBUTE), quote(id), IS_READ),
        ],
      },
    ],
  };
}

/** Values that are coded in base64 behind a prefix; what is no base64 keeps its text. */
function decodeStatements({ encodedPrefix }: DelimitedFormat, text: string): string[] {
  if (encodedPrefix === undefined) return [];
  const details = attribute(WORK.details);
  const coded = `^(?i:${literal(encodedPrefix)})((?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$`;
  const isCoded = `${attribute(WORK.coded)} == true`;
  return [
    set(
      attribute(WORK.coded),
      'true',
      `Index(ToLowerCase(${text}), ${quote(encodedPrefix.toLowerCase())}) >= 0 and ${details} != nil`,
    ),
    statement(`replace_all_patterns(${details}, "value", ${quote(coded)}, "$\{1}", Base64Decode)`, isCoded),
  ];
}

function columnPattern(rule: DelimitedFormat, column: string): string {
  const delimiter = literal(rule.delimiter);
  const free = rule.escaped?.includes(column) ? `(?:[^${delimiter}\\\\\\n]|\\\\.)*` : `[^${delimiter}]*`;
  const shape = Object.hasOwn(rule.shapes, column) ? rule.shapes[column] : undefined;
  return `(?P<${column}>${shapePattern(shape, free)})`;
}

function wholePattern(rule: DelimitedFormat): string {
  const delimiter = literal(rule.delimiter);
  const [first = '', ...others] = rule.columns.map((column) => columnPattern(rule, column));
  const begin = rule.firstOptional ? `(?:${first}${delimiter})?` : `${first}${delimiter}`;
  return `^(?s)(?P<_h>${begin}${others.join(delimiter)})(?:${delimiter}|$)`;
}

/** A line that was cut between two columns, where something outside it says what it is: the text at the cut is not believed. */
function cutStatements(rule: DelimitedFormat, announced: string): string[] {
  const delimiter = literal(rule.delimiter);
  const needed = rule.columns.findIndex((column) => rule.shapes[column] === 'upper_name');
  const parts = rule.columns.map((column) => `${columnPattern(rule, column)}${delimiter}`);
  const [first = '', ...others] = parts;
  const begin = rule.firstOptional ? `(?:${first})?` : first;
  const nested = others.slice(needed).reduceRight((rest, part) => `(?:${part}${rest})?`, '');
  const pattern = `^(?s)(?P<_h>${begin}${others.slice(0, needed).join('')}${nested})`;
  const isOpen = all(`${head}["_h"] == nil`, announced);
  return [
    set('log.cache["cut"]', 'true', isOpen),
    set(head, `ExtractPatterns(${message}, ${quote(pattern)})`, isOpen),
    set(status, '"truncated"', all('log.cache["cut"] == true', `${head}["_h"] != nil`)),
  ];
}

/** A column without its usual form, and a text behind the columns that is no pair: the value before that column holds the delimiter, and what follows it is not certain. */
function shiftStatements(rule: DelimitedFormat, hasRest: string): string[] {
  return Object.entries(rule.expected ?? {}).flatMap(([column, shape]) => {
    const at = rule.columns.indexOf(column);
    const before = rule.columns[at - 1];
    if (before === undefined) return [];
    const value = `${head}[${quote(column)}]`;
    const lost = rule.columns.slice(at);
    const isOdd = all(
      hasRest,
      `${value} != ""`,
      ...(rule.absent ?? []).map((word) => `${value} != ${quote(word)}`),
      `not (IsMatch(${value}, ${quote(`^${shapePattern(shape, '.*')}$`)}))`,
    );
    const delimiter = literal(rule.delimiter);
    const key = detailKey(rule.keyPrefixes, `[^${delimiter}${literal(rule.detailSeparator)}\\n]*?`);
    const isShifted = `${head}["_s"] != nil`;
    return [
      set(`${head}["_s"]`, 'true', isOdd),
      set(
        tail,
        `Concat([${lost.map((name) => `Concat([${quote(rule.delimiter)}, ${head}[${quote(name)}]], "")`).join(', ')}, ${tail}], "")`,
        isShifted,
      ),
      set(
        'log.cache["e"]',
        `ExtractPatterns(${tail}, ${quote(`(?s)^(?P<e>.*?)(?:${delimiter}${key}${literal(rule.detailSeparator)}|$)`)})`,
        isShifted,
      ),
      set(
        `${head}[${quote(before)}]`,
        concat(`${head}[${quote(before)}]`, 'log.cache["e"]["e"]'),
        all(isShifted, 'log.cache["e"]["e"] != nil'),
      ),
      ...lost.map((name) => statement(`delete_key(${head}, ${quote(name)})`, isShifted)),
    ];
  });
}
