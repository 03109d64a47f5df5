import type { RedactionRules } from '@cryptrail/catalogue';
import { all, any, attribute, concat, literal, not, quote, set, statement, WORK } from '../ottl/expression.ts';
import { MARK } from '../ottl/marks.ts';
import { MARKER, secretMarks, secretName, secretNameEnd, secretParts, squashedWords } from './secrets.ts';

/** Hides a text from the expressions that follow; taken out at the end. */
const SHIELD = MARK.shield;

const QUOTED = `(?:(")(?:[^"\\\\]|\\\\.)*|(')[^']*|(\`)[^\`]*|(\\\\+")[^"\\\\]*`;
const SCHEME = '(?i:bearer|basic|digest|token|apikey|negotiate)[ \\t]{1,8}';
const BARE = `[^\\s"'\`,;&|)\\]}<>${SHIELD}]+`;
const BETWEEN = `\\\\*["'\`]?[ \\t]{0,8}(?:=>|:=|[=:])[ \\t]{0,8}`;

/** What a line may hold, and so which expressions are worth their while. */
type Hint = 'url' | 'key' | 'bearer' | 'parameter' | 'pair';

/** An expression, what stands for its matches, and what the line must hold for it to be tried. */
export type Replacement = readonly [pattern: string, replacement: string, hint: Hint];

/**
 * What takes the secrets out of a free text: user info and secret parameters of URLs, private keys, bearer tokens, and values behind secret names
 * (`password=…`, `pin: …`, `"token": "…"`). Placeholders, and names that only look secret, are shielded first.
 */
export function textReplacements(rules: RedactionRules): Replacement[] {
  const name = secretName(rules);
  const end = secretNameEnd(rules);
  const harmless = (rules.harmlessNames ?? []).map(literal);
  const shielded = [...harmless, '[A-Za-z0-9_.$]*[a-z](?:Exception|Error)'].join('|');
  const placeholders = [
    '\\?',
    '\\$[0-9]{1,6}',
    ...(rules.placeholders ?? []).map((prefix) => `${literal(prefix)}[0-9]{1,6}`),
  ];
  const parameters = rules.queryParameters.map((word) =>
    word
      .split(/[^a-z0-9]/i)
      .map(literal)
      .join('[_-]?'),
  );
  return [
    ['(://)[^/?#\\s"\'<>\\\\:]*:[^/?#\\s"\'<>\\\\]*@', `\${1}${MARKER}:${MARKER}@`, 'url'],
    ['(://)[^/?#\\s"\'<>\\\\:]+@', `\${1}${MARKER}@`, 'url'],
    [
      '(://)[^:\\[\\]/?#\\s"\'<>\\\\]*:[^:/?#\\s"\'<>\\\\]*[^:0-9/?#\\s"\'<>\\\\@][^/?#\\s"\'<>\\\\@]*[/?#][^\\s"\'<>@]{0,250}@',
      `\${1}${MARKER}:${MARKER}@`,
      'url',
    ],
    [
      '(?s)(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----).*?(-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|\\z)',
      `\${1}${MARKER}\${2}`,
      'key',
    ],
    [
      '(?i)\\b(bearer +)(?:[a-z]{0,7}[0-9._~+/-][a-z0-9._~+/-]{7,}|[a-z]{7,}[0-9._~+/-][a-z0-9._~+/-]*|[a-z]{20,})={0,3}',
      `\${1}${MARKER}`,
      'bearer',
    ],
    [`\\b(${shielded})([^\\pL\\pN_.-]|$)`, `\${1}${SHIELD}\${2}`, 'pair'],
    [`((?:${end})${BETWEEN})(${placeholders.join('|')})([\\s"'\`,;&|)\\]}<>]|$)`, `\${1}${SHIELD}\${2}\${3}`, 'pair'],
    [
      `([?&;#](?:(?i:${parameters.join('|')})|${name})=)[^&;#\\s"'<>${SHIELD}]*[^&;#\\s"'<>,.:!)\\]}${SHIELD}]`,
      `\${1}${MARKER}`,
      'parameter',
    ],
    [`((?:${end})${BETWEEN})${QUOTED}|(${SCHEME})?${BARE})`, `\${1}\${2}\${3}\${4}\${5}\${6}${MARKER}`, 'pair'],
    [`((?:${end})[ \\t]{1,8})${QUOTED})`, `\${1}\${2}\${3}\${4}\${5}${MARKER}`, 'pair'],
    [SHIELD, '', 'pair'],
  ];
}

const hintOf = (hint: Hint) => `${attribute(WORK.guarded)}[${quote(hint)}]`;

/** A secret word may be in the line, of a field's name, too: whatever looks for names of secrets asks this first. */
export const IS_WORDED = `${attribute(WORK.worded)} == true`;

/** Query parameters whose value is a secret although no secret word is in their name. */
export function plainParameters(rules: RedactionRules): string[] {
  const secret = squashedWords(rules);
  return rules.queryParameters
    .map((word) => word.toLowerCase())
    .filter((word) => !secret.some((one) => word.replace(/[^a-z0-9]/g, '').includes(one)));
}

