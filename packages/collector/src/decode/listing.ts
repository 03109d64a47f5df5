import type { ListingFormat } from '@cryptrail/catalogue';
import { all, attribute, concat, literal, quote, set, statement, WORK } from '../ottl/expression.ts';
import { MARK } from '../ottl/marks.ts';
import { DN_START, detailKey } from '../ottl/names.ts';
import { shapePattern } from '../ottl/shape.ts';
import { type Decoder, FORMAT_ATTRIBUTE, IS_READ, READ, STATUS_ATTRIBUTE, takeFields } from './decoder.ts';
import { readOpenPairs } from './open-pairs.ts';

const fields = attribute(WORK.fields);
const message = attribute(WORK.message);
const head = 'log.cache["h"]';
const tail = 'log.cache["t"]';
const names = `${head}["_n"]`;

/** Attribute types that go on with a distinguished name inside the details. */
const GOES_ON =
  'CN|OU|O|C|L|ST|S|DC|E|UID|T|SN|DN|DNQ|STREET|SURNAME|INITIALS|GIVENNAME|GENERATION|SERIALNUMBER|EMAILADDRESS|ORGANIZATIONIDENTIFIER';

/** `time, EVENT, CN=a, O=b, 7, {key=value, key=value}`. */
export function listingDecoder(rule: ListingFormat): Decoder | undefined {
  const { id, columns, open = [], absent = [], details } = rule;
  const isRecord = `${head}["_h"] != nil`;
  const [first, second] = open;
  if (first === undefined || second === undefined || open.length > 2) return undefined;
  const length = `Len(${head}["_h"])`;
  return {
    blocks: [
      {
        comment: `${id}: columns between ${quote(rule.delimiter)}, then all details in one bracket`,
        conditions: [all(`${fields} == nil`, `${message} != nil`, `Index(${message}, ${quote(details.start)}) > 0`)],
        statements: [
          set(head, `ExtractPatterns(${message}, ${quote(columnsPattern(rule, first, second))})`),
          ...splitNames(first, second, rule, isRecord),
          set(
            tail,
            concat(
              quote(details.delimiter),
              `TrimSuffix(Trim(Substring(${message}, ${length}, Len(${message}) - ${length})), ${quote(details.end)})`,
            ),
            isRecord,
          ),
          set(
            attribute(STATUS_ATTRIBUTE),
            '"truncated"',
            all(isRecord, `not (HasSuffix(Trim(${message}), ${quote(details.end)}))`),
          ),
          ...readOpenPairs(
            tail,
            {
              before: literal(details.delimiter),
              key: detailKey(rule.keyPrefixes, '[^=,\\n]*?'),
              assign: literal(details.assign),
              notKeys: `${literal(details.delimiter)}((?:${GOES_ON})=)`,
              absent,
            },
            all(isRecord, `Len(${tail}) > ${details.delimiter.length}`),
          ),
          statement(
            `replace_all_patterns(${attribute(WORK.details)}, "value", ${quote(MARK.shield)}, ${quote(details.delimiter)})`,
            all(isRecord, `${attribute(WORK.details)} != nil`),
          ),
          set(READ, 'true', `${head}[${quote(columns[1] ?? '')}] != nil`),
          ...takeFields(head, columns, absent),
          set(attribute(FORMAT_ATTRIBUTE), quote(id), IS_READ),
        ],
      },
    ],
  };
}

/** The columns up to the bracket; the two open ones together in `_n`. */
function columnsPattern(rule: ListingFormat, first: string, second: string): string {
  const delimiter = literal(rule.delimiter);
  const parts = rule.columns.flatMap((column) => {
    if (column === second) return [];
    if (column === first) return ['(?P<_n>.*?)'];
    const shape = Object.hasOwn(rule.shapes, column) ? rule.shapes[column] : undefined;
    return [`(?P<${column}>${shapePattern(shape, `[^${literal(rule.delimiter.charAt(0))}]*`)})`];
  });
  return `^(?P<_h>${parts.join(delimiter)}${literal(rule.details.start)})`;
}

/** Two names part where the kind of attribute that began the first one comes again; a word for "none" at the end is the second one. */
function splitNames(
  first: string,
  second: string,
  { delimiter, absent = [] }: ListingFormat,
  isRecord: string,
): string[] {
  const parts = 'log.cache["p"]';
  const type = 'log.cache["type"]';
  const separator = literal(delimiter);
  const isOpen = all(isRecord, `${parts}["a"] == nil`);
  const words = absent.map(literal).join('|');
  const again = concat(quote('(?s)^(?P<a>\\Q'), type, quote(`\\E.*?)${separator}(?P<b>\\Q`), type, quote('\\E.*)$'));
  return [
    set(parts, '{}', isRecord),
    ...(words === ''
      ? []
      : [set(parts, `ExtractPatterns(${names}, ${quote(`(?s)^(?P<a>.*)${separator}(?P<b>${words})$`)})`, isOpen)]),
    set(
      parts,
      `ExtractPatterns(${names}, ${quote(`(?s)^(?P<a>[^=,]*)${separator}(?P<b>${DN_START}.*)$`)})`,
      all(isOpen, `not (IsMatch(${names}, ${quote(`^${DN_START}`)}))`),
    ),
    set(type, `ExtractPatterns(${names}, "^(?P<t>[^=, ]+=)")["t"]`, isOpen),
    set(parts, `ExtractPatterns(${names}, ${again})`, all(isOpen, `${type} != nil`)),
    set(parts, `ExtractPatterns(${names}, ${quote(`(?s)^(?P<a>.*)${separator}(?P<b>.*?)$`)})`, isOpen),
    set(`${head}[${quote(first)}]`, `${parts}["a"]`, all(isRecord, `${parts}["a"] != nil`)),
    set(`${head}[${quote(second)}]`, `${parts}["b"]`, all(isRecord, `${parts}["b"] != nil`)),
  ];
}
