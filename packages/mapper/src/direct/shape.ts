import type { FieldSpace, SourceKind } from '@cryptrail/catalogue';
import { flat } from '../flat.ts';
import type { Issue } from '../issue.ts';
import type { FieldValue, RawRecord } from '../records.ts';
import type { FieldControl, FindControl } from './controls.ts';
import type { ClassNode } from './record-class.ts';

/** One value of a record, by its place. */
export interface Token {
  readonly space: FieldSpace;
  readonly name: string;
}

/** Records with the same names in the same order, whose values have the same kinds and are empty in the same places, and of which the same is to be reported. */
export interface Shape {
  readonly tokens: readonly Token[];
  /** Values on which it depends what becomes of the record. */
  readonly controls: readonly { readonly token: number; readonly control: FieldControl }[];
  readonly root: ClassNode;
  readonly issues: readonly Issue[];
}

const KINDS: Readonly<Record<SourceKind, number>> = {
  text: 0,
  string: 1,
  int: 2,
  double: 3,
  boolean: 4,
  null: 5,
  object: 6,
  array: 7,
};
/** How full a text can be: not at all, with white space only, with something. */
const FILLINGS = 3;

/** Where a value stands among others; -1 when it is not there. */
export function indexOfToken(tokens: readonly Token[], space: FieldSpace, name: string): number {
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.name === name && token.space === space) return at;
  }
  return -1;
}

/** A place between two names of a shape. */
interface Node {
  readonly before: Node | undefined;
  readonly token: Token | undefined;
  next: Map<string, Node[]> | undefined;
  details: Node | undefined;
  layout: Node | undefined;
  /** By what was found while it was read. */
  reported: Map<string, Node> | undefined;
  shape: Shape | undefined;
}

/** Finds the shapes of the records of one format. */
export interface ShapeFinder {
  /** Adds the values to `values`, in the order of the tokens. Undefined when there is no room for another shape, or when the record has too much. */
  find(record: RawRecord, values: FieldValue[]): Shape | undefined;
  /** Forgets all shapes. */
  clear(): void;
}

/** A source has a few hundred; whoever makes up names has no shapes kept for him. */
const MAX_NODES = 20_000;
const MAX_NAME_LENGTH = 128;
const MAX_REPORT_LENGTH = 512;

/** Keeps the shapes of one format. */
export function createShapeFinder(findControl: FindControl): ShapeFinder {
  let root = nodeBehind(undefined, undefined);
  let nodes = 0;

  function step(node: Node, space: FieldSpace, name: string, value: FieldValue): Node | undefined {
    const index = KINDS[value.kind] * FILLINGS + fillingOfText(value.text);
    const known = node.next?.get(name);
    const next = known?.[index];
    if (next) return next;
    if (nodes >= MAX_NODES || name.length > MAX_NAME_LENGTH) return undefined;
    nodes += 1;
    const own = flat(name);
    const made = nodeBehind(node, { space, name: own });
    if (known) known[index] = made;
    else {
      const list: Node[] = [];
      list[index] = made;
      node.next ??= new Map();
      node.next.set(own, list);
    }
    return made;
  }

  function walk(from: Node, space: FieldSpace, named: RawRecord['fields'], values: FieldValue[]): Node | undefined {
    let node: Node | undefined = from;
    named.forEach((value, name) => {
      values.push(value);
      if (node) node = step(node, space, name, value);
    });
    return node;
  }

  function walkLayout(from: Node, layout: NonNullable<RawRecord['layout']>, values: FieldValue[]): Node | undefined {
    let node: Node | undefined = from;
    for (const [name, text] of Object.entries(layout)) {
      const value: FieldValue = { kind: 'text', text };
      values.push(value);
      if (node) node = step(node, 'layout', name, value);
    }
    return node;
  }

  function report(node: Node, issues: readonly Issue[]): Node | undefined {
    const key = issues.map(({ code, message }) => `${code}: ${message}`).join('\n');
    node.reported ??= new Map();
    const known = node.reported.get(key);
    if (known || nodes >= MAX_NODES || key.length > MAX_REPORT_LENGTH) return known;
    nodes += 1;
    const made = nodeBehind(node, undefined);
    node.reported.set(key, made);
    return made;
  }

  return {
    find({ fields, details, layout, issues }, values) {
      let node = walk(root, 'fields', fields, values);
      if (node && layout) {
        node.layout ??= nodeBehind(node, undefined);
        node = walkLayout(node.layout, layout, values);
      }
      if (node && details.size > 0) {
        node.details ??= nodeBehind(node, undefined);
        node = walk(node.details, 'details', details, values);
      }
      if (node && issues.length > 0) node = report(node, issues);
      if (node) node.shape ??= shapeAt(node, findControl, issues);
      return node?.shape;
    },
    clear() {
      root = nodeBehind(undefined, undefined);
      nodes = 0;
    },
  };
}

function nodeBehind(before: Node | undefined, token: Token | undefined): Node {
  return {
    before,
    token,
    next: undefined,
    details: undefined,
    layout: undefined,
    reported: undefined,
    shape: undefined,
  };
}

function shapeAt(end: Node, findControl: FindControl, issues: readonly Issue[]): Shape {
  const tokens: Token[] = [];
  for (let node: Node | undefined = end; node; node = node.before) if (node.token) tokens.push(node.token);
  tokens.reverse();
  const controls: { token: number; control: FieldControl }[] = [];
  tokens.forEach(({ space, name }, token) => {
    const control = findControl(space, name);
    if (control) controls.push({ token, control });
  });
  return { tokens, controls, root: { next: undefined, found: undefined }, issues: [...issues] };
}

/** How full a text is: 0 without any sign, 1 with white space only, 2 with something to see in it. */
export function fillingOfText(text: string): number {
  if (text === '') return 0;
  const first = text.charCodeAt(0);
  return (first > 0x20 && first < 0x7f) || text.trim() !== '' ? 2 : 1;
}
