import type { FieldSpace } from '@cryptrail/catalogue';
import { isSame } from './byte-cache.ts';
import type { FieldControl } from './controls.ts';
import { type JsonClass, newClass } from './json-lane.ts';

/** What the bytes of a value hold, beside letters and digits. */
export const TELLING = 1;
export const ESCAPED = 2;
const FORBIDDEN = 4;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;

/** Signs in texts: those that a closer look is needed for, escapes, and what is left to the ordinary way (control signs, all beyond ASCII). */
const SIGNS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte < SPACE || byte >= 0x80) return FORBIDDEN;
  if (byte === 0x5c) return ESCAPED;
  return ' :="\'`'.includes(String.fromCharCode(byte)) ? TELLING : 0;
});

/** Kinds of values. Others are left to the ordinary way. */
const STRING = 0;
const INT = 1;
const TRUE = 2;
const FALSE = 3;
const NULL = 4;
const EMPTY = 5;
const DOUBLE = 6;
const KINDS = 7;

const WORDS: readonly { readonly kind: number; readonly bytes: Uint8Array }[] = [
  { kind: TRUE, bytes: ascii('true') },
  { kind: FALSE, bytes: ascii('false') },
  { kind: NULL, bytes: ascii('null') },
];

/** A name that was met behind others, and where it leads for each kind of value. */
interface Edge {
  readonly name: Uint8Array;
  readonly text: string;
  readonly next: (JsonNode | undefined)[];
}

/** A place between two members. */
interface JsonNode {
  readonly before: JsonNode | undefined;
  readonly edge: Edge | undefined;
  readonly edges: Edge[];
  shape: JsonShape | undefined;
}

/** JSON objects with the same names in the same order, and the same kinds of values. */
export interface JsonShape {
  readonly names: readonly string[];
  readonly controls: readonly { readonly token: number; readonly control: FieldControl }[];
  readonly root: JsonClass;
  /** Names that are there twice: the ordinary way knows which counts. */
  readonly usable: boolean;
}

/** Most members of an object, and places that are remembered. */
const MAX_MEMBERS = 64;
const MAX_NODES = 20_000;
const MAX_EDGES = 64;
const MAX_NAME_LENGTH = 128;

/** Walks the bytes of JSON lines along the names that were there before. What it cannot take, e.g. nested values, is left to the ordinary way. */
export class JsonScanner {
  /** Where the text of each value stands (without quotes), and what it holds. */
  readonly starts = new Int32Array(MAX_MEMBERS);
  readonly ends = new Int32Array(MAX_MEMBERS);
  readonly signs = new Uint8Array(MAX_MEMBERS);
  readonly kinds = new Uint8Array(MAX_MEMBERS);
  #root = node(undefined, undefined);
  #nodes = 0;
  #at = 0;
  readonly #findControl: (space: FieldSpace, field: string) => FieldControl | undefined;

  constructor(findControl: (space: FieldSpace, field: string) => FieldControl | undefined) {
    this.#findControl = findControl;
  }

