import type { RedactionRules } from '@cryptrail/catalogue';
import { any, attribute, literal, quote, set, statement, WORK } from '../ottl/expression.ts';
import { MARK } from '../ottl/marks.ts';
import { MARKER, secretName, stems } from './secrets.ts';

/** Hides a text from the expressions that follow; taken out at the end. */
const SHIELD = MARK.shield;

const QUOTED = `(?:(")(?:[^"\\\\]|\\\\.)*|(')[^']*|(\`)[^\`]*|(\\\\+")[^"\\\\]*`;
const SCHEME = '(?i:bearer|basic|digest|token|apikey|negotiate)[ \\t]{1,8}';
const BARE = `[^\\s"'\`,;&|)\\]}<>${SHIELD}]+`;
const BETWEEN = `\\\\*["'\`]?[ \\t]{0,8}(?:=>|:=|[=:])[ \\t]{0,8}`;

/** An expression and what stands for its matches. */
export type Replacement = readonly [pattern: string, replacement: string];

/**
 * What takes the secrets out of a free text: user info and secret parameters of URLs, private keys, bearer tokens, and values behind secret names
 * (`password=…`, `pin: …`, `"token": "…"`). Placeholders, and names that only look secret, are shielded first.
 */
export function textReplacements(rules: RedactionRules): Replacement[] {
  const name = secretName(rules);
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
    ['(://)[^/?#\\s"\'<>\\\\:]*:[^/?#\\s"\'<>\\\\]*@', `\${1}${MARKER}:${MARKER}@`],
    ['(://)[^/?#\\s"\'<>\\\\:]+@', `\${1}${MARKER}@`],
    [
      '(://)[^:\\[\\]/?#\\s"\'<>\\\\]*:[^:/?#\\s"\'<>\\\\]*[^:0-9/?#\\s"\'<>\\\\@][^/?#\\s"\'<>\\\\@]*[/?#][^\\s"\'<>@]{0,250}@',
      `\${1}${MARKER}:${MARKER}@`,
    ],
    [
      '(?s)(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----).*?(-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|\\z)',
      `\${1}${MARKER}\${2}`,
    ],
    [
      '(?i)\\b(bearer +)(?:[a-z]{0,7}[0-9._~+/-][a-z0-9._~+/-]{7,}|[a-z]{7,}[0-9._~+/-][a-z0-9._~+/-]*|[a-z]{20,})={0,3}',
      `\${1}${MARKER}`,
    ],
    [`\\b(${shielded})([^\\pL\\pN_.-]|$)`, `\${1}${SHIELD}\${2}`],
    [`((?:${name})${BETWEEN})(${placeholders.join('|')})([\\s"'\`,;&|)\\]}<>]|$)`, `\${1}${SHIELD}\${2}\${3}`],
    [
      `([?&;#](?:(?i:${parameters.join('|')})|${name})=)[^&;#\\s"'<>${SHIELD}]*[^&;#\\s"'<>,.:!)\\]}${SHIELD}]`,
      `\${1}${MARKER}`,
    ],
    [`((?:${name})${BETWEEN})${QUOTED}|(${SCHEME})?${BARE})`, `\${1}\${2}\${3}\${4}\${5}\${6}${MARKER}`],
    [`((?:${name})[ \\t]{1,8})${QUOTED})`, `\${1}\${2}\${3}\${4}\${5}${MARKER}`],
    [SHIELD, ''],
  ];
}

/** The statement that marks lines in which a secret may stand. Most lines hold none of these texts, and finding that out is cheap. */
export function guardStatements(rules: RedactionRules, source = 'log.body'): string[] {
  const line = 'log.cache["lower"]';
  const found = [...stems(rules), '://', 'bearer '].map((stem) => `Index(${line}, ${quote(stem)}) >= 0`);
  const parameter = `(Index(${line}, "?") >= 0 and Index(${line}, "=") >= 0)`;
  return [
    set(line, `ToLowerCase(${source})`, `IsString(${source})`),
    set(attribute(WORK.guarded), 'true', `${line} != nil and ${any(...found, parameter)}`),
  ];
}

export const GUARDED = `${attribute(WORK.guarded)} == true`;

/** Statements that redact one text. */
export function redactText(target: string, rules: RedactionRules, condition?: string): string[] {
  return textReplacements(rules).map(([pattern, replacement]) =>
    statement(`replace_pattern(${target}, ${quote(pattern)}, ${quote(replacement)})`, condition),
  );
}

/** Statements that redact every text of a map. */
export function redactMap(map: string, rules: RedactionRules, condition?: string): string[] {
  return textReplacements(rules).map(([pattern, replacement]) =>
    statement(`replace_all_patterns(${map}, "value", ${quote(pattern)}, ${quote(replacement)})`, condition),
  );
}
