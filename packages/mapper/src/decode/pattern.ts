import type { PatternFormat } from '@cryptrail/catalogue';
import type { FieldValue } from '../records.ts';
import type { Decoded, Decoding } from './decoded.ts';
import { hasShape } from './text-shape.ts';

/** Reads messages of one pattern; undefined when a message does not fit it. */
export type DecodePattern = (message: string) => Decoded | undefined;

/** A pattern, cut into its literal texts and the names of its values. */
export interface Order {
  /** One more than names: the text before the first value, between the values, and behind the last. */
  readonly literals: readonly string[];
  readonly names: readonly string[];
}

/** Enough of a text to tell whether a distinguished name begins there. */
export const NAME_HEAD = 80;

/**
 * Compiles `AUDIT;${LOG_ID};"${FILENAME}"` into a reader. A value ends at the first place where the text behind it stands; where the next value is a
 * distinguished name, at the first such place behind which one begins. The last value takes the rest. Each value is walked once.
 */
export function compilePattern(rule: PatternFormat): DecodePattern {
  const order = readOrder(rule.order);
  const shapeOf = (name: string | undefined) =>
    name !== undefined && rule.shapes && Object.hasOwn(rule.shapes, name) ? rule.shapes[name] : undefined;

  /** Where the value that begins at `from` ends, or -1. */
  function valueEnd(message: string, from: number, index: number): number {
    const stop = order.literals[index + 1] ?? '';
    if (index === order.names.length - 1) return lastEnd(message, from, stop);
    const first = message.indexOf(stop, from);
    if (stop === '' || shapeOf(order.names[index + 1]) !== 'distinguished_name') return first;
    for (let at = first; at !== -1; at = message.indexOf(stop, at + 1)) {
      const next = at + stop.length;
      if (hasShape(message.slice(next, next + NAME_HEAD), 'distinguished_name')) return at;
    }
    return first;
  }

  return (message) => {
    const { literals, names } = order;
    if (!message.startsWith(literals[0] ?? '')) return undefined;
    const decoded: Decoding = { fields: new Map(), details: new Map(), issues: [] };
    let at = (literals[0] ?? '').length;
    for (const [index, name] of names.entries()) {
      const end = valueEnd(message, at, index);
      if (end === -1) return undefined;
      const text = message.slice(at, end);
      const value = readValue(text, name, rule);
      const shape = shapeOf(name);
      const strict = shape !== undefined && shape !== 'distinguished_name';
      if (strict && value.kind !== 'null' && !hasShape(text, shape)) return undefined;
      const target = rule.fields?.includes(name) ? decoded.fields : decoded.details;
      if (!target.has(name)) target.set(name, value);
      at = end + (literals[index + 1] ?? '').length;
    }
    return decoded;
  };
}

/** The text with which every message of a pattern begins. */
export function patternStart(order: string): string {
  return readOrder(order).literals[0] ?? '';
}

/** Cuts a pattern up. */
export function readOrder(order: string): Order {
  const literals: string[] = [];
  const names: string[] = [];
  let from = 0;
  for (const match of order.matchAll(/\$\{([^{}]{1,64})\}/g)) {
    literals.push(order.slice(from, match.index));
    names.push(match[1] ?? '');
    from = match.index + match[0].length;
  }
  return { literals: [...literals, order.slice(from)], names };
}

/** The last value runs to the end of the message; shippers cut white space there that the pattern has. */
function lastEnd(message: string, from: number, stop: string): number {
  const text = message.trimEnd();
  const literal = stop.trimEnd();
  const end = text.length - literal.length;
  return end >= from && text.endsWith(literal) ? end : -1;
}

function readValue(text: string, name: string, { absent, absentIn }: PatternFormat): FieldValue {
  const words = absentIn && Object.hasOwn(absentIn, name) ? absentIn[name] : undefined;
  const isAbsent = text === '' || text === `\${${name}}` || absent?.includes(text) || words?.includes(text);
  return { kind: isAbsent ? 'null' : 'text', text };
}
