import type { EventRule, Product, SeverityRule } from '@cryptrail/catalogue';
import type { Block } from '../ottl/block.ts';
import { mapOf, quote, tableOf } from '../ottl/expression.ts';
import { readTemplate } from '../ottl/template.ts';

/** The resource attribute that holds the look-up tables while a batch is worked on: a map literal costs little once per batch, and a lot once per record. */
export const TABLES = '_t';
const tables = `resource.attributes[${quote(TABLES)}]`;

/** A look-up table. */
export function table(name: string): string {
  return `${tables}[${quote(name)}]`;
}

/** Columns of the row of an event, in the order of {@link rowOf}; the last two are filled when the event has attributes, or gives columns a meaning, of its own. */
export const ROW = {
  name: 0,
  category: 1,
  priority: 2,
  group: 3,
  stream: 4,
  outcome: 5,
  title: 6,
  fixed: 7,
  chooses: 8,
} as const;
export const ROW_SEPARATOR = '\t';

/** What every record of an event gets, as one text: for hundreds of events it costs a fraction of maps in a map, which are made once a batch. */
export function rowOf(product: Product, name: string, event: EventRule | undefined): string {
  const { category = '', priority = '', group = '', stream = '', outcome = '' } = event ?? {};
  const title = product.titles.get(name) ?? '';
  const fixed = event?.fixed === undefined ? '' : 'fixed';
  const chooses = event?.meanings === undefined ? '' : 'chooses';
  return [name, category, priority, group, stream, outcome, title, fixed, chooses].join(ROW_SEPARATOR);
}

/** What a severity rule says of a word. */
type SeverityPart = 'number' | 'text' | 'level';

/** Name of the table of a severity rule: word → number, text that stands for it, or level by which events ask for it. */
export function severityTable(rule: string, part: SeverityPart): string {
  return part === 'number' ? `severity_${rule}` : `severity_${rule}_${part}`;
}

/** What a severity rule says of its words, where it says anything: literals of OTTL. */
export function severityWords({ words }: SeverityRule, part: SeverityPart): [string, string][] {
  return Object.entries(words).flatMap(([word, { number, text, level }]): [string, string][] => {
    if (part === 'number') return [[word, String(number)]];
    const called = part === 'text' ? text : (level ?? text?.toLowerCase());
    return typeof called !== 'string' || (part === 'level' && called === word) ? [] : [[word, quote(called)]];
  });
}

/** The statement that makes the tables of a product; `more` are those of other steps. */
export function tablesBlock(product: Product, more: readonly (readonly [string, string])[]): Block {
  const parts: (readonly [string, string])[] = [
    ...more,
    ['codes', tableOf(codeRows(product), 2)],
    ['texts', tableOf(textRows(product), 2)],
    ...[['rules', ruleRows(product)] as const, ['formats', formatRows(product)] as const].flatMap(
      ([name, rows]): [string, string][] => (rows.length === 0 ? [] : [[name, tableOf(rows, 2)]]),
    ),
    ...Object.entries(product.severities).flatMap(([name, rule]) => severityParts(name, rule)),
  ];
  return {
    comment:
      'The tables of the catalogue: code, message, rule or format → name, category, priority, group, stream, outcome rule and title of the event; level → severity',
    context: 'resource',
    statements: [`set(${tables}, ${tableOf(parts)})`],
  };
}

/** Code → row of its default event. */
function codeRows(product: Product): [string, string][] {
  return [...product.codes].flatMap(([code, [name]]): [string, string][] => {
    const event = name === undefined ? undefined : product.events.get(name);
    const isDefault = event && (event.default || product.codes.get(code)?.length === 1);
    return name !== undefined && isDefault ? [[code, quote(rowOf(product, name, event))]] : [];
  });
}

/** Whole message → row, for events without a code that nothing else tells apart. */
function textRows(product: Product): [string, string][] {
  const rows = new Map<string, string>();
  for (const [name, event] of product.events) {
    if (event.code !== undefined || !isPlain(event)) continue;
    for (const message of event.when?.messages ?? []) {
      const { literals, names } = readTemplate(message);
      const text = literals[0] ?? '';
      if (names.length === 0 && !rows.has(text)) rows.set(text, quote(rowOf(product, name, event)));
    }
  }
  return [...rows];
}

/** Number of a recognition rule → row of its event, for records that their code or message did not tell. */
export function ruleRows(product: Product): [string, string][] {
  return product.recognition.flatMap(({ event, otherwise }, index) => {
    const name = event ?? otherwise?.event;
    return name === undefined ? [] : [namedRow(product, String(index), name)];
  });
}

/** Format → row of the event that all its records are. */
export function formatRows(product: Product): [string, string][] {
  return product.formats.flatMap(({ id, event }) => (event === undefined ? [] : [namedRow(product, id, event)]));
}

function namedRow(product: Product, key: string, name: string): [string, string] {
  return [key, quote(rowOf(product, name, product.events.get(name)))];
}

/** True when the message alone decides. */
export function isPlain({ when }: EventRule): boolean {
  return when?.levels === undefined && when?.conditions === undefined;
}

function severityParts(name: string, rule: SeverityRule): [string, string][] {
  return (['number', 'text', 'level'] as const).flatMap((part): [string, string][] => {
    const words = severityWords(rule, part);
    return words.length === 0 ? [] : [[severityTable(name, part), mapOf(words)]];
  });
}
