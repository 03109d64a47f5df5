import type { ConfigurationFile, ConfigurationKey, ConfigurationOutput } from '@cryptrail/catalogue/entries';
import { nearest } from '../command-line/nearest.ts';
import type { Assignments } from './assignments.ts';

/** Where a stream of log output goes. */
export type LogOutput =
  | { readonly sink: 'journal' }
  | { readonly sink: 'unset'; readonly candidates: readonly string[] }
  | {
      readonly sink: 'file';
      readonly path: string;
      readonly rotate_daily: boolean;
      /** null: old files are never deleted. */
      readonly rotate_max: number | null;
    };

/** What a product's configuration file makes of its logs: the shape of `config check --json`. */
export interface ConfigurationReport {
  /** null: not set, or not one of the words. */
  readonly level: string | null;
  readonly level_audit: string | null;
  readonly main: LogOutput;
  readonly audit: LogOutput;
  /** Each names its key; values are never shown. */
  readonly problems: readonly string[];
  /** Remarks that are no problem. */
  readonly notes: readonly string[];
}

/** Whether a file is one of these, by the keys it sets. */
export function isConfigurationOf(rule: ConfigurationFile, { values }: Assignments): boolean {
  return (
    rule.marks.some((mark) => values.has(mark)) || [...values.keys()].some((key) => keyRule(rule, key) !== undefined)
  );
}

/**
 * Says what a product's configuration file switches on, and what is wrong with it. Pure.
 *
 * Only keys of the log are looked at; others may hold passwords, so neither their values nor their names are in the report.
 */
export function checkConfiguration(rule: ConfigurationFile, given: Assignments): ConfigurationReport {
  const read = (key: string) => valueInForce(rule, key, given);
  const main = outputOf(rule.outputs.main, read);
  const level = (key: string) => {
    const value = read(key);
    return typeof value === 'string' ? value : null;
  };
  return {
    level: level(rule.outputs.main.level),
    level_audit: level(rule.outputs.audit.level),
    main,
    audit: outputOf(rule.outputs.audit, read, main),
    problems: keysOf(rule, given).flatMap((key) => problemsOf(key, given, read)),
    notes: [...keysOf(rule, given).flatMap((key) => remarksOn(key, read)), ...strayNotes(rule, given)],
  };
}

/** Keys of the log whose effective values differ between two files of a set of machines that should be alike. */
export function driftBetween(rule: ConfigurationFile, one: Assignments, other: Assignments): string[] {
  const keys = new Set([...keysOf(rule, one), ...keysOf(rule, other)].map(({ key }) => key));
  const effective = (key: string, given: Assignments) =>
    String(valueInForce(rule, key, given) ?? given.values.get(key) ?? '');
  return [...keys].filter((key) => effective(key, one) !== effective(key, other));
}

type Read = (key: string) => string | boolean | number | undefined;

/** The value in force; undefined when none is, or when it cannot be read. */
function valueInForce(rule: ConfigurationFile, key: string, { values }: Assignments): ReturnType<Read> {
  const known = keyRule(rule, key);
  const text = values.get(key) ?? known?.default;
  return known && text !== undefined ? parse(known, text) : undefined;
}

