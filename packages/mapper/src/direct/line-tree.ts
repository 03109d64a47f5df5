import { isSame } from '../bytes.ts';
import type { Issue } from '../issue.ts';
import {
  BEYOND,
  ESCAPED,
  ESCAPED_SIGNS,
  type FindLineControl,
  FORBIDDEN,
  type LineShape,
  PLAIN_SIGNS,
} from './line-scanner.ts';
import type { Token } from './shape.ts';
import { isUtf8, utf8Text } from './utf8.ts';

/** A name that was met behind others, and where it leads for each variant of its value. */
export interface TreeEdge {
  readonly name: Uint8Array;
  readonly token: Token;
  readonly next: (TreePlace | undefined)[];
}

/** A place between two values of a line. */
export interface TreePlace {
  readonly before: TreePlace | undefined;
  readonly edge: TreeEdge | undefined;
  readonly edges: TreeEdge[];
  /** The names that were met last, by their first signs. */
  readonly guesses: (TreeEdge | undefined)[];
  shape: LineShape | undefined;
}

/** Places that are remembered, names behind one place, and the longest name. */
const MAX_NODES = 20_000;
const MAX_EDGES = 64;
const MAX_NAME_LENGTH = 128;
const GUESSES = 16;

/** The names that details with these keys have, and what there is to report of such lines. */
export type NameDetails = (keys: readonly string[]) => {
  readonly names: readonly string[];
  readonly issues: readonly Issue[];
};

/** Remembers in what order the names of lines stand, and makes shapes of it. Memory is bounded: whoever makes up names has no shapes kept for him. */
export class LineTree {
  root: TreePlace = place(undefined, undefined);
  #nodes = 0;
  readonly #findControl: FindLineControl;
  readonly #refused: number;
  readonly #nameDetails: NameDetails | undefined;

  /**
   * @param signs What names may hold beside ASCII: {@link BEYOND}, where it does not matter for the line that they do.
   * @param nameDetails Undefined where details have the names that stand in the line, and lines in which one stands twice are not for this way.
   */
  constructor(findControl: FindLineControl, signs = 0, nameDetails?: NameDetails) {
    this.#findControl = findControl;
    this.#nameDetails = nameDetails;
    this.#refused = (ESCAPED | BEYOND | FORBIDDEN) & ~signs;
  }

  /** The name that stands at `at` and ends before the byte `end`. Undefined when it is none for this way. */
  named(
    place: TreePlace,
    bytes: Uint8Array,
    at: number,
    to: number,
    end: number,
    space: Token['space'],
  ): TreeEdge | undefined {
    const sum = (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 3 + (bytes[at + 2] ?? 0) * 5 + (bytes[at + 3] ?? 0) * 7;
    const guess = place.guesses[sum & (GUESSES - 1)];
    if (guess && isNamed(guess, bytes, at, end, space)) return guess;
    const edge = findNamed(place.edges, bytes, at, end, space) ?? this.#newEdge(place.edges, bytes, at, to, end, space);
    if (edge) place.guesses[sum & (GUESSES - 1)] = edge;
    return edge;
  }

  /** The same for a name whose end is known, and which may hold any sign of ASCII. */
  spelled(place: TreePlace, bytes: Uint8Array, at: number, stop: number, space: Token['space']): TreeEdge | undefined {
    const sum = (bytes[at] ?? 0) + (bytes[stop - 1] ?? 0) * 3 + (stop - at) * 5 + (bytes[at + 3] ?? 0) * 7;
    const guess = place.guesses[sum & (GUESSES - 1)];
    if (guess && guess.token.space === space && isSame(guess.name, bytes, at, stop)) return guess;
    const { edges } = place;
    const edge = findSpelled(edges, bytes, at, stop, space) ?? this.#spelledEdge(edges, bytes, at, stop, space);
    if (edge) place.guesses[sum & (GUESSES - 1)] = edge;
    return edge;
  }

  #spelledEdge(
    edges: TreeEdge[],
    bytes: Uint8Array,
    at: number,
    stop: number,
    space: Token['space'],
  ): TreeEdge | undefined {
    let found = 0;
    for (let index = at; index < stop; index += 1) found |= PLAIN_SIGNS[bytes[index] ?? 0] ?? 0;
    return (found & (BEYOND | FORBIDDEN)) === 0 ? this.#addEdge(edges, bytes, at, stop, space) : undefined;
  }

  /** A value whose name follows from its place, e.g. a column. Such a place has no other names. */
  known({ edges }: TreePlace, token: Token): TreeEdge {
    const [first] = edges;
    if (first) return first;
    const made: TreeEdge = { name: NO_NAME, token, next: [] };
    edges.push(made);
    return made;
  }

