import type { TerminalFormat } from '@cryptrail/catalogue';
import { all, attribute, quote, replace, set, statement, WORK } from '../ottl/expression.ts';
import { claimed, type Decoder, FORMAT_ATTRIBUTE } from './decoder.ts';
import { readPairs } from './pairs.ts';

const fields = attribute(WORK.fields);
const parts = 'log.cache["h"]';
const pairs = 'log.cache["t"]';

const VALUE = '(?:"(?:[^"\\\\]|\\\\.)*"|[A-Za-z0-9._/@^+-]*)';
const FILLED = '(?:"(?:[^"\\\\]|\\\\.)*"|[A-Za-z0-9._/@^+-]+)';
const COLOURED = `(?: +\\x1b\\[[0-9]{1,2}m[^\\x1b]+\\x1b\\[0m=${VALUE})*`;
const PLAIN = `(?: +[^\\s=]+=${FILLED})*`;

/** `WARN[0042] a message padded with blanks      client_id="app one" code=587`, coloured or not. The longest end of pairs is what is no message. */
export function terminalDecoder({
  id,
  header: [level = '', time = '', message = ''],
  claims,
}: TerminalFormat): Decoder {
  const begin = (open: string, close: string) =>
    `^${open}(?P<${level}>[A-Z]{4})${close}\\[(?P<${time}>[^\\]\\s]+)\\] ?`;
  const coloured = `(?s)${begin('\\x1b\\[[0-9]{1,2}m', '\\x1b\\[0m')}(?P<${message}>.*?)(?P<_x>${COLOURED})\\s*$`;
  const plain = `(?s)${begin('', '')}(?P<${message}>.*?)(?P<_x>${PLAIN})\\s*$`;
  const isLine = `${parts}[${quote(level)}] != nil`;
  const stamp = `${parts}[${quote(time)}]`;
  return {
    blocks: [
      {
        comment: `${id}: what logrus writes on a terminal`,
        conditions: [
          all(
            `${fields} == nil`,
            'IsString(log.body)',
            'IsMatch(log.body, "^(?:\\\\x1b\\\\[[0-9]{1,2}m)?[A-Z]{4}(?:\\\\x1b\\\\[0m)?\\\\[")',
          ),
        ],
        statements: [
          set(parts, `ExtractPatterns(log.body, ${quote(plain)})`, 'HasPrefix(log.body, "\\u001b") == false'),
          set(parts, `ExtractPatterns(log.body, ${quote(coloured)})`, 'HasPrefix(log.body, "\\u001b")'),
          replace(`${parts}[${quote(message)}]`, '\\s+$', '', isLine),
          set(pairs, `Trim(${parts}["_x"])`, isLine),
          statement(`delete_key(${parts}, "_x")`, isLine),
          replace(pairs, '\\x1b\\[[0-9]{1,2}m', '', isLine),
          // Digits alone count the seconds since the start: no time.
          set(`${parts}["elapsed_seconds"]`, `String(Int(${stamp}))`, all(isLine, `IsMatch(${stamp}, "^[0-9]+$")`)),
          statement(`delete_key(${parts}, ${quote(time)})`, `${parts}["elapsed_seconds"] != nil`),
          ...readPairs(
            pairs,
            'log.cache["f"]',
            `${isLine} and ${pairs} != ""`.replace(`${pairs} != ""`, `Len(${pairs}) > 0`),
          ),
          statement(`merge_maps(${parts}, log.cache["f"], "insert")`, all(isLine, 'log.cache["f"] != nil')),
          set(fields, parts, isLine),
          set(attribute(FORMAT_ATTRIBUTE), quote(id), all(`IsMap(${fields})`, claimed(claims, true))),
          statement(`delete_key(log.attributes, ${quote(WORK.fields)})`, `${attribute(FORMAT_ATTRIBUTE)} == nil`),
        ],
      },
    ],
  };
}
