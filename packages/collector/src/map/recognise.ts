import type { EventRule, Product, RecognitionRule, When } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE } from '../decode/decoder.ts';
import type { Block } from '../ottl/block.ts';
import { compileConditions, type TextTypes, textTypes } from '../ottl/condition.ts';
import { all, any, attribute, concat, field, quote, set, statement, WORK } from '../ottl/expression.ts';
import { readTemplate, templatePattern, templateTests, weightOf } from '../ottl/template.ts';
import { messagePath } from './message.ts';
import { isPlain, ROW, ROW_SEPARATOR, rowOf, table } from './tables.ts';

const rule = attribute(WORK.rule);
const code = attribute(WORK.code);
const event = attribute(WORK.event);
const level = attribute(WORK.level);
const captures = attribute(WORK.captures);

/** Statements that say which event a record is: `_e` holds its row then, `_c` its code. */
export function recogniseBlocks(product: Product): Block[] {
  return [
    {
      comment: 'Which rule says what the record is, and the code as printed',
      conditions: [`${attribute(FORMAT_ATTRIBUTE)} != nil`],
      statements: ruleStatements(product),
    },
    ...codedBlocks(product),
    {
      comment: 'The event of the code or of the whole message',
      conditions: [`${attribute(FORMAT_ATTRIBUTE)} != nil`],
      statements: lookUpStatements(product),
    },
    ...templateBlocks(product),
    ...rowBlocks(product),
  ];
}

function ruleStatements(product: Product): string[] {
  const unset = `${rule} == nil`;
  return product.recognition.flatMap((one, index) => [
    set(rule, String(index), all(unset, compileConditions(one.conditions, textTypes(product)))),
    ...(one.codeField === undefined ? [] : codeStatements(product, one, index)),
  ]);
}

function codeStatements(product: Product, one: RecognitionRule, index: number): string[] {
  const path = field(one.codeField ?? '');
  const noCodes = product.formats.flatMap(({ id, noCode }) =>
    noCode
      ? [
          all(
            `${attribute(FORMAT_ATTRIBUTE)} == ${quote(id)}`,
            any(...noCode.map((text) => `${code} == ${quote(text)}`)),
          ),
        ]
      : [],
  );
  return [
    set(code, `Trim(String(${path}))`, all(`${rule} == ${index}`, any(`IsString(${path})`, `IsInt(${path})`))),
    ...[`${code} == ""`, ...noCodes].map((none) => statement(`delete_key(log.attributes, ${quote(WORK.code)})`, none)),
  ];
}

/** Entries that share a code with others and are told apart by message, level or conditions. */
function codedBlocks(product: Product): Block[] {
  const special = [...product.events].filter(
    ([, { code: printed, when }]) => printed !== undefined && when && (product.codes.get(printed)?.length ?? 0) > 1,
  );
  if (special.length === 0) return [];
  const codes = [...new Set(special.map(([, { code: printed }]) => printed ?? ''))];
  const cases = special.flatMap(([name, one]) => casesOf(product, name, one));
  return [
    {
      comment: 'Codes that mean different things',
      conditions: [any(...codes.map((text) => `${code} == ${quote(text)}`))],
      statements: cases.sort(byWeight).flatMap(({ tests, capture, row, printed }) => {
        const fits = all(`${event} == nil`, `${code} == ${quote(printed)}`, ...tests);
        return [...(capture === undefined ? [] : [set(captures, capture, fits)]), set(event, quote(row), fits)];
      }),
    },
  ];
}

interface Case {
  readonly weight: number;
  /** Sign with which the message begins; empty when that varies. */
  readonly first: string;
  readonly tests: readonly string[];
  readonly capture: string | undefined;
  readonly row: string;
  readonly printed: string;
}

/** Whole messages first, then the longest template, then those without a message. */
function byWeight(a: Case, b: Case): number {
  return b.weight - a.weight;
}

