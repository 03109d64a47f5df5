import type { FieldRule, FormatRule, Product } from '@cryptrail/catalogue';
import { STATUS_ATTRIBUTE } from '../decode/decoder.ts';
import type { Block } from '../ottl/block.ts';
import { compileConditions, isOfKind, pathOf, textTypes } from '../ottl/condition.ts';
import { all, any, attribute, concat, literal, not, quote, replace, set, statement, WORK } from '../ottl/expression.ts';
import { MARK } from '../ottl/marks.ts';
import { consumedNames } from './consumed.ts';
import { mayRefuse, read } from './conversions.ts';
import { isOnlyWriter } from './fields.ts';
import { HIDDEN_DETAIL, hide } from './hidden.ts';
import { IS_WORDED } from './redact.ts';
import { MARKER, secretKeyTests, secretName } from './secrets.ts';

const text = 'log.cache["t"]';
const MAX_DETAILS = 64;

/** Statements that keep what no rule took under the details prefix of the product. */
export function detailBlocks(product: Product, formats: readonly FormatRule[]): Block[] {
  const hasDetails = formats.some(({ decoder }) => !['json', 'cef', 'logfmt', 'terminal'].includes(decoder));
  // Details first: their rules ask for fields, which are taken apart here.
  const spaces = [...(hasDetails ? [WORK.details] : []), WORK.fields];
  return spaces.flatMap((space) => {
    const isThere = `${attribute(space)} != nil`;
    const { first, rest } = takeStatements(product, formats, space);
    const isLeft = all(isThere, `Len(${attribute(space)}) > 0`);
    return [
      ...(first.length === 0
        ? []
        : [{ comment: 'Fields that nearly every record has are done with', conditions: [isThere], statements: first }]),
      {
        comment:
          space === WORK.fields
            ? 'Other fields that a rule takes are done with'
            : 'Values of the open-ended part that a rule takes are done with',
        conditions: [isLeft],
        statements: rest,
      },
      {
        comment:
          space === WORK.fields
            ? 'Whatever no rule takes becomes a detail'
            : 'What is left of the open-ended part becomes details',
        conditions: [isLeft],
        statements: keepStatements(product, space),
      },
    ];
  });
}

/** Statements that forget what rules took: `first` what nearly every record has, which often leaves nothing for the `rest` to look at. */
function takeStatements(
  product: Product,
  formats: readonly FormatRule[],
  space: string,
): { first: string[]; rest: string[] } {
  const map = attribute(space);
  const inSpace = space === WORK.fields ? 'fields' : 'details';
  const rules = product.fields.filter((rule) => (rule.in ?? 'fields') === inSpace && rule.convert !== 'collect');
  const consumed = consumedNames(product, formats, inSpace);
  const times = new Set(
    formats.flatMap(({ time }) => time.flatMap((rule) => ((rule.in ?? 'fields') === inSpace ? [rule.field] : []))),
  );
  const asked = new Set(product.fields.flatMap(({ conditions = [] }) => conditions.map(({ field }) => field)));
  const ruled = new Set(rules.flatMap(({ fields }) => fields));
  const always = new Set(
    consumed.flatMap(({ name, condition }) => (condition === undefined && !ruled.has(name) ? [name] : [])),
  );
  const located = consumed.flatMap(({ name, condition }) =>
    condition === undefined || ruled.has(name) ? [] : [statement(`delete_key(${map}, ${quote(name)})`, condition)],
  );
  const sometimes: string[] = [];
  for (const name of ruled) {
    const own = rules.filter(({ fields }) => fields.includes(name));
    if (!times.has(name) && own.some((rule) => takesAlways(rule))) always.add(name);
    // A name with rules of its own is a detail when none of them takes it, whatever else it is used for.
    else {
      const ways = own.map((rule) => taken(rule, name, product));
      const isTaken = all(
        asked.has(name) ? `${map}[${quote(name)}] != nil` : undefined,
        times.has(name) ? 'log.time_unix_nano != 0' : undefined,
        ways.includes('true') ? undefined : any(...ways.map((way) => `(${way})`)),
      );
      // A name that other rules ask for stays, without its value, until all of them have asked.
      sometimes.push(
        asked.has(name)
          ? set(`${map}[${quote(name)}]`, '""', isTaken)
          : statement(`delete_key(${map}, ${quote(name)})`, isTaken),
      );
    }
  }
  const emptied = [...ruled].filter((name) => asked.has(name) && !always.has(name));
  sometimes.push(
    ...emptied.map((name) => statement(`delete_key(${map}, ${quote(name)})`, `${map}[${quote(name)}] == ""`)),
  );
  const collected = product.fields
    .filter((rule) => rule.convert === 'collect' && (rule.in ?? 'fields') === inSpace)
    .flatMap((rule) => rule.fields);
  // Of these most records have most, and deleting one by its name costs a fraction of comparing every name with an expression.
  const resource = rules.flatMap(({ to, fields }) => (to === 'resource' ? fields : []));
  const usual = [...consumed.map(({ name }) => name), ...resource].filter((name) => always.has(name));
  const others = [...always].filter((name) => !usual.includes(name));
  return {
    first: [...[...new Set(usual)].map((name) => statement(`delete_key(${map}, ${quote(name)})`)), ...located],
    rest: [
      ...(others.length === 0
        ? []
        : [statement(`delete_matching_keys(${map}, ${quote(`^(?:${others.map(literal).join('|')})$`)})`)]),
      ...sometimes,
      ...collected.map((stem) =>
        statement(`delete_matching_keys(${map}, ${quote(`^${literal(stem)}(?:[0-9]|1[0-5])$`)})`),
      ),
    ],
  };
}

