import type { FieldRule, FormatRule, Product } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE } from '../decode/decoder.ts';
import type { Block } from '../ottl/block.ts';
import { compileConditions, isOfKind, isOneWord, isWhole, pathOf, textTypes } from '../ottl/condition.ts';
import { all, any, attribute, literal, not, quote, replace, set, statement, WORK } from '../ottl/expression.ts';
import { convertStatements } from './conversions.ts';
import { hide } from './hidden.ts';
import { MARKER, secretName, squashedWords } from './secrets.ts';
import { ROW } from './tables.ts';

const event = attribute(WORK.event);

/** Statements that apply the field rules, in the order of the tables. */
export function fieldBlocks(product: Product): Block[] {
  return [...repeatedBlocks(product), ...spaceBlocks(product), ...collectBlocks(product)];
}

/** Of a key that comes twice the first value counts: what stands behind it was written by somebody who knew the format. */
function repeatedBlocks({ fields, formats }: Product): Block[] {
  const repeated = attribute(WORK.repeated);
  const messages = formats
    .flatMap(({ message = [], time }) => [...message, ...time])
    .flatMap(({ field, in: space }) => (space === 'details' ? [field] : []));
  const names = new Set([
    ...messages,
    ...fields
      .filter(({ in: space, convert }) => space === 'details' && convert !== 'collect')
      .flatMap((rule) => rule.fields),
  ]);
  if (names.size === 0) return [];
  return [
    {
      comment: 'Of a key that comes twice the first value counts',
      conditions: [`${repeated} != nil`],
      statements: [
        ...[...names].flatMap((name) => {
          const pattern = `^[{](?:"(?:[^"\\\\]|\\\\.)*":"(?:[^"\\\\]|\\\\.)*",)*?"${literal(name)}":"(?P<v>(?:[^"\\\\]|\\\\.)*)"`;
          const first = 'log.cache["v"]';
          const path = pathOf(name, 'details');
          return [
            set(first, `ExtractPatterns(${repeated}, ${quote(pattern)})`, `${path} != nil`),
            set(
              path,
              `ParseJSON(Concat(["{\\"v\\":\\"", ${first}["v"], "\\"}"], ""))["v"]`,
              `${path} != nil and ${first}["v"] != nil`,
            ),
          ];
        }),
        ...formats.flatMap((format) => noneStatements(format)),
      ],
    },
  ];
}

/** Words for "none" are none in a value that was read again, too. */
function noneStatements(format: FormatRule): string[] {
  if (!('absent' in format) || !format.absent?.length) return [];
  return [
    statement(
      `replace_all_patterns(${attribute(WORK.details)}, "value", ${quote(`^(?:${format.absent.map(literal).join('|')})$`)}, "")`,
      `${attribute(FORMAT_ATTRIBUTE)} == ${quote(format.id)}`,
    ),
  ];
}

/** How many members of a family of fields are gathered. */
const MOST_COLLECTED = 16;

/** `resource0`, `resource1`, …: gathered into one list. */
function collectBlocks({ fields }: Product): Block[] {
  return fields.flatMap((rule) => {
    if (rule.convert !== 'collect' || rule.attribute === undefined) return [];
    const [stem = ''] = rule.fields;
    const target = attribute(rule.attribute);
    const members = Array.from({ length: MOST_COLLECTED }, (_, index) => pathOf(`${stem}${index}`, rule.in));
    return [
      {
        comment: `${stem}0, ${stem}1, … in one list`,
        conditions: [any(...members.slice(0, 2).map((path) => `${path} != nil`))],
        statements: members.map((path) => statement(`append(${target}, ${path})`, `${path} != nil and ${path} != ""`)),
      },
    ];
  });
}

function spaceBlocks(product: Product): Block[] {
  const spaces = [...new Set(product.fields.map((rule) => rule.in ?? 'fields'))];
  return spaces.flatMap((space) => {
    const comment =
      space === 'fields' ? 'Fields of the record' : `Values of its ${space === 'message' ? 'message' : space}`;
    const work = { fields: WORK.fields, details: WORK.details, layout: WORK.layout, message: WORK.captures }[space];
    const isRecord = `${attribute(FORMAT_ATTRIBUTE)} != nil`;
    const isThere = `${isRecord} and ${attribute(work)} != nil`;
    const blocks: { comment: string; conditions: string[]; statements: string[] }[] = [];
    const last: typeof blocks = [];
    const rules = product.fields.filter((one) => (one.in ?? 'fields') === space);
    for (const rule of rules) {
      const when = compileConditions(rule.conditions, textTypes(product));
      const isShared =
        rules.filter((one) => compileConditions(one.conditions, textTypes(product)) === when).length >= SHARED;
      for (const { name, holds, make } of ruleStatements(rule, product)) {
        const own = make('true');
        if (own.length >= OWN_BLOCK) {
          // Lines that are no record have a layout, too.
          const conditions = [all(space === 'layout' ? isRecord : undefined, holds, when)];
          const block = { comment: `The value of ${quote(name)}`, conditions, statements: own };
          if (writesAlone(rule, product)) last.push(block);
          else blocks.push(block);
          continue;
        }
        const given = isShared ? all(isThere, when) : isThere;
        if (blocks.at(-1)?.conditions[0] !== given) blocks.push({ comment, conditions: [given], statements: [] });
        blocks.at(-1)?.statements.push(...make(isShared ? holds : all(holds, when)));
      }
    }
    return [...blocks, ...last];
  });
}

