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
  if (typeof value !== 'object' || Array.isArray(value) || !isReadable(value)) return undefined;
  const object = new Map<string, unknown>();
  for (const [name, item] of Object.entries(value)) object.set(wellFormed(name), item);
  return object;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 as Go's decoder reads it: each byte that is not valid becomes a U+FFFD of its own. */
function goText(line: Uint8Array): string {
  try {
    return strict.decode(line);
  } catch {
    return slowText(line);
  }
}

function slowText(line: Uint8Array): string {
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

/** Go reads 10,000 levels; a tenth of that is far beyond any line of a log, and writes back without running out of stack. */
const MAX_DEPTH = 1000;

/** Go refuses a number that no float64 holds (JavaScript reads it as infinite) and values nested too deep. Walks level by level, so that depth costs no call stack. */
function isReadable(root: object): boolean {
  let level: unknown[] = Object.values(root);
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const inner: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'number' && !Number.isFinite(value)) return false;
      if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) inner.push(item);
    }
    if (inner.length === 0) return true;
    level = inner;
  }
  return false;
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

/** Most texts need no escape; asking first is cheaper than replacing. */
const ANY_ESCAPED = new RegExp(ESCAPED.source);

function goString(text: string, escapes: GoEscapes): string {
  if (!ANY_ESCAPED.test(text)) return `"${text}"`;
  const inner = text.replace(ESCAPED, (sign) => {
    const named = NAMED.get(sign);
    if (named !== undefined) return named;
    if (escapes === 'short' && sign === '\b') return '\\b';
    if (escapes === 'short' && sign === '\f') return '\\f';
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${inner}"`;
}

/** Order of the UTF-8 bytes: that of the code points. UTF-16 has it too, but for surrogates, which stand below U+E000 and mean what is above U+FFFF. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