/** The ways in which an entry can be told. */
function casesOf(product: Product, name: string, one: EventRule): Case[] {
  const { code: printed = '', when } = one;
  const row = rowOf(product, name, one);
  const other = otherTests(when, textTypes(product));
  if (!when?.messages) return [{ weight: -1, first: '', tests: other, capture: undefined, row, printed }];
  return when.messages.map((message) => {
    const template = readTemplate(message);
    const path = messagePath(product);
    const weight = template.names.length === 0 ? 1_000_000 : weightOf(template);
    const wanted = (gap: string) => gap !== '' && isRead(product, gap);
    const captured = template.names.some(wanted);
    const pattern = quote(templatePattern(template, wanted));
    const isDecided = template.names.length <= 1 && template.literals.length <= 2;
    const tests = [
      `IsString(${path})`,
      ...templateTests(template, path, quote),
      ...(isDecided ? [] : [`IsMatch(${path}, ${pattern})`]),
      ...other,
    ];
    return {
      weight,
      first: [...(template.literals[0] ?? '')][0] ?? '',
      tests,
      capture: captured ? `ExtractPatterns(${path}, ${pattern})` : undefined,
      row,
      printed,
    };
  });
}

function otherTests(when: When | undefined, texts: TextTypes): string[] {
  const levels = when?.levels?.map((word) => `${level} == ${quote(word)}`);
  return [...(levels ? [any(...levels)] : []), ...[compileConditions(when?.conditions, texts) ?? []].flat()];
}

/** True when some rule reads what a gap of this name captured. */
function isRead(product: Product, gap: string): boolean {
  return product.fields.some((one) => one.in === 'message' && one.fields.includes(gap));
}

function lookUpStatements(product: Product): string[] {
  const printed = product.recognition.some(({ foldCode }) => foldCode) ? `ToLowerCase(${code})` : code;
  const known = `${table('codes')}[${printed}]`;
  const byText = `${table('texts')}[${messagePath(product)}]`;
  const row = (name: string) => quote(rowOf(product, name, product.events.get(name)));
  const statements = product.recognition.flatMap((one, index) => {
    const isRule = `${rule} == ${index}`;
    const isText = all(isRule, `${code} == nil`, `IsString(${messagePath(product)})`, `${byText} != nil`);
    return [
      ...(one.byMessage ? [set(event, byText, isText)] : []),
      ...(one.event === undefined ? [] : [set(event, row(one.event), all(isRule, `${event} == nil`))]),
      ...otherwiseStatements(product, one, isRule),
    ];
  });
  const fixed = product.formats.flatMap(({ id, event: name }) =>
    name === undefined ? [] : [set(event, row(name), `${attribute(FORMAT_ATTRIBUTE)} == ${quote(id)}`)],
  );
  return [set(event, known, all(`${event} == nil`, `${code} != nil`, `${known} != nil`)), ...statements, ...fixed];
}

function otherwiseStatements(product: Product, { otherwise }: RecognitionRule, isRule: string): string[] {
  const unknown = all(isRule, `${event} == nil`);
  if (otherwise?.event !== undefined)
    return [set(event, quote(rowOf(product, otherwise.event, product.events.get(otherwise.event))), unknown)];
  if (otherwise?.derive === undefined) return [];
  const empty = ROW_SEPARATOR.repeat(Object.keys(ROW).length - 1);
  const derived = concat(quote(otherwise.derive), `ToLowerCase(${code})`, quote(empty));
  return [set(event, derived, all(unknown, `${code} != nil`, `IsMatch(${code}, "^[A-Z][A-Z0-9_]{1,63}$")`))];
}

/** Events without a code whose message has gaps, or that the message alone does not tell. */
function templateBlocks(product: Product): Block[] {
  const byMessage = product.recognition.findIndex((one) => one.byMessage);
  if (byMessage === -1) return [];
  const cases = [...product.events]
    .filter(([, one]) => one.code === undefined && one.when?.messages)
    .flatMap(([name, one]) => casesOf(product, name, one).map((found) => ({ ...found, plain: isPlain(one) })))
    .filter(({ weight, plain }) => weight < 1_000_000 || !plain)
    .sort(byWeight);
  const isOpen = all(`${event} == nil`, `${code} == nil`, `${rule} == ${byMessage}`);
  return byBeginning(cases).map(({ from, to, members }) => ({
    comment:
      from === ''
        ? 'Messages that begin with a variable part'
        : `Messages with a variable part that begin with ${from === to ? from : `${from} to ${to}`}`,
    conditions: [
      all(
        isOpen,
        `IsString(${messagePath(product)})`,
        from === '' ? undefined : `${messagePath(product)} >= ${quote(from)}`,
        from === ''
          ? undefined
          : `${messagePath(product)} < ${quote(String.fromCodePoint((to.codePointAt(0) ?? 0) + 1))}`,
      ),
    ],
    statements: members.flatMap(({ tests, capture, row }) => {
      const fits = all(`${event} == nil`, ...tests);
      return [...(capture === undefined ? [] : [set(captures, capture, fits)]), set(event, quote(row), fits)];
    }),
  }));
}