/** No other rule writes an attribute of this one, so that it can have its turn at any time. */
function writesAlone(rule: FieldRule, product: Product): boolean {
  const targets = [rule.attribute, ...(rule.also ?? []), rule.rest, rule.port, rule.full].filter(
    (one) => one !== undefined,
  );
  return rule.convert !== 'stacktrace' && targets.every((one) => !isShared(product, one));
}

/** A condition that this many rules have in common stands before their block. */
const SHARED = 4;

/** A value that needs this many statements has a block of its own, which records without it pass over at once. */
const OWN_BLOCK = 5;

/** The statements for one field of a rule, and when they run but for the conditions of the rule. */
interface FieldStatements {
  readonly name: string;
  readonly holds: string;
  /** The statements, for a condition of their own or for a block that has it already. */
  readonly make: (holds: string) => string[];
}

function ruleStatements(rule: FieldRule, product: Product): FieldStatements[] {
  if (rule.to === 'consumed' || rule.convert === 'collect' || rule.sensitivity === 'blob') return [];
  return rule.fields.map((name) => fieldStatements(rule, name, product));
}

function fieldStatements(rule: FieldRule, name: string, product: Product): FieldStatements {
  const path = pathOf(name, rule.in);
  const absent = (rule.absent ?? []).map((text) => `${path} != ${quote(text)}`);
  const holds = all(
    `${path} != nil`,
    // A text that begins with a letter or digit is behind "!", and comparing costs a fraction of an expression.
    `(${path} > "!" or IsMatch(${path}, "\\\\S"))`,
    ...absent,
    rule.accepts && isOfKind(path, rule.accepts),
    appliesTo(rule, name, product),
  );
  return { name, holds, make: (when) => valueStatements(rule, name, path, when, product) };
}

function valueStatements(rule: FieldRule, name: string, path: string, holds: string, product: Product): string[] {
  if (rule.secretWhenNamedBy !== undefined) return secretByName(rule, name, path, holds, product);
  const hidden = rule.sensitivity === 'secret' ? [hide(name, path, all(holds, `IsString(${path})`))] : [];
  if (rule.sensitivity === 'secret' && rule.convert === undefined)
    return [...hidden, ...setAll(rule, product, quote(MARKER), holds)];
  if (rule.convert !== undefined) return [...hidden, ...convertStatements(rule, name, path, holds, product)];
  return plainStatements(rule, path, holds, product);
}

/** Whether the rule is the one for this column on this event and application. */
function appliesTo(rule: FieldRule, name: string, product: Product): string | undefined {
  const application = attribute(WORK.application);
  const applications = rule.applications?.map((one) =>
    one === 'unknown' ? `${application} == nil` : `${application} == ${quote(one)}`,
  );
  const byDefault = rule.chosen ? undefined : applications ? any(...applications) : 'true';
  const chosenBy = eventsChoosing(product, name, (id) => id !== null && id === rule.id);
  const taken = eventsChoosing(product, name, (id) => id !== rule.id);
  // Few events choose, so that most records pass with one look.
  const chooses = `${event}[${ROW.chooses}] == "chooses"`;
  const isEvent = ({ names, application: one }: Choice) =>
    all(one === undefined ? undefined : `${application} == ${quote(one)}`, isOneWord(`${event}[${ROW.name}]`, names));
  const except =
    taken.length === 0 || (rule.in ?? 'fields') !== 'fields'
      ? undefined
      : not(all(chooses, any(...taken.map((one) => `(${isEvent(one)})`))));
  const standard = byDefault === undefined ? undefined : all(byDefault === 'true' ? undefined : byDefault, except);
  const ways = [
    ...(standard === undefined ? [] : [`(${standard})`]),
    ...chosenBy.map((one) => `(${chooses} and ${isEvent(one)})`),
  ];
  if (ways.length === 0) return 'false';
  return standard === 'true' ? undefined : any(...ways);
}

interface Choice {
  readonly names: string[];
  readonly application: string | undefined;
}

/** Events that give a column another meaning, by application. */
function eventsChoosing(product: Product, column: string, fits: (id: string | null) => boolean): Choice[] {
  const choices = new Map<string, Choice>();
  for (const [name, { meanings }] of product.events) {
    if (!meanings || !Object.hasOwn(meanings, column)) continue;
    const meaning = meanings[column] ?? null;
    const pairs: [string | undefined, string | null][] =
      typeof meaning === 'object' && meaning !== null ? Object.entries(meaning) : [[undefined, meaning]];
    for (const [application, id] of pairs) {
      if (!fits(id)) continue;
      const choice = choices.get(application ?? '') ?? { names: [], application };
      choice.names.push(name);
      choices.set(application ?? '', choice);
    }
  }
  return [...choices.values()];
}

