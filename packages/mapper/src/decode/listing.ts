import type { ListingFormat } from '@cryptrail/catalogue';
import type { Issue } from '../issue.ts';
import { isDistinguishedName } from '../map/dn.ts';
import type { FieldValue } from '../records.ts';
import type { Decoded } from './decoded.ts';
import { foldOpenColumns } from './open-columns.ts';
import { createOpenDetails, isDetailKey } from './open-details.ts';
import { hasShape } from './text-shape.ts';

/** Parts of the columns of a row: those of its names are some dozens. */
const MAX_PARTS = 1024;

/** Reads `time, EVENT, CN=a, O=b, 7, {key=value, key=value}`; undefined for any other text. */
export function decodeListing(message: string, rule: ListingFormat): Decoded | undefined {
  const start = message.indexOf(rule.details.start);
  if (start === -1) return undefined;
  const texts = message.slice(0, start).split(rule.delimiter, MAX_PARTS + 1);
  if (texts.length > MAX_PARTS) return undefined;
  const isAbsent = (text: string) => text === '' || (rule.absent?.includes(text) ?? false);
  const columns = foldOpenColumns(texts, rule.columns, rule.open ?? [], rule.delimiter, isAbsent);
  if (columns?.length !== rule.columns.length) return undefined;

  const value = (text: string): FieldValue => ({ kind: isAbsent(text) ? 'null' : 'text', text });
  const fields = new Map<string, FieldValue>();
  for (const [index, column] of rule.columns.entries()) {
    const text = columns[index] ?? '';
    const shape = Object.hasOwn(rule.shapes, column) ? rule.shapes[column] : undefined;
    if (shape !== undefined && !hasShape(text, shape)) return undefined;
    fields.set(column, value(text));
  }
  const issues: Issue[] = [];
  const inside = message.slice(start + rule.details.start.length).trimEnd();
  const whole = inside.endsWith(rule.details.end);
  if (!whole) issues.push({ code: 'truncated_upstream', message: 'the details are not closed' });
  const details = readDetails(whole ? inside.slice(0, -rule.details.end.length) : inside, rule);
  return { fields, details: details.finish(value, issues), issues };
}

/** A text without a key, inside the brackets of a value, or going on with a distinguished name belongs to the value before it. */
function readDetails(text: string, { details: { delimiter, assign }, keyPrefixes }: ListingFormat) {
  const details = createOpenDetails(text);
  let depth = 0;
  let inName = false;
  for (let at = 0; text !== '' && at <= text.length && !details.full; ) {
    const stop = text.indexOf(delimiter, at);
    const to = stop === -1 ? text.length : stop;
    const part = text.slice(at, to);
    const end = depth > 0 || (inName && isDistinguishedName(part)) ? -1 : part.indexOf(assign);
    const key = part.slice(0, end);
    if (end !== -1 && isDetailKey(key, keyPrefixes)) {
      const from = end + assign.length;
      inName = isDistinguishedName(part.slice(from));
      details.add(key, at + from, to);
    } else details.extend(to);
    depth = Math.max(0, depth + count(part, '{') - count(part, '}'));
    at = to + delimiter.length;
  }
  return details;
}

function count(text: string, sign: string): number {
  let found = 0;
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) found += 1;
  return found;
}