  /** The shape of one whole object between `from` and `to`, its values in the tables; undefined when it is none, or none for this way. */
  scan(bytes: Uint8Array, from: number, to: number): JsonShape | undefined {
    let place = this.#root;
    this.#at = from + 1;
    for (let count = 0; count < MAX_MEMBERS; count += 1) {
      if (bytes[this.#at] === SPACE) this.#at += 1;
      if (bytes[this.#at] !== QUOTE) return undefined;
      const edge = this.#edge(place, bytes, this.#at + 1, to);
      if (!edge) return undefined;
      let at = this.#at + edge.name.length + 2;
      if (bytes[at] !== COLON) return undefined;
      at += 1;
      if (bytes[at] === SPACE) at += 1;
      this.#at = at;
      const kind = this.#value(bytes, to, count);
      if (kind === -1) return undefined;
      const next = edge.next[kind];
      if (next) place = next;
      else {
        if (this.#nodes >= MAX_NODES) return undefined;
        this.#nodes += 1;
        const made = node(place, edge);
        edge.next[kind] = made;
        place = made;
      }
      const sign = bytes[this.#at];
      this.#at += 1;
      if (sign === COMMA) continue;
      if (sign !== CLOSE_BRACE || this.#at !== to) return undefined;
      place.shape ??= this.#shapeAt(place);
      return place.shape.usable ? place.shape : undefined;
    }
    return undefined;
  }

  /** Forgets all shapes, when there is no room for more. */
  clearWhenFull(): void {
    if (this.#nodes < MAX_NODES) return;
    this.#root = node(undefined, undefined);
    this.#nodes = 0;
  }

  /** The member whose name stands at `at`. Names that come often come first. */
  #edge({ edges }: JsonNode, bytes: Uint8Array, at: number, to: number): Edge | undefined {
    for (let index = 0; index < edges.length; index += 1) {
      const edge = edges[index];
      if (!edge) continue;
      const end = at + edge.name.length;
      if (bytes[end] !== QUOTE || !isSame(edge.name, bytes, at, end)) continue;
      if (index > 0) {
        edges[index] = edges[index - 1] ?? edge;
        edges[index - 1] = edge;
      }
      return edge;
    }
    return this.#newEdge(edges, bytes, at, to);
  }

  #newEdge(edges: Edge[], bytes: Uint8Array, at: number, to: number): Edge | undefined {
    let end = at;
    let found = 0;
    for (; end < to && bytes[end] !== QUOTE; end += 1) found |= SIGNS[bytes[end] ?? 0] ?? 0;
    if (end >= to || (found & (ESCAPED | FORBIDDEN)) !== 0 || end - at > MAX_NAME_LENGTH) return undefined;
    if (edges.length >= MAX_EDGES || this.#nodes >= MAX_NODES) return undefined;
    this.#nodes += 1;
    const name = bytes.slice(at, end);
    const edge: Edge = { name, text: String.fromCharCode(...name), next: new Array(KINDS).fill(undefined) };
    edges.push(edge);
    return edge;
  }

  /** Notes the value that begins where the scanner stands; gives its kind, or -1. */
  #value(bytes: Uint8Array, to: number, index: number): number {
    const first = bytes[this.#at] ?? 0;
    if (first === QUOTE) return this.#string(bytes, to, index);
    if (first === MINUS || (first >= ZERO && first <= NINE)) return this.#number(bytes, first, index);
    for (const { kind, bytes: word } of WORDS) {
      const end = this.#at + word.length;
      if (first === word[0] && end <= to && isSame(word, bytes, this.#at, end))
        return this.#note(index, this.#at, end, 0, end, kind);
    }
    return -1;
  }

  #string(bytes: Uint8Array, to: number, index: number): number {
    const start = this.#at + 1;
    let at = start;
    let found = 0;
    for (;;) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) break;
      const sign = SIGNS[byte] ?? 0;
      found |= sign;
      at += (sign & ESCAPED) + 1 - ((sign & ESCAPED) >> 1);
      if (at >= to) return -1;
    }
    if ((found & FORBIDDEN) !== 0) return -1;
    // White space alone is told from a text by the ordinary way.
    const filled = at > start;
    if (filled && bytes[start] === SPACE) return -1;
    return this.#note(index, start, at, found, at + 1, filled ? STRING : EMPTY);
  }

  /** `-12`, `0`, `1.5`; numbers in other forms are left to the ordinary way. */
  #number(bytes: Uint8Array, first: number, index: number): number {
    const start = this.#at;
    let at = first === MINUS ? start + 1 : start;
    const digits = at;
    while (isDigit(bytes[at] ?? 0)) at += 1;
    if (at === digits || (bytes[digits] === ZERO && at > digits + 1)) return -1;
    let kind = INT;
    if (bytes[at] === POINT) {
      const from = at + 1;
      for (at = from; isDigit(bytes[at] ?? 0); ) at += 1;
      if (at === from) return -1;
      kind = DOUBLE;
    }
    const sign = bytes[at];
    if (sign !== COMMA && sign !== CLOSE_BRACE) return -1;
    return this.#note(index, start, at, 0, at, kind);
  }

  #note(index: number, start: number, end: number, signs: number, behind: number, kind: number): number {
    this.starts[index] = start;
    this.ends[index] = end;
    this.signs[index] = signs;
    this.kinds[index] = kind;
    this.#at = behind;
    return kind;
  }

  #shapeAt(end: JsonNode): JsonShape {
    const names: string[] = [];
    for (let place: JsonNode | undefined = end; place?.edge; place = place.before) names.push(place.edge.text);
    names.reverse();
    const controls = names.flatMap((name, token) => {
      const control = this.#findControl('fields', name);
      return control ? [{ token, control }] : [];
    });
    return { names, controls, root: newClass(), usable: new Set(names).size === names.length };
  }
}

/** Whether bytes may be one JSON object: the first and the last sign are its braces. */
export function looksLikeObject(bytes: Uint8Array, from: number, to: number): boolean {
  return bytes[from] === OPEN_BRACE && bytes[to - 1] === CLOSE_BRACE;
}

/** Kinds as the tests of the tables know them. */
export function kindOf(kind: number): 'string' | 'int' | 'double' | 'boolean' | 'null' {
  if (kind === STRING || kind === EMPTY) return 'string';
  if (kind === INT) return 'int';
  if (kind === DOUBLE) return 'double';
  return kind === NULL ? 'null' : 'boolean';
}

function node(before: JsonNode | undefined, edge: Edge | undefined): JsonNode {
  return { before, edge, edges: [], shape: undefined };
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}
