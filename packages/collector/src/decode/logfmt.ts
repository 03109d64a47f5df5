import type { LogfmtFormat } from '@cryptrail/catalogue';
import { all, attribute, field, quote, set, WORK } from '../ottl/expression.ts';
import { claimed, type Decoder, FORMAT_ATTRIBUTE } from './decoder.ts';
import { readPairs } from './pairs.ts';

const fields = attribute(WORK.fields);
const text = 'log.cache["t"]';

/** A line of `key=value` pairs as Go's logrus writes them. */
export function logfmtDecoder({ id, leading, claims }: LogfmtFormat): Decoder {
  const [first = '', ...more] = leading.filter((name) => !name.endsWith('?'));
  const optional = leading.filter((name) => name.endsWith('?')).map((name) => name.slice(0, -1));
  const isWhole = all(`IsMap(${fields})`, ...more.map((name) => `${field(name)} != nil`));
  return {
    blocks: [
      {
        comment: `${id}: key=value pairs with values in Go's quotes`,
        conditions: [all(`${fields} == nil`, 'IsString(log.body)', `HasPrefix(log.body, ${quote(`${first}=`)})`)],
        statements: [
          set(text, 'log.body'),
          ...readPairs(text, fields),
          ...optional.map((name) => set(field(name), '""', all(isWhole, `${field(name)} == nil`))),
          set(attribute(FORMAT_ATTRIBUTE), quote(id), all(isWhole, claimed(claims, true))),
        ],
      },
    ],
  };
}