/** The keys of a map as JSON writes them, when each is a name for an attribute as it is. */
const PLAIN_KEYS = '^\\[(?:"[a-z0-9._-]*",?)*\\]$';

/** Statements that write what is left under its prefix. Only where a value is empty or a key may be secret, the text of the map is taken apart. */
function keepStatements(product: Product, space: string): string[] {
  const map = attribute(space);
  const blobs = product.details.blobs ?? [];
  const printed = 'log.cache["keys"]';
  const keys = 'log.cache["k"]';
  const squashed = 'log.cache["q"]';
  const isDoubtful = 'log.cache["doubt"] == true';
  return [
    set(printed, `String(Keys(${map}))`),
    set(keys, `ToLowerCase(${printed})`),
    ...(blobs.length === 0
      ? []
      : [
          set(squashed, keys),
          // Letters and digits only, and the quotes round each key.
          replace(squashed, '(?:\\\\.|[^a-z0-9"\\\\])+', ''),
          set(
            'log.cache["blob"]',
            'true',
            any(...blobs.map((word) => `Index(${squashed}, ${quote(`${word.toLowerCase()}"`)}) >= 0`)),
          ),
          // Without a prefix the expression fails at the first sign of most keys.
          ...[
            { before: '', holds: `Index(${keys}, ":") < 0` },
            { before: '(?:.*:)?', holds: `Index(${keys}, ":") >= 0` },
          ].map(({ before, holds }) =>
            statement(
              `delete_matching_keys(${map}, ${quote(`^(?i)${before}(?:${blobs.map((word) => [...word].map(literal).join('[^A-Za-z0-9]*')).join('|')})[^A-Za-z0-9]*$`)})`,
              all('log.cache["blob"] == true', holds),
            ),
          ),
        ]),
    statement(`stringify_all(${map})`),
    set('log.cache["secret"]', 'true', all(IS_WORDED, any(...secretKeyTests(product.redaction, keys, printed)))),
    set('log.cache["doubt"]', 'true', `log.cache["secret"] == true or ContainsValue(Values(${map}), "")`),
    set(text, `String(${map})`, isDoubtful),
    // Values that are empty, taken out of the text of the map, because no function removes a key by its value. With a comma before each key the expression begins with
    // signs of its own, which costs a fraction of one that may begin anywhere.
    set(text, concat('","', `TrimPrefix(${text}, "{")`), isDoubtful),
    replace(text, ',"(?:[^"\\\\]|\\\\.)*":""', '', isDoubtful),
    set(text, concat('"{"', `TrimPrefix(${text}, ",")`), isDoubtful),
    ...secretStatements(product, 'log.cache["secret"] == true'),
    set(map, `ParseJSON(${text})`, isDoubtful),
    set(attribute(STATUS_ATTRIBUTE), '"truncated"', `Len(${map}) > ${MAX_DETAILS}`),
    statement(`limit(${map}, ${MAX_DETAILS}, [])`, `Len(${map}) > ${MAX_DETAILS}`),
    ...(product.details.keys === 'verbatim'
      ? []
      : [
          statement(`replace_all_patterns(${map}, "key", "[A-Z]+", "$\{0}", ToLowerCase)`, `${printed} != ${keys}`),
          statement(
            `replace_all_patterns(${map}, "key", "[^a-z0-9._-]", "_")`,
            any(`${printed} != ${keys}`, not(`IsMatch(${keys}, ${quote(PLAIN_KEYS)})`)),
          ),
          statement(`replace_all_patterns(${map}, "key", "^$", "_")`, `${map}[""] != nil`),
        ]),
    statement(`flatten(${map}, ${quote(product.details.prefix.replace(/\.$/, ''))}, 1)`),
    statement(`merge_maps(log.attributes, ${map}, "insert")`),
  ];
}

/** Values under a secret name. Harmless names and classes of exceptions are shielded. A secret word counts where a name begins and ends: `added:PIN`, not `mapping`. */
function secretStatements(product: Product, condition: string): string[] {
  const { redaction } = product;
  const harmless = (redaction.harmlessNames ?? []).map((name) => `(?i:${literal(name)})`);
  const shielded = [...harmless, '[^"\\\\]*[a-z](?:Exception|Error)'].join('|');
  const outside = `[^\\pL\\pN_.\\-"\\\\${MARK.shield}]`;
  const inside = `[^"\\\\${MARK.shield}]*`;
  const name = `(?:${inside}${outside})?(?:${secretName(redaction)})(?:${outside}${inside})?`;
  return [
    replace(text, `"(${shielded})":"`, `"\${1}${MARK.shield}":"`, condition),
    hide(HIDDEN_DETAIL, `ExtractPatterns(${text}, ${quote(`"${name}":"(?P<v>(?:[^"\\\\]|\\\\.)*)"`)})["v"]`, condition),
    replace(text, `"(${name})":"(?:[^"\\\\]|\\\\.)*"`, `"\${1}":"${MARKER}"`, condition),
    replace(text, MARK.shield, '', condition),
  ];
}