/** Targets of a rule. Of several rules for one attribute the first that has a value counts. */
export function setAll(rule: FieldRule, product: Product, value: string, condition: string): string[] {
  return [rule.attribute, ...(rule.also ?? [])].flatMap((name) => {
    if (name === undefined) return [];
    const target = targetOf(rule, name, product);
    return [set(target, value, isShared(product, name) ? all(condition, `${target} == nil`) : condition)];
  });
}

/** Resource attributes are gathered on the record and moved when all is done. A name that is an attribute of other records, too, waits under another one. */
export function targetOf({ to }: FieldRule, name: string, product: Product): string {
  return attribute(to === 'resource' ? waitingName(name, product) : name);
}

/** Where a resource attribute waits. */
export function waitingName(name: string, product: Product): string {
  const isAttribute = product.fields.some(
    (rule) => rule.to !== 'resource' && (rule.attribute === name || rule.also?.includes(name)),
  );
  return isAttribute ? `_resource.${name}` : name;
}

/** Nothing but this rule, of the fields of one name, writes the attribute: where it is there, the rule took its field. */
export function isOnlyWriter(rule: FieldRule, product: Product): boolean {
  const name = rule.attribute;
  if (name === undefined || rule.fields.length > 1 || isShared(product, name)) return false;
  const fixed = [...product.formats, ...product.events.values()].flatMap((one) => Object.keys(one.fixed ?? {}));
  return !fixed.includes(name) && !(name === 'log.record.uid' && product.uid?.length);
}

function isShared(product: Product, name: string): boolean {
  const writers = product.fields.flatMap((rule) =>
    [rule.attribute, ...(rule.also ?? []), rule.rest, rule.port]
      .filter((one) => one === name)
      .flatMap(() => rule.fields),
  );
  return (
    writers.length > 1 ||
    product.fields.some(({ convert }) => convert === 'stacktrace' && name.startsWith('exception.'))
  );
}

function plainStatements(rule: FieldRule, path: string, holds: string, product: Product): string[] {
  if (rule.words) return wordStatements(rule, path, holds, product);
  switch (rule.type ?? 'string') {
    case 'string':
      return setAll(rule, product, `String(${path})`, holds);
    case 'int':
      return setAll(rule, product, `Int(${path})`, all(holds, isWhole(path)));
    case 'double':
      return setAll(
        rule,
        product,
        `Double(${path})`,
        all(
          holds,
          any(
            `IsInt(${path})`,
            `IsDouble(${path})`,
            `(IsString(${path}) and IsMatch(${path}, "^[-+]?[0-9]+(?:\\\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$"))`,
          ),
        ),
      );
    case 'boolean':
      return [
        ...setAll(rule, product, 'true', all(holds, any(`${path} == true`, `${path} == "true"`))),
        ...setAll(rule, product, 'false', all(holds, any(`${path} == false`, `${path} == "false"`))),
      ];
  }
}

/** One word of ours for several of the source's. */
function wordStatements(rule: FieldRule, path: string, holds: string, product: Product): string[] {
  const byValue = new Map<string, string[]>();
  for (const [word, value] of Object.entries(rule.words ?? {}))
    byValue.set(value, [...(byValue.get(value) ?? []), word]);
  const known = [...byValue].flatMap(([value, words]) =>
    setAll(rule, product, quote(value), all(holds, any(...words.map((word) => `${path} == ${quote(word)}`)))),
  );
  const target = attribute(rule.attribute ?? '');
  return [
    ...known,
    ...setAll(
      rule,
      product,
      rule.otherwise === undefined ? `String(${path})` : quote(rule.otherwise),
      all(holds, `${target} == nil`),
    ),
  ];
}

/** The value, or the marker when another field names it as a secret, is absent or is no text. Signs in the name do not count: `LDAP bind pass-word` holds one. */
function secretByName(rule: FieldRule, field: string, path: string, holds: string, product: Product): string[] {
  const name = pathOf(rule.secretWhenNamedBy ?? '', rule.in);
  const squashed = 'log.cache["name"]';
  const sign = '[^\\pL\\pN_.-]';
  const named = `IsMatch(${name}, ${quote(`(?:^|${sign})(?:${secretName(product.redaction)})(?:$|${sign})`)})`;
  const words = squashedWords(product.redaction).map((word) => `Index(${squashed}, ${quote(word)}) >= 0`);
  const isHarmless = all(`IsString(${name})`, `Trim(${name}) != ""`, not(any(...words)), not(named));
  const target = attribute(rule.attribute ?? '');
  const isSecret = all(holds, `${target} == nil`);
  return [
    set(squashed, `ToLowerCase(${name})`, all(holds, `IsString(${name})`)),
    replace(squashed, '[^\\pL\\pN]', '', `${squashed} != nil`),
    ...setAll(rule, product, `String(${path})`, all(holds, isHarmless)),
    hide(field, path, all(isSecret, `IsString(${path})`)),
    ...setAll({ ...rule, convert: 'json_text' }, product, quote(MARKER), isSecret),
  ];
}
