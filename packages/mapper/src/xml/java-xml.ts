import { createTextBuilder } from '../text-builder.ts';
import { readCanonicalMap } from './canonical-map.ts';
import type { JavaValue } from './java-value.ts';
import { codePoint, type XmlToken, type XmlTokens, xmlTokens } from './tokens.ts';

/** What was read: the objects below the root, or why the text was refused, in words that hold none of it. */
export type JavaXml = { readonly values: readonly JavaValue[] } | { readonly problem: string };

/** Bounds: deeper or larger texts are refused, not cut. */
const MAX_DEPTH = 16;
const MAX_NODES = 100_000;
const MAX_ARRAY = 65_536;

const MAPS: ReadonlySet<string> = new Set([
  'java.util.HashMap',
  'java.util.LinkedHashMap',
  'java.util.TreeMap',
  'java.util.Hashtable',
  'java.util.Properties',
]);
/** Maps whose texts may be Base64, known by their own name: their package was renamed twice. */
const BASE64_MAP = /\.Base64(?:Put|Get)HashMap$/;
const LISTS: ReadonlySet<string> = new Set([
  'java.util.ArrayList',
  'java.util.LinkedList',
  'java.util.Vector',
  'java.util.HashSet',
  'java.util.LinkedHashSet',
  'java.util.TreeSet',
]);
/** Factory calls that only wrap their arguments, as `class#method`. */
const FACTORIES: ReadonlySet<string> = new Set([
  'java.util.Arrays#asList',
  ...['empty', 'singleton', 'unmodifiable', 'synchronized'].flatMap((word) =>
    ['List', 'Set', 'Collection', 'SortedSet'].map((kind) => `java.util.Collections#${word}${kind}`),
  ),
  'java.util.Collections#singleton',
]);
const RANGES: ReadonlyMap<string, bigint> = new Map([
  ['byte', 7n],
  ['short', 15n],
  ['int', 31n],
  ['long', 63n],
]);

function isMap(type: string): boolean {
  return MAPS.has(type) || BASE64_MAP.test(type);
}

class Refused extends Error {}

/**
 * Reads the text of `java.beans.XMLEncoder`, and of EJBCA's encoder that imitates it, as data: a closed set of elements, classes and methods;
 * `id` and `idref` to values that are complete (so no cycles). Anything else is refused with its place. Never throws, runs or fetches anything.
 */
export function readJavaXml(text: string): JavaXml {
  const map = readCanonicalMap(text, isMap);
  return map ? { values: [map] } : readAnyJavaXml(text);
}

/** The same without the short way for what is written most. */
export function readAnyJavaXml(text: string): JavaXml {
  try {
    return { values: new Reader(xmlTokens(text)).document() };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message };
    throw error;
  }
}

type Open = Extract<XmlToken, { kind: 'open' }>;

class Reader {
  readonly #tokens: XmlTokens;
  readonly #known = new Map<string, { value: JavaValue; nodes: number }>();
  #nodes = 0;

  constructor(tokens: XmlTokens) {
    this.#tokens = tokens;
  }

  document(): JavaValue[] {
    const root = this.#nextTag();
    if (root.kind !== 'open' || root.name !== 'java') throw new Refused('the root is no java element');
    if ((root.attributes.get('class') ?? 'java.beans.XMLDecoder') !== 'java.beans.XMLDecoder')
      throw new Refused('another decoder class');
    const values = this.#children(root, 1);
    if (this.#nextTag().kind !== 'end') throw new Refused('text behind the root');
    return values;
  }

  /** Next token that is no white space; text is refused. */
  #nextTag(): Exclude<XmlToken, { kind: 'text' | 'error' }> {
    for (;;) {
      const token = this.#tokens.next();
      if (token.kind === 'error') throw new Refused(token.problem);
      if (token.kind !== 'text') return token;
      if (token.text.trim() !== '') throw new Refused('text between elements');
    }
  }

