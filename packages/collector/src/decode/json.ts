import type { JsonFormat } from '@cryptrail/catalogue';
import { all, any, attribute, quote, set, statement, WORK } from '../ottl/expression.ts';
import { claimed, type Decoder, FORMAT_ATTRIBUTE } from './decoder.ts';

const fields = attribute(WORK.fields);

/**
 * One JSON object a line. The receiver's `json_parser` has read it already, because it keeps whole numbers exact and OTTL's ParseJSON does not; a record
 * that came another way is read here.
 */
export function jsonDecoder({ id, claims }: JsonFormat): Decoder {
  const isUnsure = 'log.cache["unsure"] == true';
  return {
    blocks: [
      {
        comment: `${id}: one JSON object a line`,
        conditions: [`${fields} != nil`, 'IsString(log.body) and HasPrefix(log.body, "{")'],
        statements: [
          set(
            'log.cache["unsure"]',
            'true',
            all('IsString(log.body)', any(`${fields} == nil`, 'Index(log.body, "}") != Len(log.body) - 1')),
          ),
          set('log.cache["f"]', 'ParseJSON(log.body)', isUnsure),
          set(fields, 'log.cache["f"]', `${fields} == nil and IsMap(log.cache["f"])`),
          statement(
            forget,
            any(`${isUnsure} and log.cache["f"] == nil`, ...LENIENT.map((test) => `(IsString(log.body) and ${test})`)),
          ),
          set(attribute(FORMAT_ATTRIBUTE), quote(id), all(`IsMap(${fields})`, claimed(claims, false))),
          statement(forget, `${attribute(FORMAT_ATTRIBUTE)} == nil`),
        ],
      },
    ],
  };
}

const forget = `delete_key(log.attributes, ${quote(WORK.fields)})`;

/**
 * What the parsers of the Collector let pass and RFC 8259 does not: text behind the object (only `parse_ints` does, and a look at the first `}` finds nearly every line
 * that needs no second parse), raw tabs, numbers with a leading zero, escapes that are none.
 */
const LENIENT = [
  `Index(log.body, ${quote('\t')}) >= 0`,
  `IsMatch(log.body, ${quote('":\\s*-?0[0-9]')})`,
  `(IsMatch(log.body, ${quote('\\\\u[0-9a-fA-F]{0,3}[^0-9a-fA-F]')}) and not (IsMatch(log.body, ${quote('^(?:[^\\\\]|\\\\["\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*$')})))`,
];
