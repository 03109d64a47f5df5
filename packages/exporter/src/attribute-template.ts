/**
 * V8 keeps an object to which more than a dozen members are added one by one as a table, whose members take several times as long to list. A copy of an object that was parsed
 * has none of that, and SDKs list the attributes of a record again and again.
 */

/** Names of attributes in their order, as far as they go. */
export interface TemplateNode {
  /** The last of them as it was given, and all as they may be sent. */
  readonly name: string;
  readonly names: readonly string[];
  readonly next: Map<string, TemplateNode>;
  /** The way that was gone last. */
  last: TemplateNode | undefined;
  template: Readonly<Record<string, unknown>> | undefined;
}

/** A product has some hundred kinds of records; whoever makes up names has the templates made anew. */
const MAX_NODES = 4096;
const MAX_NAME_LENGTH = 128;

let root = nodeOf('', []);
let nodes = 0;

/** Where the names of a record begin. */
export function firstNode(): TemplateNode {
  if (nodes >= MAX_NODES) {
    root = nodeOf('', []);
    nodes = 0;
  }
  return root;
}

/** One name more. What is too long to be kept is found by nobody else. */
export function nextNode(node: TemplateNode, name: string): TemplateNode {
  if (node.last?.name === name) return node.last;
  const known = node.next.get(name);
  if (known) {
    node.last = known;
    return known;
  }
  const made = nodeOf(copyOf(name), [...node.names, name.toWellFormed()]);
  if (name.length <= MAX_NAME_LENGTH && nodes < MAX_NODES) {
    nodes += 1;
    node.next.set(made.name, made);
  }
  return made;
}

/** A new object with these values under the names of a node. */
export function fillTemplate<Value>(node: TemplateNode, values: readonly Value[]): Record<string, Value> {
  const { names } = node;
  node.template ??= parse(names);
  const made = { ...node.template } as Record<string, Value>;
  for (let at = 0; at < names.length; at += 1) {
    const [name, value] = [names[at], values[at]];
    if (name !== undefined && value !== undefined) made[name] = value;
  }
  return made;
}

function nodeOf(name: string, names: readonly string[]): TemplateNode {
  return { name, names, next: new Map(), last: undefined, template: undefined };
}

/** Also `__proto__` becomes a member of its own. */
function parse(names: readonly string[]): Record<string, unknown> {
  return JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:null`).join()}}`);
}

/** The same name without the line that it may be part of. */
function copyOf(name: string): string {
  return JSON.parse(JSON.stringify(name));
}
