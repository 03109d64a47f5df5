import type { LogfmtFormat } from '@cryptrail/catalogue';
import type { Issue } from '../issue.ts';
import type { FieldValue } from '../records.ts';
import { type Decoded, type Decoding, MAX_FIELDS, reportOnce, TOO_MANY_FIELDS } from './decoded.ts';
import { readGoQuoted } from './go-quote.ts';

/** One `key=value`, or the text in which none could be found. */
interface Pair {
  readonly key: string;
  readonly value: string;
  /** Index after the value. */
  readonly end: number;
  readonly whole: boolean;
}

/**
 * Reads a line of `key=value` pairs as Go's logrus writes them. Undefined when it does not begin with the format's leading keys.
 *
 * A value is bare or in Go's quotes; a key runs to the next `=` and may hold blanks: `Key ID="crm frontend"`. A leading key that may be missing
 * is then the empty text. Of a repeated key the leading one counts, else the last; the others are kept as details. A rest without `=` or
 * behind a quote that nothing closes makes an issue, and its text is kept.
 */
export function decodeLogfmt(text: string, rule: LogfmtFormat): Decoded | undefined {
  const decoded: Decoding = { fields: new Map(), details: new Map(), issues: [] };
  let at = readLeading(text, rule.leading, decoded);
  if (at === undefined) return undefined;
  const leading = new Set(decoded.fields.keys());
  while (at < text.length) {
    const pair = readPair(text, at);
    if (!pair) {
      keepRest(text.slice(at), decoded);
      break;
    }
    if (!pair.whole)
      report(decoded.issues, 'malformed_line', 'a quoted value is not closed or holds an unknown escape');
    addField(pair, leading, decoded);
    at = pair.end;
  }
  return decoded;
}

/** Index after the leading pairs, or undefined when they are not all there. */
function readLeading(text: string, keys: readonly string[], { fields, issues }: Decoding): number | undefined {
  let at = 0;
  for (const name of keys) {
    const optional = name.endsWith('?');
    const key = optional ? name.slice(0, -1) : name;
    const start = at === 0 ? 0 : at + 1;
    if ((at === 0 || text.charAt(at) === ' ') && text.startsWith(`${key}=`, start)) {
      const { value, end, whole } = readValue(text, start + key.length + 1);
      if (!whole) report(issues, 'malformed_line', 'a quoted value is not closed or holds an unknown escape');
      fields.set(key, textValue(value));
      at = end;
    } else if (optional) fields.set(key, textValue(''));
    else return undefined;
  }
  return at;
}

/** ` code=587`, ` Key ID="crm frontend"`: a blank, a key up to `=`, a value. */
function readPair(text: string, at: number): Pair | undefined {
  const assign = text.indexOf('=', at);
  if (text.charAt(at) !== ' ' || assign === -1) return undefined;
  return { key: text.slice(at + 1, assign), ...readValue(text, assign + 1) };
}

function readValue(text: string, at: number): { value: string; end: number; whole: boolean } {
  if (text.charAt(at) === '"') return readGoQuoted(text, at);
  const blank = text.indexOf(' ', at);
  const end = blank === -1 ? text.length : blank;
  return { value: text.slice(at, end), end, whole: true };
}

function addField({ key, value }: Pair, leading: ReadonlySet<string>, { fields, details, issues }: Decoding): void {
  const before = fields.get(key);
  if (before === undefined) {
    if (fields.size >= MAX_FIELDS) reportOnce(issues, TOO_MANY_FIELDS);
    else fields.set(key, textValue(value));
    return;
  }
  report(issues, 'duplicate_field', 'a key occurs more than once');
  if (leading.has(key)) details.set(key, textValue(value));
  else {
    details.set(key, before);
    fields.set(key, textValue(value));
  }
}

/** White space at the end of a line says nothing; anything else is kept. */
function keepRest(rest: string, { details, issues }: Decoding): void {
  if (rest.trim() === '') return;
  report(issues, 'malformed_line', 'the end of the line is no key=value');
  details.set('unread', textValue(rest));
}

function report(issues: Issue[], code: Issue['code'], message: string): void {
  reportOnce(issues, { code, message });
}

function textValue(text: string): FieldValue {
  return { kind: 'text', text };
}
