import type { Frame, Position } from '../records.ts';

/** A line in the bytes it was read from. Few lines are asked for their bytes, so that they are cut out only then. */
class ReadFrame implements Frame {
  readonly text: string;
  readonly position: Position;
  readonly byteLength: number;
  readonly #chunk: Uint8Array;
  readonly #start: number;
  readonly #end: number;

  constructor(text: string, position: Position, byteLength: number, chunk: Uint8Array, start: number, end: number) {
    this.text = text;
    this.position = position;
    this.byteLength = byteLength;
    this.#chunk = chunk;
    this.#start = start;
    this.#end = end;
  }

  get bytes(): Uint8Array {
    return this.#chunk.subarray(this.#start, this.#end);
  }
}

/** A text that stands by itself, in no input. */
export function frameOf(text: string): Frame {
  return { text, position: { number: 1 }, byteLength: text.length };
}

/** A whole line out of bytes that nobody changes any more. */
export function readFrame(
  text: string,
  position: Position,
  byteLength: number,
  chunk: Uint8Array,
  start: number,
  end: number,
): Frame {
  return new ReadFrame(text, position, byteLength, chunk, start, end);
}

/** A frame like another one but for what is given. */
export function changedFrame(frame: Frame, changes: Partial<Frame>): Frame {
  const { bytes } = frame;
  return bytes === undefined ? { ...frame, ...changes } : { ...frame, bytes, ...changes };
}
