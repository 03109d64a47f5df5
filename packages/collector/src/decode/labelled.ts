import type { LabelledFormat } from '@cryptrail/catalogue';
import { all, any, attribute, concat, literal, not, quote, set, statement, WORK } from '../ottl/expression.ts';
import { detailKey } from '../ottl/names.ts';
import { shapePattern } from '../ottl/shape.ts';
import { type Decoder, FORMAT_ATTRIBUTE, IS_READ, READ, STATUS_ATTRIBUTE, takeFields } from './decoder.ts';
import { categoryTests } from './layout.ts';
import { isPlain, type OpenPairs, readOpenPairs, readPlainPairs } from './open-pairs.ts';

const fields = attribute(WORK.fields);
const message = attribute(WORK.message);
const status = attribute(STATUS_ATTRIBUTE);
const head = 'log.cache["h"]';
const tail = 'log.cache["t"]';
const IS_RECORD = `${head}["_h"] != nil`;
const HAS_END = all(IS_RECORD, 'log.cache["end"]["e"] != nil');

/** `START: x; LABEL: value; …; KEY: value; END:123`. */
export function labelledDecoder(rule: LabelledFormat): Decoder {
  const { id, categories, absent = [], columns } = rule;
  const { fits, announced } = categoryTests(categories);
  const separator = literal(rule.separator);
  const assign = literal(rule.assign);
  const [endLabel, endField] = rule.end;
  const key = detailKey(rule.keyPrefixes, '[^;\\n]*?');
  const names = [...new Set(columns.map(([, name]) => name))];
  const guarded = columns.map(([label]) => label).filter((label) => !rule.repeated?.includes(label));
  const pair = `${separator}\\s*${key}${assign}`;
  const pairs: OpenPairs = { before: `${separator}\\s*`, key, assign, absent };
  const labels = guarded.map((label) => `Index(${tail}, ${quote(`${rule.separator}${label}${rule.assign}`)}) >= 0`);
  const hasRest = 'log.cache["rest"] == true';
  const isLine = all(`${fields} == nil`, `${message} != nil`, `HasPrefix(${message}, ${quote(rule.start)})`, fits);
  const columnsOf = set(head, `ExtractPatterns(${message}, ${quote(columnsPattern(rule))})`);
  return {
    blocks: [
      {
        comment: `${id}: labels with a value each, and nothing that is escaped, missing or repeated`,
        conditions: [all(isLine, isPlain(message), `Index(${message}, ${quote(rule.separator + endLabel)}) >= 0`)],
        statements: [
          columnsOf,
          ...endStatements(rule),
          ...readPlainPairs(
            tail,
            pairs,
            all(HAS_END, `${tail} != ""`, ...labels.map(not)),
            `${HAS_END} and ${tail} == ""`,
          ),
          ...mergeStatements(rule),
          ...takeFields(head, names, absent),
          set(attribute(FORMAT_ATTRIBUTE), quote(id), IS_READ),
        ],
      },
      {
        comment: `${id}: labels with a value each`,
        conditions: [isLine],
        statements: [
          columnsOf,
          ...cutStatements(rule, announced),
          ...endStatements(rule),
          set(status, '"truncated"', all(IS_RECORD, `${head}[${quote(endField)}] == nil`)),
          // The blank behind the last separator is gone when the line was read.
          statement(
            `replace_pattern(${tail}, ${quote(`${separator.trimEnd()}\\s*$`)}, "")`,
            all(IS_RECORD, `${head}[${quote(endField)}] == nil`),
          ),
          set(
            'log.cache["rest"]',
            'true',
            all(IS_RECORD, `${tail} != ""`, `not (IsMatch(${tail}, ${quote(`^${pair}`)}))`),
          ),
          set('log.cache["e"]', `ExtractPatterns(${tail}, ${quote(`(?s)^(?P<e>.*?)(?:${pair}|$)`)})`, hasRest),
          ...lastColumn(rule, hasRest),
          set(status, '"partial"', all(any(hasRest, ...labels), IS_RECORD, `${status} == nil`)),
          ...readOpenPairs(tail, pairs, all(IS_RECORD, `${tail} != nil`, `Len(${tail}) > ${rule.separator.length}`)),
          ...mergeStatements(rule),
          statement(`delete_matching_keys(${head}, "^_")`, IS_RECORD),
          set(READ, 'true', `${status} != nil or Len(${head}) > 0`),
          ...takeFields(head, names, absent),
          set(attribute(FORMAT_ATTRIBUTE), quote(id), IS_READ),
        ],
      },
    ],
  };
}

