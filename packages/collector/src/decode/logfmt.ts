import type { LogfmtFormat } from '@cryptrail/catalogue';
import { all, attribute, field, quote, set, WORK } from '../ottl/expression.ts';
import { claimed, type Decoder, FORMAT_ATTRIBUTE } from './decoder.ts';
import { readPairs } from './pairs.ts';

const fields = attribute(WORK.fields);
const text = 'log.cache["t"]';

/** Signs of a key, of a value without quotes, and of one in quotes: printed ASCII without quotes and backslashes. */
const KEY = '[!#-&(-<>-\\[\\]-~]';
const BARE = '[!#-&(-\\[\\]-~]';
const QUOTED = `(?:[!#-\\[\\]-~][ !#-\\[\\]-~]*)?`;
const PAIR = `${KEY}+=(?:"${QUOTED}"|${BARE}*)`;
/** A line that the stock parser of pairs reads as its writer meant it: no escapes, no key with a blank, and no blank at the end of a value that it would trim. */
const PLAIN = all(`Index(log.body, " \\"") < 0`, `IsMatch(log.body, ${quote(`^${PAIR}(?: ${PAIR})*$`)})`);

/** A line of `key=value` pairs as Go's logrus writes them. */
export function logfmtDecoder({ id, leading, claims }: LogfmtFormat): Decoder {
  const [first = '', ...more] = leading.filter((name) => !name.endsWith('?'));
  const optional = leading.filter((name) => name.endsWith('?')).map((name) => name.slice(0, -1));
  const isWhole = all(`IsMap(${fields})`, ...more.map((name) => `${field(name)} != nil`));
  const isLine = all(`${fields} == nil`, 'IsString(log.body)', `HasPrefix(log.body, ${quote(`${first}=`)})`);
  const claim = [
    ...optional.map((name) => set(field(name), '""', all(isWhole, `${field(name)} == nil`))),
    set(attribute(FORMAT_ATTRIBUTE), quote(id), all(isWhole, claimed(claims, true))),
  ];
  return {
    blocks: [
      {
        comment: `${id}: key=value pairs, none of them with an escape`,
        conditions: [all(isLine, PLAIN)],
        statements: [set(fields, 'ParseKeyValue(log.body, "=", " ")'), ...claim],
      },
      {
        comment: `${id}: key=value pairs with values in Go's quotes`,
        conditions: [isLine],
        statements: [set(text, 'log.body'), ...readPairs(text, fields), ...claim],
      },
    ],
  };
}
