import { grown } from '../bytes.ts';
import type { Issue } from '../issue.ts';
import { ByteCache } from './byte-cache.ts';
import { answersOf } from './controls.ts';
import {
  BEYOND,
  ESCAPED,
  ESCAPED_SIGNS,
  type FindLineControl,
  FORBIDDEN,
  type LineControl,
  type LineShape,
  PLAIN_SIGNS,
} from './line-scanner.ts';
import type { Token } from './shape.ts';
import { isUtf8, utf8Text } from './utf8.ts';
import { areSame, viewOf, wordsOf } from './words.ts';

/** A name that was met behind others; 0 is none. */
export type TreeEdge = number;

/** A place between two values of a line; 0 is none. */
export type TreePlace = number;

/** Where the names of values stand of which there are several at one place. */
type NameSpace = 'fields' | 'details';

/** Places and names that are remembered, names behind one place, and the longest name. */
const MAX_NODES = 20_000;
const MAX_EDGES = 64;
const MAX_NAME_LENGTH = 128;
/** More than there are variants of a value. */
const VARIANTS = 64;

/** Numbers of a place: the name that was met there last, how many there are, and by which name it was reached. */
const PLACE_SIZE = 4;
const FIRST = 0;
const COUNT = 1;
const REACHED = 2;

/** Numbers of a name: where it stands among all names, another one at the same place, this place, its space, where it led last for which variant of its value, and its signs. */
const EDGE_SIZE = 8;
const NAME = 0;
const LENGTH = 1;
const SIBLING = 2;
const PLACE = 3;
const SPACE = 4;
const VARIANT = 5;
const NEXT = 6;
const SIGNS = 7;

/** The place at which lines begin. */
const ROOT = 1;
const FEW_NODES = 32;
/** Names that are remembered wherever they stand, as a power of two. */
const NAME_BITS = 10;
const FEW_BYTES = 256;

/** The names that details with these keys have, and what there is to report of such lines. */
export type NameDetails = (keys: readonly string[]) => {
  readonly names: readonly string[];
  readonly issues: readonly Issue[];
};

/** The name that is spelled so; undefined when that is none. */
type ReadName = (spelling: string) => string | undefined;

/**
 * Remembers in what order the names of lines stand, and makes shapes of it. All that is looked at for each line are numbers that stand closely together. Memory is bounded: whoever makes up
 * names has no shapes kept for him.
 */
export class LineTree {
  readonly root: TreePlace = ROOT;
  #places = new Int32Array(FEW_NODES * PLACE_SIZE);
  #edges = new Int32Array(FEW_NODES * EDGE_SIZE);
  #names = new Uint8Array(FEW_BYTES);
  #nameWords = viewOf(this.#names);
  #namesEnd = 0;
  #placeCount = ROOT + 1;
  #edgeCount = 1;
  /** What the values are, by name. */
  #tokens: Token[] = [];
  readonly #named = new ByteCache<Token>(NAME_BITS);
  /** Where names lead for variants of their values. */
  #next = new Map<number, TreePlace>();
  /** By place. */
  #shapes: (LineShape | undefined)[] = [];
  readonly #findControl: FindLineControl;
  readonly #refused: number;
  readonly #nameDetails: NameDetails | undefined;
  readonly #readName: ReadName | undefined;

  /**
   * @param signs What names may hold beside ASCII: {@link BEYOND}.
   * @param nameDetails Undefined where details have the names that stand in the line, and lines in which one stands twice are not for this way.
   * @param readName The name that stands there with escapes; undefined where none has any.
   */
  constructor(findControl: FindLineControl, signs = 0, nameDetails?: NameDetails, readName?: ReadName) {
    this.#findControl = findControl;
    this.#nameDetails = nameDetails;
    this.#readName = readName;
    this.#refused = (ESCAPED | BEYOND | FORBIDDEN) & ~(readName ? signs | ESCAPED : signs);
  }

  /** How many bytes a name has. */
  lengthOf(edge: TreeEdge): number {
    return this.#edges[edge * EDGE_SIZE + LENGTH] ?? 0;
  }

  /** The name itself. */
  nameOf(edge: TreeEdge): string {
    return this.#tokens[edge]?.name ?? '';
  }

  /** Whether a name led anywhere yet. */
  hasLed(edge: TreeEdge): boolean {
    return this.#edges[edge * EDGE_SIZE + NEXT] !== 0;
  }