  /** The place behind a value. `variant`: a small number for all that counts for the shape: its kind, how full it is. Undefined when there is no room. */
  next(before: TreePlace, edge: TreeEdge, variant: number): TreePlace | undefined {
    const known = edge.next[variant];
    if (known) return known;
    if (this.#nodes >= MAX_NODES) return undefined;
    this.#nodes += 1;
    const made = place(before, edge);
    edge.next[variant] = made;
    return made;
  }

  /** The shape of the lines that end here; undefined when they are not for this way. */
  shapeAt(end: TreePlace): LineShape | undefined {
    end.shape ??= this.shapeBehind([], end);
    return end.shape.usable ? end.shape : undefined;
  }

  /** Forgets everything when there is no room for more. */
  tidy(): void {
    if (this.#nodes < MAX_NODES) return;
    this.root = place(undefined, undefined);
    this.#nodes = 0;
  }

  #newEdge(
    edges: TreeEdge[],
    bytes: Uint8Array,
    at: number,
    to: number,
    end: number,
    space: Token['space'],
  ): TreeEdge | undefined {
    let stop = at;
    let found = 0;
    for (; stop < to && bytes[stop] !== end; stop += 1) found |= ESCAPED_SIGNS[bytes[stop] ?? 0] ?? 0;
    if (stop >= to || (found & this.#refused) !== 0) return undefined;
    return this.#addEdge(edges, bytes, at, stop, space);
  }

  #addEdge(
    edges: TreeEdge[],
    bytes: Uint8Array,
    at: number,
    stop: number,
    space: Token['space'],
  ): TreeEdge | undefined {
    if (stop - at > MAX_NAME_LENGTH) return undefined;
    if (edges.length >= MAX_EDGES || this.#nodes >= MAX_NODES) return undefined;
    if (!isUtf8(bytes, at, stop)) return undefined;
    this.#nodes += 1;
    const name = bytes.slice(at, stop);
    const edge: TreeEdge = { name, token: { space, name: utf8Text(name, 0, name.length) }, next: [] };
    edges.push(edge);
    return edge;
  }

  /** A shape of its own for lines with these values before those that lead to a place. */
  shapeBehind(before: readonly Token[], end: TreePlace): LineShape {
    const tokens: Token[] = [];
    for (let at: TreePlace | undefined = end; at?.edge; at = at.before) tokens.push(at.edge.token);
    return makeShape([...before, ...tokens.reverse()], this.#findControl, this.#nameDetails);
  }
}

let shapes = 0;

/** A shape of its own for lines with these values. */
function makeShape(
  given: readonly Token[],
  findControl: FindLineControl,
  nameDetails: NameDetails | undefined,
): LineShape {
  const told = nameDetails?.(given.filter(isDetail).map(({ name }) => name));
  const tokens = told ? renamed(given, told.names) : given;
  const controls = tokens.flatMap(({ space, name }, token) => {
    const control = findControl(space, name);
    return control && (control.identity || control.tests.length > 0) ? [{ token, control }] : [];
  });
  const names = new Set(tokens.map(({ space, name }) => `${space}:${name}`));
  shapes += 1;
  return { id: shapes, tokens, controls, usable: names.size === tokens.length, issues: told?.issues ?? [] };
}

function isDetail({ space }: Token): boolean {
  return space === 'details';
}

/** The tokens with these names for the details, in their order. */
function renamed(tokens: readonly Token[], names: readonly string[]): Token[] {
  let next = 0;
  return tokens.map((token) => (isDetail(token) ? { ...token, name: names[next++] ?? token.name } : token));
}

const NO_NAME = new Uint8Array();

function place(before: TreePlace | undefined, edge: TreeEdge | undefined): TreePlace {
  return { before, edge, edges: [], guesses: new Array(GUESSES).fill(undefined), shape: undefined };
}

// Searches stand apart from what they are searched for: a closure costs memory for each call of the function that it stands in.

function findNamed(
  edges: readonly TreeEdge[],
  bytes: Uint8Array,
  at: number,
  end: number,
  space: Token['space'],
): TreeEdge | undefined {
  return edges.find((edge) => isNamed(edge, bytes, at, end, space));
}

function findSpelled(
  edges: readonly TreeEdge[],
  bytes: Uint8Array,
  at: number,
  stop: number,
  space: Token['space'],
): TreeEdge | undefined {
  return edges.find(({ token, name }) => token.space === space && isSame(name, bytes, at, stop));
}

function isNamed(
  { name, token }: TreeEdge,
  bytes: Uint8Array,
  at: number,
  end: number,
  space: Token['space'],
): boolean {
  const stop = at + name.length;
  return bytes[stop] === end && token.space === space && isSame(name, bytes, at, stop);
}
