import { createTextBuilder } from '../text-builder.ts';
import { MARKER } from './marker.ts';

/** How far a password with an unescaped slash may reach; a bound keeps the cost in proportion to the text. */
const MAX_USER_INFO = 256;

/**
 * A URL or path with its user info and the values of secret query parameters replaced: `https://u:p@host/x?token=1&page=2` →
 * `https://REDACTED:REDACTED@host/x?token=REDACTED&page=2`, as `url.full` wants it. Everything else stays as it was, byte for byte.
 *
 * @param isSecret - whether a parameter of this (decoded) name holds a secret, or the list of such names
 */
export function redactUrl(text: string, isSecret: readonly string[] | ((name: string) => boolean)): string {
  const test = typeof isSecret === 'function' ? isSecret : memberOf(isSecret);
  return redactParameters(redactUserInfo(text), test);
}

/** Replaces user name and password of every `scheme://user:password@` in a text. */
export function redactUserInfo(text: string): string {
  const out = createTextBuilder();
  let done = 0;
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const start = at + 3;
    const end = endOfUserInfo(text, start);
    if (end <= start || start < done) continue;
    const marker = text.slice(start, end).includes(':') ? `${MARKER}:${MARKER}` : MARKER;
    out.add(text.slice(done, start) + marker);
    done = end;
  }
  if (done === 0) return text;
  out.add(text.slice(done));
  return out.text();
}

/** What may stand between `//` and the path. */
const AUTHORITY = /[^/?#\s"'<>\\]*/y;
/** What a password with an unescaped slash may run through. */
const RUN = /[^\s"'<>]*/y;

/** Index of the `@` that ends user info, or `start` when there is none. */
function endOfUserInfo(text: string, start: number): number {
  const authority = textAt(AUTHORITY, text, start);
  const last = authority.lastIndexOf('@');
  if (last >= 0) return start + last;
  // `user:pa/ss@host`: an unescaped slash. What stands behind a colon and is no port can only be a password.
  if (!/^[^:[\]]*:[^:]*[^:0-9]/.test(authority)) return start;
  const first = textAt(RUN, text.slice(start, start + MAX_USER_INFO), 0).indexOf('@');
  if (first < 0) return start;
  return start + first + textAt(AUTHORITY, text, start + first).lastIndexOf('@');
}

function textAt(expression: RegExp, text: string, at: number): string {
  expression.lastIndex = at;
  return expression.exec(text)?.[0] ?? '';
}

/** `name=value` behind `?`, `&`, `;` or `#`. The value ends where the next parameter begins or the URL does. */
const PARAMETER = /([?&;#])([^?&;#=\s"'<>]{1,128})=([^&;#\s"'<>]*)/g;

/** Replaces the values of secret query parameters in a text. */
export function redactParameters(text: string, isSecret: (name: string) => boolean): string {
  if (!text.includes('=')) return text;
  const out = createTextBuilder();
  let done = 0;
  PARAMETER.lastIndex = 0;
  for (let found = PARAMETER.exec(text); found; found = PARAMETER.exec(text)) {
    const [, , name = '', value = ''] = found;
    const end = withoutStop(value);
    if (end === 0 || !isSecret(decoded(name))) continue;
    const start = PARAMETER.lastIndex - value.length;
    out.add(text.slice(done, start) + MARKER);
    done = start + end;
  }
  if (done === 0) return text;
  out.add(text.slice(done));
  return out.text();
}

/** Length of a value without the signs that end a clause or close a bracket behind it: they belong to the sentence round the URL. */
function withoutStop(value: string): number {
  let end = value.length;
  while (end > 0 && STOPS.has(value.charAt(end - 1))) end -= 1;
  return end;
}

const STOPS: ReadonlySet<string> = new Set([',', '.', ':', '!', ')', ']', '}']);

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function memberOf(names: readonly string[]): (name: string) => boolean {
  const set = new Set(names.map((name) => name.toLowerCase()));
  return (name) => set.has(name.toLowerCase());
}
