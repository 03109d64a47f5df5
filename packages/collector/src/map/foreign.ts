import type { FormatRule, Product } from '@cryptrail/catalogue';
import { GENERAL_REDACTION, LEVEL_WORDS } from '@cryptrail/catalogue/words';
import { STATUS_ATTRIBUTE } from '../decode/decoder.ts';
import { isMessage, withoutColours } from '../decode/layout.ts';
import { syslogLevel } from '../decode/syslog.ts';
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
        set('log.body', attribute(WORK.whole), `${attribute(WORK.whole)} != nil and log.cache["broken"] == nil`),
        ...(formats.some(isMessage) ? [] : [withoutColours()]),
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
    syslogLevel(`${format} == nil`),
  ];
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
