import type { Product } from '@cryptrail/catalogue';
import { lookUp } from '../recognise/conditions.ts';
import type { Recognition } from '../records.ts';
import type { MessageRedactor } from '../redact/message.ts';
import { removeSecrets } from '../redact/original.ts';
import { redactText } from '../redact/text.ts';
import type { ReadOutcome } from './outcome.ts';

/** The display string of a record: the source's message; without one a sentence from event, outcome and main fields. An empty message stays empty. */
export function readBody(
  recognition: Recognition,
  outcome: ReadOutcome,
  redactMessage: MessageRedactor,
  secrets: Map<string, string>,
): string {
  const { record, product, format } = recognition;
  for (const { field, in: space } of format.message ?? []) {
    const value = lookUp(record, field, space);
    const isText = value && (value.kind === 'text' || value.kind === 'string');
    // An empty detail is no value; an empty message field is the message.
    if (isText && (space !== 'details' || value.text !== '')) {
      return redactMessage(value.text, secrets);
    }
  }
  // Secrets first: what is replaced by name could otherwise hide the rest of a query that must not leave.
  return redactText(removeSecrets(sentence(recognition, outcome), secrets), product.redaction);
}

/** `{details.KEY}` in a sentence stands for a detail. */
export const DETAIL = 'details.';

function sentence(recognition: Recognition, { outcome }: ReadOutcome): string {
  const { record, product, eventName, code } = recognition;
  const value = (name: string): string | undefined => {
    if (name === 'title') return (eventName === undefined ? undefined : product.titles.get(eventName)) ?? code;
    if (name === 'code') return code;
    if (name === 'outcome') return outcome;
    const isDetail = name.startsWith(DETAIL);
    const found = isDetail ? lookUp(record, name.slice(DETAIL.length), 'details') : lookUp(record, name);
    return found && found.kind !== 'null' && found.text !== '' ? found.text : undefined;
  };
  let text = '';
  for (const segment of segmentsOf(product)) text += fillSegment(segment, value) ?? '';
  return text;
}

const segments = new WeakMap<Product, readonly Segment[]>();

/** The sentence of a product, cut up once. */
export function segmentsOf(product: Product): readonly Segment[] {
  const known = segments.get(product);
  if (known) return known;
  const made = product.sentence.map(compileSegment);
  segments.set(product, made);
  return made;
}

/** `, by {user_name}`, cut at its braces: one more text than names. */
export interface Segment {
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

/** Cuts a segment into texts and names. */
export function compileSegment(segment: string): Segment {
  const texts: string[] = [];
  const names: string[] = [];
  let at = 0;
  for (let open = segment.indexOf('{'); open !== -1; open = segment.indexOf('{', at)) {
    const close = segment.indexOf('}', open);
    if (close === -1) break;
    texts.push(segment.slice(at, open));
    names.push(segment.slice(open + 1, close));
    at = close + 1;
  }
  texts.push(segment.slice(at));
  return { texts, names };
}

/** The segment with its names filled in, or undefined when one has no value. */
export function fillSegment(
  { texts, names }: Segment,
  value: (name: string) => string | undefined,
): string | undefined {
  let filled = texts[0] ?? '';
  for (let index = 0; index < names.length; index += 1) {
    const text = value(names[index] ?? '');
    if (text === undefined) return undefined;
    filled += text + (texts[index + 1] ?? '');
  }
  return filled;
}
