import { flat } from '../flat.ts';
import type { FieldValue } from '../records.ts';
import type { RecordPlan } from './record-plan.ts';
import type { Shape } from './shape.ts';

/** Records of one shape that agree so far in the values that decide. */
export interface ClassNode {
  next: Map<string | number, ClassNode> | undefined;
  found: RecordClass | undefined;
}

/** Records of one shape that agree in all values that decide. What becomes of them differs in the other values only. */
export interface RecordClass {
  /** Undefined: nothing was planned yet; null: they go the ordinary way. */
  plan: RecordPlan | null | undefined;
  /** Records by which no plan could be proved, because they were no plain ones. */
  failures: number;
  /** Plans by message, where the message makes the event. */
  byMessage: Map<string, RecordPlan | null> | undefined;
}

/** A control can have this many values until its records go the ordinary way. */
const MAX_VALUES = 4096;
const MAX_CONTROL_LENGTH = 128;

/** The class of a record; undefined when there is no room for it. */
export function classOf({ controls, root }: Shape, values: readonly FieldValue[]): RecordClass | undefined {
  let node = root;
  for (let at = 0; at < controls.length; at += 1) {
    const { token = -1, control } = controls[at] ?? {};
    const value = values[token];
    if (!value || !control) return undefined;
    if (control.identity) {
      if (value.text.length > MAX_CONTROL_LENGTH) return undefined;
      const next = node.next?.get(value.text) ?? addNode(node, flat(value.text));
      if (!next) return undefined;
      node = next;
      // The same text gives the same answers.
    } else if (control.tests.length > 0) {
      let bits = 0;
      if (value.kind !== 'null') for (const test of control.tests) bits = bits * 2 + (test(value) ? 1 : 0);
      const next = node.next?.get(bits) ?? addNode(node, bits);
      if (!next) return undefined;
      node = next;
    }
  }
  node.found ??= { plan: undefined, failures: 0, byMessage: undefined };
  return node.found;
}

function addNode(node: ClassNode, key: string | number): ClassNode | undefined {
  node.next ??= new Map();
  if (node.next.size >= MAX_VALUES) return undefined;
  const made: ClassNode = { next: undefined, found: undefined };
  node.next.set(key, made);
  return made;
}
