import { any, attribute, concat, quote, replace, set } from '../ottl/expression.ts';
import { MARK, withoutMarks } from '../ottl/marks.ts';
import { STATUS_ATTRIBUTE } from './decoder.ts';
import { HIDDEN, unquoteGo } from './go-quote.ts';

/** A quote that belongs to the JSON text. */
const Q = MARK.next;
const ONE = '[^=]*=(?:"[^"]*"|[^ "][^ ]*|)(?: |$)';
/** One pair with the blank behind it. */
const PAIR = '([^=]*)=(?:"([^"]*)"|([^ "][^ ]*|))(?: |$)';
/** What follows the last whole pair. */
const REST = `^(?:${ONE})*(?P<rest>.*)$`;
const REST_CUT = `^((?:${ONE})*).*$`;

const rest = 'log.cache["x"]["rest"]';
const whole = 'log.cache["whole"]';

/**
 * Statements that read `key=value` pairs with values in Go's quotes from `text` into the map `target`. They make JSON text of them: the stock key-value
 * parsers leave Go's escapes in the values and refuse a whole line for one key with a blank (`Key ID="crm frontend"`).
 */
export function readPairs(text: string, target: string, condition?: string): string[] {
  const given = (test: string) => (condition === undefined ? test : `${condition} and ${test}`);
  const escaped = given(`Index(${text}, "\\\\") >= 0`);
  const hasQuotes = 'log.cache["quoted"] == true';
  const isOdd = 'log.cache["odd"] == true';
  const hasRest = `${isOdd} and ${rest} != nil and Trim(${rest}) != ""`;
  const pair = `${Q}\${1}${Q}:${Q}\${2}\${3}${Q},`;
  return [
    withoutMarks(text),
    ...HIDDEN.map(([pattern, sign]) => replace(text, pattern, sign, escaped)),
    set(whole, text, condition),
    replace(text, PAIR, pair, condition),
    // A rest that is no pair, or whose quote nothing closes, is kept as it is and marked. Pair behind pair leaves nothing between them.
    set(
      'log.cache["odd"]',
      'true',
      given(
        any(
          `not (HasPrefix(${text}, ${quote(Q)}))`,
          `not (HasSuffix(${text}, ${quote(`${Q},`)}))`,
          `IsMatch(${text}, ${quote(`${Q},[^${Q}]`)})`,
        ),
      ),
    ),
    set('log.cache["x"]', `ExtractPatterns(${whole}, ${quote(REST)})`, isOdd),
    set(text, whole, isOdd),
    replace(text, REST_CUT, '${1}', hasRest),
    replace(text, PAIR, pair, isOdd),
    // Quotes that are left stand in keys and in values without quotes.
    replace(text, '"', MARK.quote, given(`Index(${text}, "\\"") >= 0`)),
    replace(text, Q, '"', condition),
    set(
      'log.cache["quoted"]',
      'true',
      given(
        any(
          `Index(${text}, "\\\\") >= 0`,
          `Index(${text}, ${quote(MARK.quote)}) >= 0`,
          `Index(${text}, ${quote(MARK.backslash)}) >= 0`,
        ),
      ),
    ),
    ...unquoteGo(text, hasQuotes),
    set(text, concat('"{"', `TrimSuffix(${text}, ",")`, '"}"'), condition),
    ...parseText(text, target, condition),
    set(`${target}["unread"]`, rest, hasRest),
    set(attribute(STATUS_ATTRIBUTE), '"partial"', hasRest),
  ];
}

/**
 * Statements that parse JSON text, if need be in a second try for a text with control characters, which JSON does not allow: written as a text of JSON they are escaped, and what else that
 * escaped is undone.
 */
export function parseText(text: string, target: string, condition?: string): string[] {
  const failed = 'log.cache["again"] == true';
  const written = `String([${text}])`;
  return [
    set(target, `ParseJSON(${text})`, condition),
    set(
      'log.cache["again"]',
      'true',
      condition === undefined ? `${target} == nil` : `${condition} and ${target} == nil`,
    ),
    // Without the bracket and the quote at both ends.
    set(text, `Substring(${written}, 2, Len(${written}) - 4)`, failed),
    replace(text, '\\\\(["\\\\])', '${1}', failed),
    set(target, `ParseJSON(${text})`, failed),
  ];
}
