import type { EventRule, Product, RecognitionRule, When } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE } from '../decode/decoder.ts';
import type { Block } from '../ottl/block.ts';
import { compileConditions, isOneWord, type TextTypes, textTypes } from '../ottl/condition.ts';
import { all, any, attribute, concat, field, literal, mapOf, quote, set, statement, WORK } from '../ottl/expression.ts';
import { readTemplate, templatePattern, templateTests, weightOf } from '../ottl/template.ts';
import { messagePath } from './message.ts';
import { formatRows, isPlain, ROW, ROW_SEPARATOR, rowOf, ruleRows, table } from './tables.ts';

const rule = attribute(WORK.rule);
const code = attribute(WORK.code);
const event = attribute(WORK.event);
const level = attribute(WORK.level);
const captures = attribute(WORK.captures);
/** The message, its beginning, the code, and the number of the case that holds, while cases are compared. */
const message = 'log.cache["m"]';
const beginning = 'log.cache["i"]';
const printedCode = 'log.cache["c"]';
const found = 'log.cache["n"]';

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
  const cases = special.flatMap(([name, one]) => casesOf(product, name, one)).sort(byWeight);
  return [
    {
      comment: 'Codes that mean different things',
      conditions: [`${code} != nil and IsMatch(${code}, ${quote(`^(?:${codes.map(literal).join('|')})$`)})`],
      statements: [
        set(printedCode, code),
        ...messageStatements(product),
        ...cases.flatMap((one, index) => caseStatements(one, index, `${printedCode} == ${quote(one.printed)}`)),
      ],
    },
  ];
}

function messageStatements(product: Product): string[] {
  const path = messagePath(product);
  return [
    set(message, path, `IsString(${path})`),
    set(beginning, `Substring(${message}, 0, ${BEGINNING})`, `${message} != nil and Len(${message}) >= ${BEGINNING}`),
  ];
}

/** The cheapest tests first: most cases fail at the code or at the beginning. */
function caseStatements({ begin, tests, capture, row }: Case, index: number, isCode?: string): string[] {
  const begins = begin === '' ? undefined : `${beginning} == ${quote(begin)}`;
  const fits = all(isCode, begins, `${event} == nil`, ...tests);
  if (capture === undefined) return [set(event, quote(row), fits)];
  const isFound = `${found} == ${index}`;
  return [set(found, String(index), fits), set(captures, capture, isFound), set(event, quote(row), isFound)];
}

/** How many bytes of a message are compared first, and what they look like in a template. */
const BEGINNING = 4;
const BEGIN = /^[\x20-\x7e]{4}/;