  /** The values inside an element, to its end tag. */
  #children(parent: Open, depth: number): JavaValue[] {
    const values: JavaValue[] = [];
    this.#each(parent, (child) => values.push(this.#value(child, depth)));
    return values;
  }

  #each(parent: Open, visit: (child: Open) => void): void {
    if (parent.empty) return;
    for (;;) {
      const token = this.#nextTag();
      if (token.kind === 'end') throw new Refused('the text ends inside an element');
      if (token.kind === 'close') {
        if (token.name !== parent.name) throw new Refused('an end tag that does not fit');
        return;
      }
      visit(token);
    }
  }

  #value(element: Open, depth: number): JavaValue {
    if (depth > MAX_DEPTH) throw new Refused(`deeper than ${MAX_DEPTH} levels`);
    this.#count(1);
    const before = this.#nodes;
    const value = this.#plainOrNested(element, depth);
    const id = element.attributes.get('id');
    if (id !== undefined) this.#known.set(id, { value, nodes: this.#nodes - before + 1 });
    return value;
  }

  /** A value that is referred to counts as often as it is: references cannot multiply. */
  #count(nodes: number): void {
    this.#nodes += nodes;
    if (this.#nodes > MAX_NODES) throw new Refused(`more than ${MAX_NODES} values`);
  }

  #plainOrNested(element: Open, depth: number): JavaValue {
    const { name } = element;
    switch (name) {
      case 'string':
      case 'class':
        return { kind: name, text: this.#text(element) };
      case 'char':
        return { kind: 'char', text: this.#character(element) };
      case 'int':
      case 'long':
      case 'short':
      case 'byte':
        return { kind: name, text: whole(name, this.#text(element)) };
      case 'float':
      case 'double':
        return { kind: name, text: floating(this.#text(element)) };
      case 'boolean':
        return { kind: name, text: truth(this.#text(element)) };
      case 'null':
        if (this.#children(element, depth + 1).length > 0) throw new Refused('a null that holds something');
        return { kind: 'null' };
      case 'object':
        return this.#object(element, depth);
      case 'array':
        return this.#array(element, depth);
      default:
        throw new Refused('an element that is not in the closed set');
    }
  }

  /** Text of an element; `<char code="#1b"/>` inside stands for a sign that XML cannot hold. */
  #text(element: Open): string {
    if (element.empty) return '';
    // Most texts are one token.
    const first = this.#tokens.next();
    if (first.kind === 'close' && first.name === element.name) return '';
    let token = first.kind === 'text' ? this.#tokens.next() : first;
    if (first.kind === 'text' && token.kind === 'close' && token.name === element.name) return first.text;
    const text = createTextBuilder();
    if (first.kind === 'text') text.add(first.text);
    for (; ; token = this.#tokens.next()) {
      if (token.kind === 'error') throw new Refused(token.problem);
      if (token.kind === 'end') throw new Refused('the text ends inside an element');
      if (token.kind === 'text') text.add(token.text);
      else if (token.kind === 'open' && token.name === 'char') text.add(this.#character(token));
      else if (token.kind === 'close' && token.name === element.name) return text.text();
      else throw new Refused('an element inside a text');
    }
  }

  #character(element: Open): string {
    const code = element.attributes.get('code');
    if (code === undefined) {
      const text = this.#text(element);
      if ([...text].length !== 1) throw new Refused('a char that is not one sign');
      return text;
    }
    const sign = /^#[0-9A-Fa-f]{1,6}$/.test(code) ? codePoint(Number.parseInt(code.slice(1), 16)) : undefined;
    if (sign === undefined || this.#text(element) !== '') throw new Refused('a char code that is none');
    return sign;
  }

  #object(element: Open, depth: number): JavaValue {
    const { attributes } = element;
    const idref = attributes.get('idref');
    if (idref !== undefined) return this.#reference(element, idref);
    const type = attributes.get('class') ?? '';
    const method = attributes.get('method');
    if (method !== undefined) return this.#factory(element, type, method, depth);
    if (isMap(type)) return this.#map(element, depth);
    if (LISTS.has(type)) return this.#list(element, depth);
    if (type === 'java.util.Date') return { kind: 'date', text: this.#only(element, depth, ['long']) };
    if (type === 'java.math.BigInteger') return { kind: 'string', text: this.#only(element, depth, ['string']) };
    throw new Refused('a class that is not in the closed set');
  }

  #reference(element: Open, id: string): JavaValue {
    const known = this.#known.get(id);
    if (!known || this.#children(element, MAX_DEPTH).length > 0)
      throw new Refused('a reference to nothing that is complete');
    this.#count(known.nodes);
    return known.value;
  }

  #factory(element: Open, type: string, method: string, depth: number): JavaValue {
    const values = this.#children(element, depth + 1);
    if (type === 'java.lang.Enum' && method === 'valueOf') {
      const [owner, constant] = values;
      if (values.length === 2 && owner?.kind === 'class' && constant?.kind === 'string') return constant;
    }
    if (!FACTORIES.has(`${type}#${method}`)) throw new Refused('a method that is not in the closed set');
    const [first] = values;
    return values.length === 1 && first?.kind === 'list' ? first : { kind: 'list', items: values };
  }

  #map(element: Open, depth: number): JavaValue {
    const entries: [string, JavaValue][] = [];
    this.#each(element, (child) => {
      const [key, value] = this.#call(child, 'put', 2, depth);
      if (!key || !value) throw new Refused('a put without two values');
      if (key.kind === 'map' || key.kind === 'list') throw new Refused('a key that is no plain value');
      entries.push([key.kind === 'null' ? 'null' : key.text, value]);
    });
    return { kind: 'map', entries };
  }

  #list(element: Open, depth: number): JavaValue {
    const items: JavaValue[] = [];
    this.#each(element, (child) => items.push(...this.#call(child, 'add', 1, depth)));
    return { kind: 'list', items };
  }

  #call(element: Open, method: string, count: number, depth: number): JavaValue[] {
    if (element.name !== 'void' || element.attributes.get('method') !== method)
      throw new Refused('a call that is not in the closed set');
    const values = this.#children(element, depth + 1);
    if (values.length !== count) throw new Refused(`a ${method} with ${values.length} values`);
    return values;
  }

  #only(element: Open, depth: number, kinds: readonly string[]): string {
    const [value, ...more] = this.#children(element, depth + 1);
    if (!value || more.length > 0 || !kinds.includes(value.kind) || !('text' in value))
      throw new Refused('an object with other content');
    return value.text;
  }

  /** An encoder leaves out elements that have the default of their type. What is missing counts as a value, so a declared length cannot cost more than values that are there. */
  #array(element: Open, depth: number): JavaValue {
    const declared = element.attributes.get('length');
    const length = declared === undefined ? MAX_ARRAY : /^\d{1,6}$/.test(declared) ? Number(declared) : -1;
    if (length < 0 || length > MAX_ARRAY) throw new Refused('an array length that is not possible');
    const placed = new Map<number, JavaValue>();
    let next = 0;
    this.#each(element, (child) => {
      if (child.name !== 'void') {
        placed.set(next, this.#value(child, depth + 1));
        next += 1;
        return;
      }
      const index = child.attributes.get('index') ?? '';
      const [value, ...more] = this.#children(child, depth + 1);
      if (!/^\d{1,6}$/.test(index) || Number(index) >= length || !value || more.length > 0)
        throw new Refused('an element outside its array');
      placed.set(Number(index), value);
    });
    if (next > length) throw new Refused('an array with more values than its length');
    const size =
      declared === undefined ? [...placed.keys()].reduce((end, index) => Math.max(end, index + 1), 0) : length;
    this.#count(Math.max(0, size - placed.size));
    const missing = defaultOf(element.attributes.get('class') ?? '');
    return { kind: 'list', items: Array.from({ length: size }, (_, index) => placed.get(index) ?? missing) };
  }
}

/** What Java puts into a new array: zero, false, or no object. */
function defaultOf(type: string): JavaValue {
  if (type === 'boolean') return { kind: type, text: 'false' };
  if (type === 'char') return { kind: type, text: '\0' };
  if (type === 'float' || type === 'double') return { kind: type, text: '0.0' };
  return RANGES.has(type) ? { kind: 'int', text: '0' } : { kind: 'null' };
}

function whole(type: string, text: string): string {
  const bits = RANGES.get(type) ?? 31n;
  if (!/^[+-]?\d{1,19}$/.test(text)) throw new Refused(`an ${type} that is no number`);
  const value = BigInt(text.replace('+', ''));
  if (value >= 1n << bits || value < -(1n << bits)) throw new Refused(`an ${type} out of range`);
  return String(value);
}

function floating(text: string): string {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return text;
  if (!/^-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,4})?$/.test(text))
    throw new Refused('a floating number that is none');
  return text;
}

function truth(text: string): string {
  if (text !== 'true' && text !== 'false') throw new Refused('a boolean that is none');
  return text;
}
