import type { Product } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE } from '../decode/decoder.ts';
import type { Block } from '../ottl/block.ts';
import { pathOf } from '../ottl/condition.ts';
import { all, any, attribute, literal, not, quote, set, statement, WORK } from '../ottl/expression.ts';
import { readTemplate } from '../ottl/template.ts';
import { GUARDED, redactText } from './redact.ts';
import { MARKER } from './secrets.ts';
import { maskSql } from './sql.ts';
import { ROW } from './tables.ts';

const isRecord = `${attribute(FORMAT_ATTRIBUTE)} != nil`;

/** Statements that make the body: the source's message, or a sentence; without secrets. */
export function bodyBlocks(product: Product): Block[] {
  return [
    ...messageBlocks(product),
    ...maskedBlocks(product),
    {
      comment: 'Secrets in the body',
      conditions: [all(isRecord, GUARDED, `${attribute(WORK.decided)} != "masked"`)],
      statements: redactText('log.body', product.redaction),
    },
  ];
}

/** The messages of the formats; an empty detail is none, an empty message field is one. */
function messageBlocks(product: Product): Block[] {
  const { formats } = product;
  const format = attribute(FORMAT_ATTRIBUTE);
  const places = new Map(
    formats.flatMap(({ message = [] }) => message.map((place) => [pathOf(place.field, place.in), place] as const)),
  );
  const messages = [...places].map(([path, { field, in: space }]) => {
    const users = formats.filter(({ message }) => message?.some((one) => one.field === field && one.in === space));
    const isFormat = places.size === 1 ? undefined : any(...users.map(({ id }) => `${format} == ${quote(id)}`));
    return { path, holds: all(isFormat, `IsString(${path})`, space === 'details' ? `${path} != ""` : undefined) };
  });
  const hasMessage = messages.map(({ holds }) => `(${holds})`);
  return [
    {
      comment: 'The body: the message of the source',
      conditions: [isRecord],
      // The first one counts.
      statements: messages.reverse().map(({ path, holds }) => set('log.body', path, holds)),
    },
    {
      comment: 'The body of records without a message: a sentence',
      conditions: [all(isRecord, hasMessage.length === 0 ? undefined : not(any(...hasMessage)))],
      statements: sentenceStatements(product),
    },
  ];
}

function sentenceStatements(product: Product): string[] {
  const event = attribute(WORK.event);
  const code = attribute(WORK.code);
  const sentence = 'log.cache["s"]';
  return [
    set(sentence, '""'),
    ...product.sentence.flatMap((segment) => {
      const { literals, names } = readTemplate(segment);
      if (names.includes('title')) {
        const title = (value: string) => concatTemplate(literals, [value], sentence);
        return [
          set(sentence, title(`${event}[${ROW.title}]`), all(`${event} != nil`, `${event}[${ROW.title}] != ""`)),
          set(sentence, title(code), all(any(`${event} == nil`, `${event}[${ROW.title}] == ""`), `${code} != nil`)),
        ];
      }
      const paths = names.map((name) => valuePath(name, product));
      const values = paths.map((path) => `String(${path})`);
      const there = paths.flatMap((path) => [`${path} != nil`, `${path} != ""`]);
      return [set(sentence, concatTemplate(literals, values, sentence), all(...there))];
    }),
    set('log.body', sentence),
  ];
}

/** A query is shown as it was masked. */
function valuePath(name: string, { fields }: Product): string {
  const masked = fields.find(
    ({ fields: names, convert, in: space }) => space === undefined && convert === 'sql' && names.includes(name),
  );
  if (masked?.attribute !== undefined) return attribute(masked.attribute);
  if (name === 'code') return attribute(WORK.code);
  if (name === 'outcome') return attribute('cryptrail.outcome');
  return name.startsWith('details.') ? pathOf(name.slice('details.'.length), 'details') : pathOf(name);
}

function concatTemplate(literals: readonly string[], values: readonly string[], before: string): string {
  const parts = literals.flatMap((text, index) => {
    const value = values[index];
    return [...(text === '' ? [] : [quote(text)]), ...(value === undefined ? [] : [value])];
  });
  return `Concat([${[before, ...parts].join(', ')}], "")`;
}

/** Messages of which the product says that a part is a secret or SQL. In what is masked nothing else is replaced. */
function maskedBlocks({ redaction }: Product): Block[] {
  const templates = [...(redaction.secretMessages ?? []), ...(redaction.sqlMessages ?? [])].map(readTemplate);
  if (templates.length === 0) return [];
  const starts = [...new Set(templates.map(({ literals }) => literals[0] ?? ''))];
  const masked = 'log.cache["masked"]';
  const gap = 'log.cache["gap"]';
  const done = attribute(WORK.decided);
  return [
    {
      comment: 'Messages that hold a secret or a query',
      conditions: [
        all(isRecord, 'IsString(log.body)', any(...starts.map((start) => `HasPrefix(log.body, ${quote(start)})`))),
      ],
      statements: [
        set(done, '"open"'),
        ...templates.flatMap(({ literals, names }) => {
          const groups = names.map((_, index) => `(?P<g${index}>${index === names.length - 1 ? '.*' : '.*?'})`);
          const pattern = `^(?s)${literals.map((part, index) => literal(part) + (groups[index] ?? '')).join('')}$`;
          const fits = all(`${done} == "open"`, `${masked}["g0"] != nil`);
          const values = names.map((name, index) => {
            const found = `${masked}["g${index}"]`;
            if (name === 'secret') return quote(MARKER);
            return name === 'sql' ? gap : found;
          });
          const sqlAt = names.indexOf('sql');
          return [
            set(masked, `ExtractPatterns(log.body, ${quote(pattern)})`, `${done} == "open"`),
            ...(sqlAt === -1 ? [] : [set(gap, `${masked}["g${sqlAt}"]`, fits), ...maskSql(gap, fits)]),
            set(
              'log.body',
              `Concat([${literals.flatMap((part, index) => [...(part === '' ? [] : [quote(part)]), ...(values[index] === undefined ? [] : [values[index]])]).join(', ')}], "")`,
              fits,
            ),
            set(done, '"masked"', fits),
          ];
        }),
        statement(`delete_key(log.attributes, ${quote(WORK.decided)})`, `${done} == "open"`),
      ],
    },
  ];
}
