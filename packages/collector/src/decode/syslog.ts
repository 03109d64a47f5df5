import { LEVEL_WORDS } from '@cryptrail/catalogue/words';
import { isoTime } from '../map/time.ts';
import type { Block } from '../ottl/block.ts';
import { all, attribute, quote, set, WORK } from '../ottl/expression.ts';

const whole = attribute(WORK.whole);
const head = 'log.cache["h"]';

const STRUCTURED = '(?:-(?: |$)|(?:\\[(?:[^\\]"]|"(?:[^"\\\\]|\\\\.)*")*\\])+ ?)\\x{FEFF}?';
const RFC5424 = `1 (?P<time>\\S+) \\S+ \\S+ \\S+ (?P<id>\\S+) ${STRUCTURED}`;
const RFC3164 =
  '(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}|(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2}T\\S+)) \\S+ [^\\s:[\\]]+(?:\\[[0-9]{1,10}\\])?: ?';
/** The head that a syslog daemon writes, of RFC 5424 or RFC 3164. */
const HEAD = `^(?P<_h><(?P<priority>[0-9]{1,3})>(?:${RFC5424}|${RFC3164}))`;

/** Takes the head of a syslog daemon off a line; the whole line is kept for the case that what it holds is no record. */
export function syslogHead(): Block {
  const isThere = `${head}["_h"] != nil`;
  const category = `${attribute(WORK.layout)}["category"]`;
  return {
    comment: 'A line behind the head of a syslog daemon',
    conditions: [all(`${attribute(WORK.fields)} == nil`, 'IsString(log.body)', 'HasPrefix(log.body, "<")')],
    statements: [
      set(head, `ExtractPatterns(log.body, ${quote(HEAD)})`),
      set(whole, 'log.body', isThere),
      // Only the name of a Java logger has dots.
      set(category, `${head}["id"]`, all(isThere, `Index(${head}["id"], ".") >= 0`)),
      set('log.body', `Substring(log.body, Len(${head}["_h"]), Len(log.body) - Len(${head}["_h"]))`, isThere),
    ],
  };
}

/** Words for the severities of syslog, by their number. */
const LEVELS = ['fatal', 'fatal', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];

/** Level and time of the head, for lines that tell neither themselves. */
export function syslogLevel(isLine: string): Block {
  const level = 'log.cache["n"]';
  const numbers = new Map(LEVEL_WORDS);
  return {
    comment: 'Level and time of the head of a syslog daemon',
    conditions: [all(isLine, `${whole} != nil`)],
    statements: [
      set(head, `ExtractPatterns(${whole}, ${quote(HEAD)})`),
      set(level, `Int(${head}["priority"]) - Int(${head}["priority"]) / 8 * 8`, 'log.severity_text == ""'),
      ...LEVELS.flatMap((word, index) => [
        set('log.severity_text', quote(word), `${level} == ${index}`),
        set('log.severity_number', String(numbers.get(word) ?? 0), `${level} == ${index}`),
      ]),
      set(`${head}["time"]`, `${head}["iso"]`, `${head}["time"] == ""`),
      ...isoTime(`${head}["time"]`, { field: 'time', form: 'iso' }),
    ],
  };
}
