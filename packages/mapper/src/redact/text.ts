import type { RedactionRules } from '@cryptrail/catalogue';
import { createTextBuilder } from '../text-builder.ts';
import { MARKER } from './marker.ts';
import { type SecretNames, secretNames } from './secret-names.ts';
import { redactParameters, redactUserInfo } from './url.ts';

export { isSecretName } from './secret-names.ts';

/**
 * Free text without its secrets: user info and secret query parameters of URLs, values behind secret names (`password=…`, `pin: …`,
 * `"token": "…"`, `Authorization: Bearer …`) and private keys in PEM. `REDACTED` stands in their place; everything else stays as it was.
 *
 * Takes time in proportion to the text, and changes nothing when applied again.
 *
 * @example
 * ```ts
 * redactText('open postgres://acra:hunter2@db/x failed, password="hunter2"', rules);
 * // open postgres://REDACTED:REDACTED@db/x failed, password="REDACTED"
 * ```
 */
export function redactText(text: string, rules: RedactionRules): string {
  if (isPlain(text)) return text;
  const names = secretNames(rules);
  const hasUrl = text.includes('://');
  // The words of secret names hold those of bearer tokens and private keys, too.
  if (!names.mayHold(text)) return hasUrl ? redactUserInfo(text) : text;
  let out = hasUrl ? redactUserInfo(text) : text;
  if (out.includes('PRIVATE KEY-')) out = redactPrivateKeys(out);
  if (BEARER_HINT.test(out)) out = out.replace(BEARER, bearer);
  if (!names.mayHold(out)) return out;
  return redactPairs(redactParameters(out, names.isSecretParameter), names);
}

/** Signs without which no secret can be told from other text: every rule asks for one of them. */
const TELLING = Uint8Array.from({ length: 128 }, (_, unit) => (' :="\'`'.includes(String.fromCharCode(unit)) ? 1 : 0));
/** Up to here a look at each sign is cheaper than the expressions behind it. */
const MAX_PLAIN_LENGTH = 128;

/** Most values are one word: nothing can be hidden in them. */
function isPlain(text: string): boolean {
  if (text.length > MAX_PLAIN_LENGTH) return false;
  for (let at = 0; at < text.length; at += 1) if (TELLING[text.charCodeAt(at)] === 1) return false;
  return true;
}

const BEARER_HINT = /bearer /i;
/** `Bearer <token68>` (RFC 6750) wherever it stands; `bearer password=…` is a pair instead. */
const BEARER = /\b(bearer +)([A-Za-z0-9._~+/-]{8,}={0,3})(?![A-Za-z0-9._~+/=-])/gi;

/** A word of letters alone is prose (`Bearer authentication failed`) unless it is longer than words are. */
function bearer(all: string, scheme: string, token: string): string {
  return token.length < 20 && /^[a-z]+$/i.test(token) ? all : scheme + MARKER;
}

const BEGIN_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;
const END_KEY = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;

/** Replaces what stands between the armour lines of a private key; without an end line, all that follows. */
function redactPrivateKeys(text: string): string {
  const out = createTextBuilder();
  let done = 0;
  BEGIN_KEY.lastIndex = 0;
  for (let begin = BEGIN_KEY.exec(text); begin; begin = BEGIN_KEY.exec(text)) {
    END_KEY.lastIndex = BEGIN_KEY.lastIndex;
    const end = END_KEY.exec(text);
    out.add(text.slice(done, BEGIN_KEY.lastIndex) + MARKER);
    done = end?.index ?? text.length;
    if (!end) break;
    BEGIN_KEY.lastIndex = END_KEY.lastIndex;
  }
  if (done === 0) return text;
  out.add(text.slice(done));
  return out.text();
}

/** A name and what may stand between it and its value: `name=`, `name: `, `"name":`, `name "`, `\"name\": `. */
const NAME = /[\p{L}\p{N}_.-]{2,128}/gu;
const BETWEEN = /\\*["'`]?[ \t]{0,8}(?:=>|:=|[=:])[ \t]{0,8}|[ \t]{1,8}(?=\\*["'`])/y;
/** Words that tell how the secret behind them is written: `Authorization: Basic <secret>`. */
const SCHEME = /(?:bearer|basic|digest|token|apikey|negotiate)[ \t]{1,8}(?=[^\s])/iy;
const BARE_VALUE = /[^\s"'`,;&|)\]}<>]+/y;
/** `token: pin: 1234`: behind a value that is a name stands what it names. */
const INNER_VALUE = /(?<=[:=])[ \t]{1,8}[^\s"'`,;&|)\]}<>]+/y;

/** Replaces the values behind secret names. Walks from name to name; what was replaced is not looked at again. */
function redactPairs(text: string, names: SecretNames): string {
  const out = createTextBuilder();
  let done = 0;
  NAME.lastIndex = 0;
  for (let found = NAME.exec(text); found; found = NAME.exec(text)) {
    const start = skip(BETWEEN, text, NAME.lastIndex);
    // Only a value that is replaced is walked: `a=a=a=…` has as many names as values, each to the end of the text.
    if (start === undefined || !names.isSecret(found[0])) continue;
    const value = valueAt(text, start);
    if (value === undefined) continue;
    NAME.lastIndex = value.end;
    if (names.isPlaceholder(text.slice(value.start, value.end))) continue;
    out.add(text.slice(done, value.start) + MARKER);
    done = value.end;
  }
  if (done === 0) return text;
  out.add(text.slice(done));
  return out.text();
}

/** Where the value that begins here stands, without its quotes; undefined where none follows. */
function valueAt(text: string, start: number): { readonly start: number; readonly end: number } | undefined {
  const quote = skip(/\\*["'`]/y, text, start);
  if (quote !== undefined) return { start: quote, end: endOfQuoted(text, quote, text.slice(start, quote)) };
  const bare = skip(SCHEME, text, start) ?? start;
  let end = skip(BARE_VALUE, text, bare);
  if (end === undefined) return undefined;
  for (let inner = skip(INNER_VALUE, text, end); inner !== undefined; inner = skip(INNER_VALUE, text, end)) end = inner;
  return { start: bare, end };
}

/** Where a quoted value ends: before the same quote, escaped in the same way; at the end of the text when it is not closed. */
function endOfQuoted(text: string, start: number, quote: string): number {
  const escapes = quote.length - 1;
  for (let at = text.indexOf(quote.slice(-1), start); at >= 0; at = text.indexOf(quote.slice(-1), at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\' && at - backslashes > start) backslashes += 1;
    if (backslashes <= escapes) return at - backslashes;
  }
  return text.length;
}

/** The index behind what a sticky expression matches at a place. */
function skip(expression: RegExp, text: string, at: number): number | undefined {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : undefined;
}
