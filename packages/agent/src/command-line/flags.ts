import { builtinUtil } from '../node-builtins.ts';
import { Misuse } from './misuse.ts';
import { didYouMean } from './nearest.ts';

/** One flag of a command. */
export interface FlagRule {
  /**
   * `switch`: given or not. `value`: takes a value; the last one counts. `list`: may be repeated, and each value may be a comma list.
   * `paths`: may be repeated, and each value is one path, whatever signs it holds.
   */
  readonly kind: 'switch' | 'value' | 'list' | 'paths';
  /** What stands for the value in the help, e.g. `FILE`. */
  readonly placeholder?: string;
  /** The only values allowed, compared without regard to case. */
  readonly choices?: readonly string[];
  readonly help: string;
}

/** The flags of a command, by name without the dashes. */
export type FlagRules = Readonly<Record<string, FlagRule>>;

/** What was written on the command line: a value for each flag, and the other words in order. */
export interface Arguments<Rules extends FlagRules = FlagRules> {
  readonly flags: { readonly [Name in keyof Rules]: FlagValue<Rules[Name]> };
  readonly words: readonly string[];
}

type FlagValue<Rule extends FlagRule> = Rule['kind'] extends 'switch'
  ? boolean
  : Rule['kind'] extends 'list' | 'paths'
    ? readonly WordOf<Rule>[]
    : WordOf<Rule> | undefined;

type WordOf<Rule extends FlagRule> = Rule extends { readonly choices: readonly (infer Choice)[] } ? Choice : string;

/** Switches for the form of a result. `--output json` means `--json` in every command that has the switch and no forms of its own. */
const FORM_SWITCHES = ['json', 'csv'];

/**
 * Reads the words behind a command.
 *
 * @throws {@link Misuse} on an unknown flag, a missing or unlisted value.
 */
export function readArguments<const Rules extends FlagRules>(
  written: readonly string[],
  rules: Rules,
): Arguments<Rules> {
  const options = Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [
      name,
      { type: rule.kind === 'switch' ? 'boolean' : 'string' } as const,
    ]),
  );
  const { tokens } = builtinUtil().parseArgs({
    args: [...written],
    options: { output: { type: 'string' }, ...options, help: { type: 'boolean', short: 'h' } },
    strict: false,
    tokens: true,
  });
  const known = new Map(Object.entries(rules));
  const forms = known.has('output') ? [] : FORM_SWITCHES.filter((name) => known.get(name)?.kind === 'switch');
  const flags = new Map<string, boolean | string | string[] | undefined>();
  for (const [name, rule] of known) flags.set(name, rule.kind === 'switch' ? false : isRepeated(rule) ? [] : undefined);
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const rule = known.get(token.name);
    if (!rule && token.name === 'output' && forms.length > 0) {
      const form: FlagRule = { kind: 'value', choices: forms, help: '' };
      flags.set(givenValue(token.rawName, token.value, token.inlineValue === true, form), true);
      continue;
    }
    if (!rule) throw unknownFlag(token.rawName, known.keys());
    if (rule.kind === 'switch') flags.set(token.name, switchOn(token.rawName, token.value));
    else {
      const value = givenValue(token.rawName, token.value, token.inlineValue === true, rule);
      flags.set(
        token.name,
        isRepeated(rule) ? [...listed(flags, token.name), ...itemsOf(token.rawName, value, rule)] : value,
      );
    }
  }
  // The loop above gave every flag the kind of value that its rule names.
  return { flags: Object.fromEntries(flags) as Arguments<Rules>['flags'], words };
}

function isRepeated({ kind }: FlagRule): boolean {
  return kind === 'list' || kind === 'paths';
}

function listed(flags: ReadonlyMap<string, boolean | string | string[] | undefined>, name: string): string[] {
  const before = flags.get(name);
  return Array.isArray(before) ? before : [];
}

function itemsOf(written: string, value: string, rule: FlagRule): string[] {
  return rule.kind === 'paths' ? [value] : splitList(written, value, rule);
}

function unknownFlag(written: string, known: Iterable<string>): Misuse {
  const flags = [...known, 'help'].map((name) => `--${name}`);
  return new Misuse(`Unknown flag ${written}.`, didYouMean(written, flags) ?? 'See --help.');
}

function switchOn(written: string, value: string | undefined): true {
  if (value !== undefined) throw new Misuse(`${written} takes no value.`);
  return true;
}

/** A value that begins with a dash is most likely the next flag; `--flag=-value` says that it is meant. */
function givenValue(written: string, value: string | undefined, inline: boolean, rule: FlagRule): string {
  if (value === undefined || value === '' || (!inline && value.startsWith('-') && value !== '-')) {
    throw new Misuse(`${written} needs a value: ${written} ${placeholderOf(rule)}.`);
  }
  return rule.kind === 'value' ? chosen(written, value, rule) : value;
}

function splitList(written: string, value: string, rule: FlagRule): string[] {
  const items = value.split(',').map((item) => item.trim());
  if (items.some((item) => item === '')) throw new Misuse(`${written} has an empty entry in ${JSON.stringify(value)}.`);
  return items.map((item) => chosen(written, item, rule));
}

function chosen(written: string, value: string, { choices }: FlagRule): string {
  if (!choices) return value;
  const found = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
  if (found !== undefined) return found;
  const hint = didYouMean(value, choices);
  throw new Misuse(`${written} knows no ${JSON.stringify(value)}; it takes ${choices.join(', ')}.`, hint);
}

/** What stands for a flag's value in help and messages. */
export function placeholderOf(rule: FlagRule): string {
  return rule.placeholder ?? rule.choices?.join('|') ?? 'VALUE';
}