/** A rule that reads every value: nothing of it is left for the details. */
function takesAlways(rule: FieldRule): boolean {
  if (rule.conditions || rule.accepts || rule.applications || rule.chosen) return false;
  if (rule.to === 'consumed' || rule.convert === 'trace_id' || rule.convert === 'span_id') return true;
  if (rule.convert !== undefined) return !mayRefuse(rule);
  return rule.type === undefined || rule.type === 'string' || rule.words !== undefined;
}

/** Whether the rule took the value that is there: it made an attribute of it, or the value stands for none. */
function taken(rule: FieldRule, name: string, product: Product): string {
  const path = pathOf(name, rule.in);
  const holds = [rule.accepts && isOfKind(path, rule.accepts), compileConditions(rule.conditions, textTypes(product))];
  if (rule.to === 'consumed' || rule.to === 'trace_id' || rule.to === 'span_id') return all(...holds);
  if (mayRefuse(rule)) return all(...holds, `${read(name)} == true`);
  if (rule.attribute === undefined) return all(...holds);
  const target = `${attribute(rule.attribute)} != nil`;
  const absent = (rule.absent ?? []).map((word) => `${path} == ${quote(word)}`);
  if (absent.length === 0 && isOnlyWriter(rule, product)) return target;
  return all(...holds, any(target, ...absent));
}
