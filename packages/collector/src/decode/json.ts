import type { JsonFormat } from '@cryptrail/catalogue';
import { all, attribute, quote, set, WORK } from '../ottl/expression.ts';
import { claimed, type Decoder, FORMAT_ATTRIBUTE } from './decoder.ts';

const fields = attribute(WORK.fields);

/**
 * One JSON object a line. The receiver's `json_parser` has read it already, because it keeps whole numbers exact and OTTL's ParseJSON does not; a record
 * that came another way is read here.
 */
export function jsonDecoder({ id, claims }: JsonFormat): Decoder {
  return {
    blocks: [
      {
        comment: `${id}: one JSON object a line`,
        conditions: [`${fields} != nil`, 'IsString(log.body) and HasPrefix(log.body, "{")'],
        statements: [
          set(fields, 'ParseJSON(log.body)', `${fields} == nil`),
          set(attribute(FORMAT_ATTRIBUTE), quote(id), all(`IsMap(${fields})`, claimed(claims))),
        ],
      },
    ],
  };
}