interface Case {
  readonly weight: number;
  /** The first bytes of the message; empty when they vary. */
  readonly begin: string;
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
  if (!when?.messages) return [{ weight: -1, begin: '', tests: other, capture: undefined, row, printed }];
  return when.messages.map((source) => {
    const template = readTemplate(source);
    const weight = template.names.length === 0 ? 1_000_000 : weightOf(template);
    const wanted = (gap: string) => gap !== '' && isRead(product, gap);
    const captured = template.names.some(wanted);
    const pattern = quote(templatePattern(template, wanted));
    const begin = BEGIN.exec(template.literals[0] ?? '')?.[0] ?? '';
    const isDecided = template.names.length <= 1 && template.literals.length <= 2;
    const tests = [
      ...(begin === '' ? [`${message} != nil`] : []),
      ...templateTests(template, message, quote),
      ...(isDecided ? [] : [`IsMatch(${message}, ${pattern})`]),
      ...other,
    ];
    return {
      weight,
      begin,
      tests,
      capture: captured ? `ExtractPatterns(${message}, ${pattern})` : undefined,
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
  const byRule = `${table('rules')}[String(${rule})]`;
  const byFormat = `${table('formats')}[${attribute(FORMAT_ATTRIBUTE)}]`;
  const statements = product.recognition.flatMap((one, index) => {
    const isRule = `${rule} == ${index}`;
    const isText = all(isRule, `${code} == nil`, `IsString(${messagePath(product)})`, `${byText} != nil`);
    return [...(one.byMessage ? [set(event, byText, isText)] : []), ...derivedStatements(one, isRule)];
  });
  return [
    set(event, known, all(`${event} == nil`, `${code} != nil`, `${known} != nil`)),
    ...statements,
    ...(ruleRows(product).length === 0
      ? []
      : [set(event, byRule, all(`${event} == nil`, `${rule} != nil`, `${byRule} != nil`))]),
    ...(formatRows(product).length === 0 ? [] : [set(event, byFormat, `${byFormat} != nil`)]),
  ];
}

/** An event that is named after its code, which no table knows. */
function derivedStatements({ otherwise }: RecognitionRule, isRule: string): string[] {
  if (otherwise?.event !== undefined || otherwise?.derive === undefined) return [];
  const empty = ROW_SEPARATOR.repeat(Object.keys(ROW).length - 1);
  const derived = concat(quote(otherwise.derive), `ToLowerCase(${code})`, quote(empty));
  const isUnknown = all(isRule, `${event} == nil`);
  return [set(event, derived, all(isUnknown, `${code} != nil`, `IsMatch(${code}, "^[A-Z][A-Z0-9_]{1,63}$")`))];
}

/** Events without a code whose message has gaps, or that the message alone does not tell. */
function templateBlocks(product: Product): Block[] {
  const byMessage = product.recognition.findIndex((one) => one.byMessage);
  if (byMessage === -1) return [];
  const cases = templateCases(product);
  if (cases.length === 0) return [];
  const begun = attribute(WORK.begun);
  const known = `${table('beginnings')}[${beginning}]`;
  return [
    {
      comment: 'Messages that no table knows as a whole: most of them begin like no event at all',
      conditions: [
        all(`${event} == nil`, `${code} == nil`, `${rule} == ${byMessage}`, `IsString(${messagePath(product)})`),
      ],
      statements: [
        ...messageStatements(product),
        set(begun, '-1'),
        set(begun, known, `${beginning} != nil and ${known} != nil`),
      ],
    },
    ...byBeginning(cases).map(([first = '', ...more], group) => ({
      comment: `Messages that begin with ${[first, ...more.slice(-1)].join(' to ')}`,
      conditions: [`${begun} == ${group}`],
      statements: [
        ...messageStatements(product),
        ...cases
          .filter(({ begin }) => begin === first || more.includes(begin))
          .flatMap((one, index) => caseStatements(one, index)),
      ],
    })),
    {
      comment: 'Messages whose beginning varies',
      conditions: [`${begun} != nil and ${event} == nil`],
      statements: [
        ...messageStatements(product),
        ...cases.filter(({ begin }) => begin === '').flatMap((one, index) => caseStatements(one, index)),
      ],
    },
  ].filter(({ statements }) => statements.length > 2);
}

/** Events without a code that are told by comparing, in the order in which they are asked. */
function templateCases(product: Product): Case[] {
  return [...product.events]
    .filter(([, one]) => one.code === undefined && one.when?.messages)
    .flatMap(([name, one]) => casesOf(product, name, one).map((found) => ({ ...found, plain: isPlain(one) })))
    .filter(({ weight, plain }) => weight < 1_000_000 || !plain)
    .sort(byWeight);
}

/** How many messages are compared one by one. */
const GROUP = 12;

/** Beginnings of messages in groups, so that a record passes over most of them at once. */
function byBeginning(cases: readonly Case[]): string[][] {
  const begins = [...new Set(cases.map(({ begin }) => begin))].filter((begin) => begin !== '').sort();
  const groups: string[][] = [];
  let size = GROUP;
  for (const begin of begins) {
    const more = cases.filter((one) => one.begin === begin).length;
    if (size + more > GROUP) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(begin);
    size += more;
  }
  return groups;
}

/** Beginning of a message → its group. */
export function beginningsTable(product: Product): string {
  const groups = byBeginning(templateCases(product));
  return mapOf(groups.flatMap((begins, group) => begins.map((begin): [string, string] => [begin, String(group)])));
}

/** The row, taken apart. */
function rowBlocks(product: Product): Block[] {
  const column = (index: number) => `${event}[${index}]`;
  const attributes: [string, number][] = [
    ['cryptrail.category', ROW.category],
    ['cryptrail.priority', ROW.priority],
    ...(product.groupAttribute === undefined ? [] : [[product.groupAttribute, ROW.group] as [string, number]]),
    ['cryptrail.stream', ROW.stream],
  ];
  // Only a name that is derived from the code, and an event without a stream, leave columns empty.
  const isDerived = product.recognition.some(({ otherwise }) => otherwise?.derive !== undefined);
  const mayLack = (index: number) =>
    isDerived || (index === ROW.stream && [...product.events.values()].some(({ stream }) => !stream));
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
        set(event, `Split(${event}, ${quote(ROW_SEPARATOR)})`),
        set('log.event_name', column(ROW.name)),
        ...attributes.map(([name, index]) =>
          set(attribute(name), column(index), mayLack(index) ? `${column(index)} != ""` : undefined),
        ),
      ],
    },
    ...(streams.length === 0
      ? []
      : [
          {
            comment: 'The stream of records that no event of the catalogue fits',
            conditions: [
              all(
                `${rule} != nil`,
                isDerived ? any(`${event} == nil`, `${column(ROW.category)} == ""`) : `${event} == nil`,
              ),
            ],
            statements: streams,
          },
        ]),
    ...(fixed.length === 0
      ? []
      : [
          {
            comment: 'Attributes that are the same in every record of an event',
            conditions: [`${column(ROW.fixed)} == "fixed"`],
            statements: [
              set('log.cache["name"]', 'log.event_name'),
              ...grouped(fixed).map(([key, value, names]) =>
                set(attribute(key), quote(value), isOneWord('log.cache["name"]', names)),
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