  /** The name that stands at `at` and ends before the byte `end`. Undefined when it is none for this way. */
  named(
    place: TreePlace,
    bytes: Uint8Array,
    at: number,
    to: number,
    end: number,
    space: NameSpace,
  ): TreeEdge | undefined {
    const edges = this.#edges;
    const words = wordsOf(bytes);
    const wanted = numberOf(space);
    let before = 0;
    for (let edge = this.#places[place * PLACE_SIZE + FIRST] ?? 0; edge !== 0; ) {
      const from = edge * EDGE_SIZE;
      const stop = at + (edges[from + LENGTH] ?? 0);
      const name = edges[from + NAME] ?? 0;
      const isNamed = bytes[stop] === end && edges[from + SPACE] === wanted;
      if (isNamed && areSame(words, at, stop, this.#nameWords, name)) return this.#found(place, edge, before);
      before = edge;
      edge = edges[from + SIBLING] ?? 0;
    }
    return this.#newEdge(place, bytes, at, to, end, space);
  }

  /** The same for a name whose end is known, and which may hold any sign. */
  spelled(place: TreePlace, bytes: Uint8Array, at: number, stop: number, space: NameSpace): TreeEdge | undefined {
    const edges = this.#edges;
    const words = wordsOf(bytes);
    const wanted = numberOf(space);
    let before = 0;
    for (let edge = this.#places[place * PLACE_SIZE + FIRST] ?? 0; edge !== 0; ) {
      const from = edge * EDGE_SIZE;
      const name = edges[from + NAME] ?? 0;
      const mayBe = edges[from + LENGTH] === stop - at && edges[from + SPACE] === wanted;
      if (mayBe && areSame(words, at, stop, this.#nameWords, name)) return this.#found(place, edge, before);
      before = edge;
      edge = edges[from + SIBLING] ?? 0;
    }
    return this.#spelledEdge(place, bytes, at, stop, space);
  }

  /** What was met last is looked for first. `before`: what was looked at before it, or 0. */
  #found(place: TreePlace, edge: TreeEdge, before: TreeEdge): TreeEdge {
    if (before === 0) return edge;
    const edges = this.#edges;
    const first = place * PLACE_SIZE + FIRST;
    edges[before * EDGE_SIZE + SIBLING] = edges[edge * EDGE_SIZE + SIBLING] ?? 0;
    edges[edge * EDGE_SIZE + SIBLING] = this.#places[first] ?? 0;
    this.#places[first] = edge;
    return edge;
  }

  #spelledEdge(place: TreePlace, bytes: Uint8Array, at: number, stop: number, space: NameSpace): TreeEdge | undefined {
    let found = 0;
    for (let index = at; index < stop; index += 1) found |= PLAIN_SIGNS[bytes[index] ?? 0] ?? 0;
    return (found & FORBIDDEN) === 0 ? this.#addName(place, bytes, at, stop, space, found) : undefined;
  }

  /** A value whose name follows from its place, e.g. a column. Such a place has no other names. */
  known(place: TreePlace, token: Token): TreeEdge {
    return this.#places[place * PLACE_SIZE + FIRST] || this.#addEdge(place, token, 0, 0, 0);
  }

  /** The place behind a value of this name. `variant`: a small number for all that counts for the shape: its kind, how full it is. Undefined when there is no room. */
  next(edge: TreeEdge, variant: number): TreePlace | undefined {
    const from = edge * EDGE_SIZE;
    if (this.#edges[from + VARIANT] === variant) return this.#edges[from + NEXT];
    const key = edge * VARIANTS + variant;
    const place = this.#next.get(key) ?? this.#addPlace(edge, key);
    if (place === undefined) return undefined;
    this.#edges[from + VARIANT] = variant;
    this.#edges[from + NEXT] = place;
    return place;
  }

  /** The shape of the lines that end here; undefined when they are not for this way, or when they end nowhere. */
  shapeAt(end: TreePlace | undefined): LineShape | undefined {
    if (!end) return undefined;
    const shape = this.#shapes[end] ?? this.shapeBehind([], end);
    this.#shapes[end] = shape;
    return shape.usable ? shape : undefined;
  }

  /** Forgets everything when there is no room for more; says whether it did. */
  tidy(): boolean {
    if (!this.#isFull) return false;
    this.#places.fill(0);
    this.#edges.fill(0);
    this.#namesEnd = 0;
    this.#placeCount = ROOT + 1;
    this.#edgeCount = 1;
    this.#tokens = [];
    this.#next.clear();
    this.#shapes = [];
    return true;
  }

  get #isFull(): boolean {
    return this.#placeCount + this.#edgeCount >= MAX_NODES;
  }

  #newEdge(
    place: TreePlace,
    bytes: Uint8Array,
    at: number,
    to: number,
    end: number,
    space: NameSpace,
  ): TreeEdge | undefined {
    let stop = at;
    let found = 0;
    for (; stop < to && bytes[stop] !== end; stop += 1) {
      const sign = ESCAPED_SIGNS[bytes[stop] ?? 0] ?? 0;
      found |= sign;
      if (sign === ESCAPED) stop += 1;
    }
    if (stop >= to || (found & this.#refused) !== 0) return undefined;
    return this.#addName(place, bytes, at, stop, space, found);
  }

  #addName(
    place: TreePlace,
    bytes: Uint8Array,
    at: number,
    stop: number,
    space: NameSpace,
    signs: number,
  ): TreeEdge | undefined {
    if (stop - at > MAX_NAME_LENGTH || this.#isFull || !isUtf8(bytes, at, stop)) return undefined;
    const token = this.#tokenOf(bytes, at, stop, space, signs);
    if (!token) return undefined;
    if ((this.#places[place * PLACE_SIZE + COUNT] ?? 0) >= MAX_EDGES) return undefined;
    const from = this.#namesEnd;
    const end = from + stop - at;
    if (end > this.#names.length) {
      this.#names = grown(this.#names, end * 2);
      this.#nameWords = viewOf(this.#names);
    }
    this.#names.set(bytes.subarray(at, stop), from);
    this.#namesEnd = end;
    return this.#addEdge(place, token, from, stop - at, signs);
  }

  /** The same names are met at many places. */
  #tokenOf(bytes: Uint8Array, at: number, stop: number, space: NameSpace, signs: number): Token | undefined {
    const seed = numberOf(space);
    const known = this.#named.get(bytes, at, stop, seed);
    if (known) return known;
    const spelling = utf8Text(bytes, at, stop);
    const name = this.#readName && (signs & ESCAPED) !== 0 ? this.#readName(spelling) : spelling;
    if (name === undefined) return undefined;
    const made = { space, name };
    this.#named.set(bytes, at, stop, made, seed);
    return made;
  }

  #addEdge(place: TreePlace, token: Token, name: number, length: number, signs: number): TreeEdge {
    const edge = this.#edgeCount;
    this.#edgeCount += 1;
    const from = edge * EDGE_SIZE;
    if (from >= this.#edges.length) this.#edges = grown(this.#edges, from * 2);
    const first = place * PLACE_SIZE + FIRST;
    const space = token.space === 'fields' || token.space === 'details' ? numberOf(token.space) : 0;
    this.#edges[from + NAME] = name;
    this.#edges[from + LENGTH] = length;
    this.#edges[from + SIBLING] = this.#places[first] ?? 0;
    this.#edges[from + PLACE] = place;
    this.#edges[from + SPACE] = space;
    this.#edges[from + VARIANT] = -1;
    this.#edges[from + NEXT] = 0;
    this.#edges[from + SIGNS] = signs;
    this.#places[first] = edge;
    this.#places[place * PLACE_SIZE + COUNT] = (this.#places[place * PLACE_SIZE + COUNT] ?? 0) + 1;
    this.#tokens[edge] = token;
    return edge;
  }

  #addPlace(edge: TreeEdge, key: number): TreePlace | undefined {
    if (this.#isFull) return undefined;
    const place = this.#placeCount;
    this.#placeCount += 1;
    const from = place * PLACE_SIZE;
    if (from >= this.#places.length) this.#places = grown(this.#places, from * 2);
    this.#places[from + REACHED] = edge;
    this.#next.set(key, place);
    return place;
  }

  /** A shape of its own for lines with these values before those that lead to a place. */
  shapeBehind(before: readonly Token[], end: TreePlace): LineShape {
    const tokens: Token[] = [];
    let signs = 0;
    for (let edge = this.#edgeTo(end); edge !== 0; edge = this.#edgeTo(this.#edges[edge * EDGE_SIZE + PLACE] ?? 0)) {
      const token = this.#tokens[edge];
      if (token) tokens.push(token);
      signs |= this.#edges[edge * EDGE_SIZE + SIGNS] ?? 0;
    }
    return makeShape([...before, ...tokens.reverse()], signs & BEYOND, this.#findControl, this.#nameDetails);
  }

  /** The name by which a place was reached. */
  #edgeTo(place: TreePlace): TreeEdge {
    return this.#places[place * PLACE_SIZE + REACHED] ?? 0;
  }
}

let shapes = 0;

/** A shape of its own for lines with these values. */
function makeShape(
  given: readonly Token[],
  signs: number,
  findControl: FindLineControl,
  nameDetails: NameDetails | undefined,
): LineShape {
  const told = nameDetails?.(given.filter(isDetail).map(({ name }) => name));
  const tokens = told ? renamed(given, told.names) : given;
  const controls: LineControl[] = [];
  const names = new Set<string>();
  tokens.forEach(({ space, name }, token) => {
    names.add(`${space}:${name}`);
    const control = findControl(space, name);
    if (control && (control.identity || control.tests.length > 0))
      controls.push({ token, control, answers: answersOf(control) });
  });
  shapes += 1;
  return { id: shapes, tokens, signs, controls, usable: names.size === tokens.length, issues: told?.issues ?? [] };
}

function isDetail({ space }: Token): boolean {
  return space === 'details';
}

/** The tokens with these names for the details, in their order. */
function renamed(tokens: readonly Token[], names: readonly string[]): Token[] {
  let next = 0;
  return tokens.map((token) => (isDetail(token) ? { ...token, name: names[next++] ?? token.name } : token));
}

/** The number of a space of names. */
function numberOf(space: NameSpace): number {
  return space === 'fields' ? 1 : 2;
}