/** The text behind the columns, and the label that ends a record. */
function endStatements({ separator, end: [label, name] }: LabelledFormat): string[] {
  const length = `Len(${head}["_h"])`;
  const end = `${literal(separator)}${literal(label)}(?P<e>(?:[^;\\n]|;[^ \\n])*?)\\s*`;
  return [
    // The separator before the first detail is kept, so that each of them has one.
    set(
      tail,
      concat(quote(separator), `Substring(${message}, ${length}, Len(${message}) - ${length})`),
      all(IS_RECORD, `Len(${message}) > ${length}`),
    ),
    set('log.cache["end"]', `ExtractPatterns(${tail}, ${quote(`(?P<_all>${end})$`)})`, IS_RECORD),
    set(`${head}[${quote(name)}]`, 'log.cache["end"]["e"]', HAS_END),
    set(tail, `TrimSuffix(${tail}, log.cache["end"]["_all"])`, HAS_END),
  ];
}

/** Two labels may stand for one field: each has a group of its own. */
function groupName(rule: LabelledFormat, index: number): string {
  const [, name] = rule.columns[index] ?? ['', ''];
  return rule.columns.findIndex(([, other]) => other === name) === index ? name : `${name}_${index}`;
}

const QUOTED_OPEN = '(?:="(?:[^"\\\\]|\\\\.)*"|.)*?';

/** One column with the separator behind it. */
function columnPattern(rule: LabelledFormat, index: number): string {
  const [label, name] = rule.columns[index] ?? ['', ''];
  const assign = rule.glued?.includes(label) ? `(?:${literal(rule.assign)})?` : literal(rule.assign);
  const shape = rule.shapes?.[name];
  const value = rule.open?.includes(label) ? QUOTED_OPEN : shapePattern(shape, '.*?');
  return `${literal(label)}${assign}(?P<${groupName(rule, index)}>${value})${literal(rule.separator)}`;
}

/** The columns in their order. An open column ends where the next label begins, so the two stand or fall together. */
function columnsPattern(rule: LabelledFormat): string {
  if (rule.preface) return `^(?P<_h>${literal(rule.start)})`;
  let pattern = '';
  for (let index = 0; index < rule.columns.length; ) {
    const [first = ''] = rule.columns[index] ?? [];
    let unit = columnPattern(rule, index);
    while (rule.open?.includes(rule.columns[index]?.[0] ?? '') && index + 1 < rule.columns.length) {
      index += 1;
      unit += columnPattern(rule, index);
    }
    index += 1;
    pattern += rule.optional?.includes(first) ? `(?:${unit})?` : unit;
  }
  return `(?s)^(?P<_h>${pattern})`;
}

/** A record that was cut inside its columns, where something outside says what it is. */
function cutStatements(rule: LabelledFormat, announced: string): string[] {
  if (rule.preface) return [];
  const nested = rule.columns.slice(1).reduceRight((rest, [label], index) => {
    const part = columnPattern(rule, index + 1);
    return rule.optional?.includes(label) ? `(?:${part})?${rest}` : `(?:${part}${rest})?`;
  }, '');
  const isOpen = all(`${head}["_h"] == nil`, announced);
  return [
    set(head, `ExtractPatterns(${message}, ${quote(`(?s)^(?P<_h>${columnPattern(rule, 0)}${nested})`)})`, isOpen),
  ];
}

/** A text that is no pair belongs to the last column that was there. */
function lastColumn(rule: LabelledFormat, hasRest: string): string[] {
  const groups = rule.columns.map((_, index) => groupName(rule, index)).reverse();
  return groups.slice(0, 1).flatMap((name) => {
    const value = `${head}[${quote(name)}]`;
    return [
      set(
        value,
        concat(value, 'log.cache["e"]["e"]'),
        all(hasRest, `${value} != nil`, `${value} != ""`, 'log.cache["e"]["e"] != nil', 'log.cache["e"]["e"] != ""'),
      ),
    ];
  });
}

/** The groups of labels that share a field become that field. */
function mergeStatements(rule: LabelledFormat): string[] {
  return rule.columns.flatMap(([, name], index) => {
    const group = groupName(rule, index);
    if (group === name) return [];
    const value = `${head}[${quote(group)}]`;
    return [
      set(`${head}[${quote(name)}]`, value, `${value} != nil and ${value} != ""`),
      statement(`delete_key(${head}, ${quote(group)})`, `${value} != nil`),
    ];
  });
}
