/** Reproduces Go's `encoding/json`: the text that Acra hashes is what Go would write for the values it read. */

/** How Go writes U+0008 and U+000C: `\b` and `\f` since Go 1.22, `\u0008` and `\u000c` before. */
export type GoEscapes = 'short' | 'long';

/** A JSON object as Go reads it into a map: the last of two equal names counts. Undefined for what Go refuses. */
export function readGoObject(line: Uint8Array): Map<string, unknown> | null | undefined {
  const text = goText(line);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  // Go reads null into a map as an empty map, without an error.
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value) || !isFinite64(value)) return undefined;
  return new Map(Object.entries(value).map(([name, item]) => [wellFormed(name), item]));
}

/** UTF-8 as Go's decoder reads it: each byte that is not valid becomes a U+FFFD of its own. */
function goText(line: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    return slowText(line);
  }
}

function slowText(line: Uint8Array): string {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  for (let at = 0; at < line.length; ) {
    const length = sequenceLength(line[at] ?? 0);
    let sign: string | undefined;
    try {
      sign = length > 0 ? strict.decode(line.subarray(at, at + length)) : undefined;
    } catch {
      sign = undefined;
    }
    text += sign === undefined || sign === '' ? '\ufffd' : sign;
    at += sign === undefined || sign === '' ? 1 : length;
  }
  return text;
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/** Go refuses a number that no float64 holds; JavaScript reads it as infinite. Walks with a stack of its own, so that depth costs no call stack. */
function isFinite64(root: unknown): boolean {
  const open: unknown[] = [root];
  for (let value = open.pop(); value !== undefined || open.length > 0; value = open.pop()) {
    if (typeof value === 'number' && !Number.isFinite(value)) return false;
    if (typeof value === 'object' && value !== null) open.push(...Object.values(value).map((item) => item ?? false));
  }
  return true;
}

/** Half surrogates become U+FFFD, as Go reads them. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** `json.Marshal` of a value that JSON gave: names sorted by bytes, HTML signs escaped, numbers as float64. */
export function goJson(value: unknown, escapes: GoEscapes): string {
  switch (typeof value) {
    case 'string':
      return goString(wellFormed(value), escapes);
    case 'number':
      return goNumber(value);
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map((item) => goJson(item, escapes)).join(',')}]`;
      const entries = [...new Map(Object.entries(value).map(([name, item]) => [wellFormed(name), item]))];
      entries.sort(([a], [b]) => compareBytes(a, b));
      return `{${entries.map(([name, item]) => `${goString(name, escapes)}:${goJson(item, escapes)}`).join(',')}}`;
    }
    default:
      return String(value);
  }
}

/** Both languages write the shortest digits and change to exponents at 1e21 and 1e-6; only the negative zero differs. */
function goNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);
// biome-ignore lint/suspicious/noControlCharactersInRegex: control signs are what is escaped
const ESCAPED = /["\\<>&\u2028\u2029\u0000-\u001f]/g;

function goString(text: string, escapes: GoEscapes): string {
  const inner = text.replace(ESCAPED, (sign) => {
    const named = NAMED.get(sign);
    if (named !== undefined) return named;
    if (escapes === 'short' && sign === '\b') return '\\b';
    if (escapes === 'short' && sign === '\f') return '\\f';
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${inner}"`;
}

/** Order of the UTF-8 bytes: that of the code points, not of UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