/** A map whose values the line may hold in another spelling: escaped, or in a code. */
export interface Unseen {
  readonly map: string;
  readonly when: string;
}

/** The statements that say what a line may hold. Most lines hold nothing of it, and finding that out is cheap. */
export function guardStatements(rules: RedactionRules, unseen: readonly Unseen[] = []): string[] {
  const source = 'log.body';
  const decoded = 'log.cache["decoded"]';
  const line = 'log.cache["lower"]';
  const holds = (text: string) => `Index(${line}, ${quote(text)}) >= 0`;
  const words = secretParts(rules);
  const isWorded = (text: string) => words.some((parts) => parts.every((part) => text.includes(part)));
  const holdsWord = (text: string) => all(isWorded(text) ? IS_WORDED : undefined, holds(text));
  const holdsOne = (first: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`(${first} and ${any(...names.map((word) => holds(`${word}=`)))})`];
  const parameters = plainParameters(rules);
  const tests: readonly (readonly [Hint, string])[] = [
    // What is replaced in a URL stands before an @.
    ['url', all(holds('@'), holds('://'))],
    ['key', holdsWord('private key-')],
    ['bearer', holdsWord('bearer ')],
    ['pair', all(IS_WORDED, any(...pairTests(rules, line, source)))],
    [
      'parameter',
      any(
        `${hintOf('pair')} == true`,
        ...holdsOne(IS_WORDED, parameters.filter(isWorded)),
        ...holdsOne(
          holds('='),
          parameters.filter((word) => !isWorded(word)),
        ),
      ),
    ],
  ];
  return [
    // Of what is no text nothing is known.
    set(line, '"\\\\"'),
    set(line, `ToLowerCase(${source})`, `IsString(${source})`),
    ...unseen.map(({ map, when }) => set(decoded, `String(Values(${map}))`, all(`${map} != nil`, when))),
    ...(unseen.length === 0
      ? []
      : [set(line, `ToLowerCase(${concat(source, decoded)})`, all(`${decoded} != nil`, `IsString(${source})`))]),
    set(attribute(WORK.worded), 'true', any(...wordTests(words, holds), holds('\\'))),
    ...tests.map(([hint, test]) => set(hintOf(hint), 'true', test)),
    ...(unseen.length === 0
      ? []
      : [set(hintOf('pair'), 'true', all(`${decoded} != nil`, any(...pairTests(rules, line, decoded))))]),
  ];
}

/** One test for each word; words with the same last part ask for that first. */
function wordTests(words: readonly (readonly string[])[], holds: (text: string) => string): string[] {
  const byLast = new Map<string, string[]>();
  for (const parts of words) {
    const last = parts.at(-1) ?? '';
    byLast.set(last, [
      ...(byLast.get(last) ?? []),
      ...(parts.length > 1 ? [all(...parts.slice(0, -1).map(holds))] : []),
    ]);
  }
  return [...byLast].map(([last, before]) => all(holds(last), before.length === 0 ? undefined : any(...before)));
}

/**
 * Statements that look again, at what became of the line: the names of details are no part of the values any more, and what looks at each value for a name costs a
 * hundred times as much as this.
 */
export function secondLook(map: string, rules: RedactionRules): string[] {
  const text = 'log.cache["values"]';
  const small = 'log.cache["small"]';
  const isPair = `${hintOf('pair')} == true`;
  return [
    set(text, `String(Values(${map}))`, isPair),
    set(small, `ToLowerCase(${text})`, isPair),
    statement(
      `delete_key(${attribute(WORK.guarded)}, "pair")`,
      all(isPair, `${small} != nil`, not(any(...pairTests(rules, small, text)))),
    ),
  ];
}

/** Conditions of which one holds for a text with a secret name and a value behind it; the text in lower case and as it is. */
function pairTests(rules: RedactionRules, small: string, printed: string): string[] {
  const { lower, asIs } = secretMarks(rules);
  return [
    ...lower.map((pattern) => `IsMatch(${small}, ${quote(pattern)})`),
    ...asIs.map(
      ({ word, pattern }) => `(Index(${small}, ${quote(word)}) >= 0 and IsMatch(${printed}, ${quote(pattern)}))`,
    ),
  ];
}

/** The line may hold a secret. */
export const GUARDED = `${attribute(WORK.guarded)} != nil`;

/** Statements that redact one text. */
export function redactText(target: string, rules: RedactionRules, condition?: string): string[] {
  return textReplacements(rules).map(([pattern, replacement, hint]) =>
    statement(
      `replace_pattern(${target}, ${quote(pattern)}, ${quote(replacement)})`,
      all(`${hintOf(hint)} == true`, condition),
    ),
  );
}

/** Statements that redact every text of a map. */
export function redactMap(map: string, rules: RedactionRules, condition?: string): string[] {
  return textReplacements(rules).map(([pattern, replacement, hint]) =>
    statement(
      `replace_all_patterns(${map}, "value", ${quote(pattern)}, ${quote(replacement)})`,
      all(`${hintOf(hint)} == true`, condition),
    ),
  );
}
