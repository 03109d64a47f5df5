import type { Condition, FieldSpace, FormatRule, Product } from '@cryptrail/catalogue';
import { readForwarded } from '../map/address.ts';
import { compileValueTest } from '../recognise/conditions.ts';
import type { FieldValue } from '../records.ts';
import { ByteCache } from './byte-cache.ts';

/** What the value of a field decides beside its own attribute. That it is there, its kind, and whether it is empty count in any case. */
export interface FieldControl {
  /** The very text counts: codes, levels, what becomes part of the resource. */
  readonly identity: boolean;
  /** Only the answers to these tests count. */
  readonly tests: readonly ((value: FieldValue) => boolean)[];
}

/** Finds what a field of a format decides; undefined for most, whose value is free. */
export type FindControl = (space: FieldSpace, field: string) => FieldControl | undefined;

const ANSWER_BITS = 9;
const MAX_TESTS = 24;
const answers = new WeakMap<FieldControl, ByteCache<number>>();

/** What the tests of a control said of values, each in one bit; undefined where the text counts, as with too many tests for one number. */
export function answersOf(control: FieldControl): ByteCache<number> | undefined {
  if (control.identity || control.tests.length > MAX_TESTS) return undefined;
  const known = answers.get(control);
  if (known) return known;
  const made = new ByteCache<number>(ANSWER_BITS);
  answers.set(control, made);
  return made;
}

/** A question to a value. */
type Test = FieldControl['tests'][number];

/** All that tables ask for: the places whose text counts, and what is asked of others. */
interface Asked {
  readonly identity: Set<string>;
  readonly tests: Map<string, readonly Test[]>;
}

/** Gathers from the tables of a product all that asks for values of fields. */
export function findControls(product: Product, format: FormatRule): FindControl {
  const common = askedOf(product);
  const identity = new Set(common.identity);
  const tests = new Map(common.tests);
  if ('claims' in format) askConditions(format.claims?.flat() ?? [], tests);
  const severity = product.severities[format.severity];
  if (severity) identity.add(keyOf(severity.in, severity.field));
  const found = new Map<string, FieldControl>();
  for (const key of new Set([...identity, ...tests.keys()]))
    found.set(key, { identity: identity.has(key), tests: tests.get(key) ?? [] });
  return (space, field) => found.get(keyOf(space, field));
}

/** What is the same for all formats of a product: gathered once, so that a question is one however many formats ask it. */
const asked = new WeakMap<Product, Asked>();

function askedOf(product: Product): Asked {
  const known = asked.get(product);
  if (known) return known;
  const identity = new Set<string>();
  const tests = new Map<string, readonly Test[]>();
  askConditions(conditionsOf(product), tests);
  for (const { fields, in: space, to, absent, convert, secretWhenNamedBy } of product.fields) {
    if (to === 'resource') for (const field of fields) identity.add(keyOf(space, field));
    if (secretWhenNamedBy !== undefined) identity.add(keyOf(space, secretWhenNamedBy));
    if (absent) for (const field of fields) addTest(tests, space, field, ({ text }) => absent.includes(text.trim()));
    // What names no address becomes a detail, and proxies that add nothing are everywhere.
    if (convert === 'forwarded')
      for (const field of fields) addTest(tests, space, field, ({ text }) => readForwarded(text) !== undefined);
  }
  for (const { codeField } of product.recognition)
    if (codeField !== undefined) identity.add(keyOf('fields', codeField));
  for (const { errorType } of Object.values(product.outcomes).flat())
    if (errorType?.field !== undefined) identity.add(keyOf('fields', errorType.field));
  const made = { identity, tests };
  asked.set(product, made);
  return made;
}

function askConditions(conditions: readonly Condition[], tests: Asked['tests']): void {
  for (const condition of conditions) {
    const test = compileValueTest(condition);
    if (test) addTest(tests, condition.in, condition.field, test);
  }
}

function addTest(tests: Asked['tests'], space: FieldSpace | undefined, field: string, test: Test): void {
  const key = keyOf(space, field);
  tests.set(key, [...(tests.get(key) ?? []), test]);
}

function keyOf(space: FieldSpace = 'fields', field: string): string {
  return `${space}:${field}`;
}

function conditionsOf(product: Product): Condition[] {
  const lists = [
    ...product.recognition.map(({ conditions }) => conditions),
    ...Object.values(product.applications ?? {}).map(({ conditions }) => conditions),
    ...Object.values(product.outcomes).flatMap((cases) => cases.map(({ conditions }) => conditions)),
    ...[...product.events.values()].map(({ when }) => when?.conditions),
    ...product.fields.map(({ conditions }) => conditions),
  ];
  return lists.flatMap((conditions) => conditions ?? []);
}
