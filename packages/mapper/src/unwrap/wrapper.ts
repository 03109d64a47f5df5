import { changedFrame } from '../decode/read-frame.ts';
import type { Frame, Layout, Outer } from '../records.ts';

/** A line inside a wrapper: what the product wrote, and what the wrapper said of it. */
export interface Unwrapped {
  readonly text: string;
  readonly outer?: Outer;
  /** The wrapper is a logging layout of its own (JSON formatters). */
  readonly layout?: Layout;
  /** Lines of one key belong together, e.g. the standard error of one container. */
  readonly stream?: string;
  /** The line goes on in the next one of the same stream. */
  readonly partial?: boolean;
  /** The wrapper says that the text was cut or left out upstream. */
  readonly truncated?: boolean;
  /** There is no text. */
  readonly withheld?: boolean;
  /** The wrapper names the writer: foreign text is kept with it. */
  readonly keepWhole?: boolean;
}

/** The frame with its wrapper taken off; what an inner wrapper says goes before what an outer one said. */
export function unwrapFrame(frame: Frame, unwrapped: Unwrapped): Frame {
  const { text, outer, layout, truncated, withheld, keepWhole } = unwrapped;
  const attributes = new Map([...(frame.outer?.attributes ?? []), ...(outer?.attributes ?? [])]);
  const merged: Outer = { ...frame.outer, ...outer, ...(attributes.size > 0 ? { attributes } : {}) };
  return changedFrame(frame, {
    text,
    unwrapped: true,
    ...(Object.keys(merged).length > 0 ? { outer: merged } : {}),
    ...(layout ? { layout } : {}),
    ...(truncated ? { truncated } : {}),
    ...(withheld ? { withheld } : {}),
    ...(keepWhole ? { whole: frame.whole ?? frame.text } : {}),
  });
}
