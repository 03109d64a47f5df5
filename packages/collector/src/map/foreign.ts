import type { FormatRule, Product } from '@cryptrail/catalogue';
import { GENERAL_REDACTION, LEVEL_WORDS } from '@cryptrail/catalogue/words';
import { STATUS_ATTRIBUTE } from '../decode/decoder.ts';
import { isMessage } from '../decode/layout.ts';
import type { Block } from '../ottl/block.ts';
import { all, attribute, concat, literal, quote, replace, set, WORK } from '../ottl/expression.ts';
import { readTemplate } from '../ottl/template.ts';
import { GUARDED, guardStatements, redactText } from './redact.ts';
import { MARKER } from './secrets.ts';
import { isoTime } from './time.ts';

const format = attribute('cryptrail.source.format');
const isBroken = 'log.cache["broken"] == true';

/** Lines that are no record: kept, without their secrets; of a broken record nothing is kept but its size, because nothing tells where its secrets are. */
export function foreignBlocks(product: Product, formats: readonly FormatRule[]): Block[] {
  const isJson = product.formats.some((one) => one.decoder === 'json' && one.brokenMarks);
  const { resource } = product;
  const starts = [
    ...new Set((product.redaction.secretMessages ?? []).map((message) => readTemplate(message).literals[0] ?? '')),
  ];
  return [
    {
      comment: 'Lines that are no record are kept; of a broken one only its size',
      conditions: [`${format} == nil`],
      statements: [
        ...(isJson
          ? [
              set(
                'log.cache["broken"]',
                'true',
                'IsString(log.body) and HasPrefix(TrimPrefix(Trim(log.body), "\\ufeff"), "{")',
              ),
              set(attribute(STATUS_ATTRIBUTE), '"unparsed"', isBroken),
              set(attribute('cryptrail.product'), quote(product.value), isBroken),
              ...Object.entries(resource).flatMap(([name, value]) => {
                const text = typeof value === 'string' ? value : value.unknown;
                return text === undefined ? [] : [set(attribute(name), quote(text), isBroken)];
              }),
              set(
                'log.body',
                concat(
                  '"Unreadable record: not one JSON object of this product ("',
                  'String(Len(log.body))',
                  '" bytes)"',
                ),
                isBroken,
              ),
            ]
          : []),
        set(attribute(STATUS_ATTRIBUTE), '"foreign"', `${attribute(STATUS_ATTRIBUTE)} == nil`),
        ...layoutStatements(product, formats),
        ...guardStatements(GENERAL_REDACTION),
        ...starts.map((start) =>
          replace(
            'log.body',
            `(?s)(${literal(start)}).*$`,
            `\${1}${MARKER}`,
            all('IsString(log.body)', `Index(log.body, ${quote(start)}) >= 0`),
          ),
        ),
        ...redactText('log.body', GENERAL_REDACTION, GUARDED),
      ],
    },
    syslogBlock(),
  ];
}

/** Words for the severities of syslog, by their number. */
const SYSLOG_LEVELS = ['fatal', 'fatal', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];
/** The head that a syslog daemon writes, of RFC 5424 or RFC 3164. */
const SYSLOG_HEAD =
  '^<(?P<p>[0-9]{1,3})>(?:1 (?P<t>\\S+) \\S+ \\S+ \\S+ \\S+ (?:- |-$|\\[)|(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}|(?P<i>[0-9]{4}-[0-9]{2}-[0-9]{2}T\\S+)) \\S+ [^\\s:[\\]]+(?:\\[[0-9]{1,10}\\])?:)';

/** Level and time in the head of a syslog line, for lines that tell neither themselves. */
function syslogBlock(): Block {
  const head = 'log.cache["h"]';
  const level = 'log.cache["n"]';
  const numbers = new Map(LEVEL_WORDS);
  const isThere = `${head}["p"] != nil`;
  return {
    comment: 'Level and time in the head of a syslog line',
    conditions: [all(`${format} == nil`, 'IsString(log.body)', 'HasPrefix(log.body, "<")')],
    statements: [
      set(head, `ExtractPatterns(log.body, ${quote(SYSLOG_HEAD)})`),
      set(level, `Int(${head}["p"]) - Int(${head}["p"]) / 8 * 8`, all(isThere, 'log.severity_text == ""')),
      ...SYSLOG_LEVELS.flatMap((word, index) => [
        set('log.severity_text', quote(word), `${level} == ${index}`),
        set('log.severity_number', String(numbers.get(word) ?? 0), `${level} == ${index}`),
      ]),
      set(`${head}["t"]`, `${head}["i"]`, all(isThere, `${head}["t"] == ""`)),
      ...isoTime(`${head}["t"]`, { field: 'time', form: 'iso' }),
    ],
  };
}

/** What the layout of another logger of the same application says. */
function layoutStatements(product: Product, formats: readonly FormatRule[]): string[] {
  if (!formats.some(isMessage) || !product.layouts) return [];
  const part = (name: string) => `${attribute(WORK.layout)}[${quote(name)}]`;
  const word = 'log.cache["level"]';
  const isFilled = (name: string) => `${part(name)} != nil and ${part(name)} != ""`;
  return [
    set('log.severity_text', part('level'), isFilled('level')),
    set(word, `ToLowerCase(${part('level')})`, isFilled('level')),
    ...LEVEL_WORDS.map(([level, number]) => set('log.severity_number', String(number), `${word} == ${quote(level)}`)),
    ...isoTime(part('time'), { field: 'time', in: 'layout', form: 'layout', zone: 'option' }),
    set(attribute('cryptrail.logger.name'), part('category'), isFilled('category')),
    set(attribute('thread.name'), part('thread'), isFilled('thread')),
  ];
}
