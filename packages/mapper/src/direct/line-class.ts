import type { FieldValue } from '../records.ts';
import type { ByteCache } from './byte-cache.ts';
import type { RecordPlan } from './record-plan.ts';

/** Lines of one shape that agree so far in the values that decide. */
export interface LineClass {
  readonly byBytes: Map<number, ClassEdge[]>;
  readonly byBits: Map<number, LineClass>;
  /** Where the line before went. */
  last: ClassEdge | undefined;
  /** Undefined: the ordinary way has not told yet; null: it is the only one. */
  plan: RecordPlan | null | undefined;
  messages: LineMessages | undefined;
}

/** A value that decides, and where it leads. */
export interface ClassEdge {
  readonly key: Uint8Array;
  readonly to: LineClass;
}

/** What the messages of a class make of its lines. */
export interface LineMessages {
  readonly token: number;
  readonly known: ByteCache<LearntLine>;
}

/** What the ordinary way found out about a line. */
export interface LearntLine {
  readonly plan: RecordPlan | null;
  /** Texts captured out of the message, behind the other values. */
  readonly captured: readonly FieldValue[];
}

/** A class of which nothing is known yet. */
export function newClass(): LineClass {
  return { byBytes: new Map(), byBits: new Map(), last: undefined, plan: undefined, messages: undefined };
}