/** How many messages are compared one by one. */
const BUCKET = 24;

/** Messages in the order of their first sign, cut where a sign ends, so that a record passes over most of them at once; those without a fixed beginning last. */
function byBeginning<T extends Case>(cases: readonly T[]): { from: string; to: string; members: T[] }[] {
  const firsts = [...new Set(cases.map(({ first }) => first))].filter((first) => first !== '').sort();
  const buckets: { from: string; to: string; members: T[] }[] = [];
  for (const first of firsts) {
    const members = cases.filter((one) => one.first === first);
    const last = buckets.at(-1);
    if (last && last.members.length + members.length <= BUCKET) {
      last.to = first;
      last.members.push(...members);
    } else buckets.push({ from: first, to: first, members });
  }
  const open = cases.filter(({ first }) => first === '');
  return [...buckets, ...(open.length === 0 ? [] : [{ from: '', to: '', members: open }])];
}

/** The row, taken apart. */
function rowBlocks(product: Product): Block[] {
  const row = 'log.cache["e"]';
  const attributes: [string, number][] = [
    ['cryptrail.category', ROW.category],
    ['cryptrail.priority', ROW.priority],
    ['cryptrail.stream', ROW.stream],
    ...(product.groupAttribute === undefined ? [] : [[product.groupAttribute, ROW.group] as [string, number]]),
  ];
  const streams = product.recognition.flatMap(({ stream }, index) =>
    stream === undefined ? [] : [set(attribute('cryptrail.stream'), quote(stream), `${rule} == ${index}`)],
  );
  const fixed = [...product.events].flatMap(([name, { fixed: constants }]) =>
    Object.entries(constants ?? {}).map(([key, value]) => ({ name, key, value })),
  );
  return [
    {
      comment: 'What every record of the event gets',
      conditions: [`${event} != nil`],
      statements: [
        set(row, `Split(${event}, ${quote(ROW_SEPARATOR)})`),
        set(event, row),
        set('log.event_name', `${row}[${ROW.name}]`),
        ...attributes.map(([name, index]) => set(attribute(name), `${row}[${index}]`, `${row}[${index}] != ""`)),
      ],
    },
    ...(streams.length === 0
      ? []
      : [
          {
            comment: 'The stream of records that no event of the catalogue fits',
            conditions: [all(`${rule} != nil`, any(`${event} == nil`, `${event}[${ROW.category}] == ""`))],
            statements: streams,
          },
        ]),
    ...(fixed.length === 0
      ? []
      : [
          {
            comment: 'Attributes that are the same in every record of an event',
            conditions: [`${event} != nil and ${event}[${ROW.fixed}] != ""`],
            statements: [
              set('log.cache["name"]', 'log.event_name'),
              ...grouped(fixed).map(([key, value, names]) =>
                set(attribute(key), quote(value), any(...names.map((name) => `log.cache["name"] == ${quote(name)}`))),
              ),
            ],
          },
        ]),
    { comment: 'The code', conditions: [`${code} != nil`], statements: codeAttributes(product) },
  ];
}

function grouped(fixed: readonly { name: string; key: string; value: string }[]): [string, string, string[]][] {
  const groups = new Map<string, [string, string, string[]]>();
  for (const { name, key, value } of fixed) {
    const group = groups.get(`${key}\t${value}`) ?? [key, value, []];
    group[2].push(name);
    groups.set(`${key}\t${value}`, group);
  }
  return [...groups.values()];
}

function codeAttributes({ codeAttribute }: Product): string[] {
  const common = set(attribute('cryptrail.code'), code);
  if (!codeAttribute) return [common];
  const isInt = codeAttribute.type === 'int';
  return [
    common,
    isInt
      ? set(attribute(codeAttribute.name), `Int(${code})`, `IsMatch(${code}, "^-?[0-9]{1,19}$")`)
      : set(attribute(codeAttribute.name), code),
  ];
}