function parse({ value, values }: ConfigurationKey, text: string): ReturnType<Read> {
  const word = text.toLowerCase();
  switch (value) {
    case 'word':
      return values?.includes(word) ? word : undefined;
    case 'boolean':
      return word === 'true' ? true : word === 'false' ? false : undefined;
    case 'count':
      return /^[0-9]{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
    case 'path':
      return text === '' ? undefined : text;
  }
}

/** The listed keys, then keys of types of log that the vendor says can be set apart without listing them: `LOG_LEVEL_WEB` is like `LOG_LEVEL`. */
function keysOf(rule: ConfigurationFile, { values }: Assignments): ConfigurationKey[] {
  const listed = new Set(rule.keys.map(({ key }) => key));
  const further = [...values.keys()].filter((key) => !listed.has(key)).flatMap((key) => keyRule(rule, key) ?? []);
  return [...rule.keys, ...further];
}

function keyRule(rule: ConfigurationFile, key: string): ConfigurationKey | undefined {
  const listed = rule.keys.find((one) => one.key === key);
  if (listed) return listed;
  const family = familyOf(rule).find(
    (one) => key.startsWith(`${one.key}_`) && TYPE.test(key.slice(one.key.length + 1)),
  );
  if (!family) return undefined;
  const suffix = key.slice(family.key.length);
  const requires = family.requires?.map((required) => required + suffix);
  return { ...family, key, required: false, ...(requires ? { requires } : {}) };
}

/** A type of log behind a key: `WEB` of `LOG_LEVEL_WEB`. */
const TYPE = /^[A-Z][A-Z0-9]{1,30}$/;

/** Keys of the main output, the longest first: `LOG_ROTATE_DAILY_X` is no `LOG_ROTATE` of type `DAILY_X`. */
function familyOf({ keys, outputs: { main } }: ConfigurationFile): ConfigurationKey[] {
  const names = new Set([main.level, main.file, main.rotateDaily, main.rotateMax]);
  return keys.filter(({ key }) => names.has(key)).sort((a, b) => b.key.length - a.key.length);
}

function outputOf(output: ConfigurationOutput, read: Read, main?: LogOutput): LogOutput {
  const path = read(output.file);
  if (typeof path === 'string') {
    const max = read(output.rotateMax);
    return {
      sink: 'file',
      path,
      rotate_daily: read(output.rotateDaily) === true,
      rotate_max: typeof max === 'number' ? max : null,
    };
  }
  if (output.otherwise === 'main' && main?.sink === 'file')
    return { sink: 'unset', candidates: ['with-main', 'journal'] };
  return { sink: 'journal' };
}

function problemsOf(rule: ConfigurationKey, { values }: Assignments, read: Read): string[] {
  const { key } = rule;
  const text = values.get(key);
  if (text === undefined) return rule.required ? [`${key} is required and not set`] : [];
  const value = read(key);
  const problems = value === undefined ? [`${key} ${EXPECTED[rule.value](rule)}`] : [];
  // What is switched off needs nothing, and what cannot be read has its problem already.
  const isOn = rule.value === 'boolean' ? value === true : true;
  const unmet = isOn ? rule.requires?.find((required) => !isSet(read(required))) : undefined;
  return unmet === undefined ? problems : [...problems, `${key} requires ${unmet}`];
}

function isSet(value: ReturnType<Read>): boolean {
  return value !== undefined && value !== false;
}

const EXPECTED: Readonly<Record<ConfigurationKey['value'], (rule: ConfigurationKey) => string>> = {
  word: ({ values }) => `is not one of the documented values: ${values?.join(', ')}`,
  boolean: () => 'is not true or false',
  count: () => 'must be an integer above 0',
  path: () => 'is empty',
};

function remarksOn({ key, values, remarkAbove }: ConfigurationKey, read: Read): string[] {
  const value = read(key);
  if (!remarkAbove || !values || typeof value !== 'string') return [];
  return values.indexOf(value) > values.indexOf(remarkAbove.value) ? [`${key}=${value}: ${remarkAbove.remark}`] : [];
}

function strayNotes(rule: ConfigurationFile, given: Assignments): string[] {
  const unknown = [...given.values.keys()].filter((key) => key.startsWith(rule.prefix) && !keyRule(rule, key));
  const repeated = given.repeated.filter((key) => keyRule(rule, key));
  const known = rule.keys.map(({ key }) => key);
  return [
    ...unknown.map((key) => {
      const [near] = nearest(key, known);
      return `${key} is not a documented key${near === undefined ? '' : `; the nearest is ${near}`}`;
    }),
    ...repeated.map((key) => `${key} is set more than once; the last one counts`),
    ...(given.strange.length > 0 ? [`no KEY=value on line ${given.strange.join(', ')}`] : []),
  ];
}
