import { readHex } from '../bytes.ts';
import { compareBytes, type GoEscapes, goJson, readGoObject } from './go-json.ts';
import { readGoLine } from './go-line.ts';
import type { ChainErrorClass } from './verdict.ts';

/** The format of an audit log, as Acra's `logging_format` names it. */
export type ChainFormat = 'plaintext' | 'json' | 'cef';

/** One line as the verifier sees it. */
export type ChainEntry =
  | { readonly kind: 'empty' }
  | { readonly kind: 'unsigned' /** The mark stands in it, but in a value. */; readonly mimics?: boolean }
  | { readonly kind: 'refused'; readonly class: ChainErrorClass }
  | SignedEntry;

/** A line that carries a value. */
export interface SignedEntry {
  readonly kind: 'signed';
  /** The bytes that were hashed: one form, or two where Go versions differ. */
  readonly data: readonly Uint8Array[];
  readonly integrity: Uint8Array;
  /** Starts a chain. */
  readonly first: boolean;
  /** Ends a chain. */
  readonly last: boolean;
  /** It passes for an end of chain, but the text stands in values. */
  readonly mimics?: boolean;
  /** Seconds since 1970, looked for when asked. */
  readonly time: () => number | undefined;
}

const MARK = ' integrity=';
const NEW = ' chain=new';
const END_MESSAGE = 'End of current audit log chain';
const EMPTY: ChainEntry = { kind: 'empty' };
const UNSIGNED: ChainEntry = { kind: 'unsigned' };
/** White space of Go's `strings.TrimSpace`. */
const LEADING = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
/** One byte a sign, so that positions in the text are positions in the bytes. */
const bytewise = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8');
const encoder = new TextEncoder();
/** What versions of Go write in two ways. */
const DIFFERS = /\\u000[8c]/;

/** Takes a line (without its line break) apart by the rules of Acra's verifier. */
export function readEntry(line: Uint8Array, format: ChainFormat): ChainEntry {
  if (line.length === 0) return EMPTY;
  return format === 'json' ? readJson(line) : readText(line, format);
}

/** `… integrity=HEX[ chain=new]`: exactly two parts round the mark. */
function readText(line: Uint8Array, format: 'plaintext' | 'cef'): ChainEntry {
  const text = bytewise.decode(line);
  const at = text.indexOf(MARK);
  if (at === -1) return UNSIGNED;
  if (text.indexOf(MARK, at + MARK.length) !== -1) return { kind: 'unsigned', mimics: true };
  const data = line.subarray(0, at);
  const tail = utf8.decode(line.subarray(at + MARK.length));
  const value = format === 'cef' ? trimEnds(tail) : tail;
  const first = value.endsWith(NEW);
  const integrity = readHex(first ? value.slice(0, -NEW.length) : value);
  if (typeof integrity === 'string') return { kind: 'refused', class: integrity };
  const head = text.slice(0, at);
  const last = head.includes('chain=end') && head.includes(END_MESSAGE);
  const mimics = last && !isRealEnd(head, format);
  return {
    kind: 'signed',
    data: [data],
    integrity,
    first,
    last,
    time: () => timeOf(head),
    ...(mimics ? { mimics } : {}),
  };
}

/** The end message is the whole message, and the mark a field. */
function isRealEnd(head: string, format: 'plaintext' | 'cef'): boolean {
  if (format === 'cef')
    return head.includes(`|${END_MESSAGE}|`) && (head.includes('|chain=end ') || head.includes(' chain=end '));
  return head.includes(` msg="${END_MESSAGE}"`) && (head.endsWith(' chain=end') || head.includes(' chain=end '));
}

function trimEnds(text: string): string {
  let to = text.length;
  while (to > 0 && LEADING.test(text.charAt(to - 1))) to -= 1;
  return text.slice(0, to).replace(LEADING, '');
}

/** `delimiter` KEY `delimiter` VALUE `delimiter` for each name but the integrity's, sorted by bytes. */
function readJson(line: Uint8Array): ChainEntry {
  return readWritten(line) ?? readAnyJson(line);
}

/** The line as it stands, when Go wrote it: no other reading would change it. */
function readWritten(line: Uint8Array): ChainEntry | undefined {
  const written = readGoLine(line);
  if (!written) return undefined;
  const { data, first, last, unixTime } = written;
  const integrity = readHex(bytewise.decode(written.integrity));
  if (typeof integrity === 'string') return { kind: 'refused', class: integrity };
  const time = () => (unixTime ? secondsOf(bytewise.decode(unixTime)) : undefined);
  return { kind: 'signed', data: [data], integrity, first, last, time };
}

/** A line in any spelling, put into Go's. */
export function readAnyJson(line: Uint8Array): ChainEntry {
  const object = readGoObject(line);
  if (object === undefined) return { kind: 'refused', class: 'unreadable_line' };
  if (object === null) return UNSIGNED;
  const value = object.get('integrity');
  if (typeof value !== 'string') return UNSIGNED;
  const integrity = readHex(value);
  if (typeof integrity === 'string') return { kind: 'refused', class: integrity };
  const first = object.get('chain') === 'new';
  object.delete('integrity');
  if (first) object.delete('chain');
  const last = object.get('chain') === 'end' && object.get('msg') === END_MESSAGE;
  const names = [...object.keys()].sort(compareBytes);
  const canonical = (escapes: GoEscapes) =>
    names.map((name) => `delimiter${name}delimiter${goJson(object.get(name), escapes)}delimiter`).join('');
  const long = canonical('long');
  const data = [encoder.encode(long)];
  if (DIFFERS.test(long)) data.push(encoder.encode(canonical('short')));
  return { kind: 'signed', data, integrity, first, last, time: () => secondsOf(object.get('unixTime')) };
}

function secondsOf(value: unknown): number | undefined {
  const time = Number(value ?? Number.NaN);
  return Number.isFinite(time) ? time : undefined;
}

/** Seconds since 1970 of a text or CEF line, to see chains that were swapped. */
function timeOf(head: string): number | undefined {
  const unix = /(?:^|[ |])unixTime=(\d{1,12}(?:\.\d{1,9})?)(?: |$)/.exec(head);
  if (unix) return Number(unix[1]);
  const stamp = /^time="([^"]{20,35})"/.exec(head);
  const millis = stamp ? Date.parse(stamp[1] ?? '') : Number.NaN;
  return Number.isNaN(millis) ? undefined : millis / 1000;
}

/** The format of a log by its first line with something in it; plaintext when nothing tells. */
export function detectFormat(line: Uint8Array): ChainFormat {
  const head = bytewise.decode(line.subarray(0, 64)).trimStart();
  if (head.startsWith('{')) return 'json';
  return head.startsWith('CEF:') ? 'cef' : 'plaintext';
}
