/** Gathers a text from pieces. */
export interface TextBuilder {
  add(piece: string): void;
  /** What was gathered. */
  text(): string;
}

/** Pieces kept apart: millions of short texts cost many times their length. */
const MAX_PIECES = 8192;

/** Starts an empty text. Pieces are joined now and then, so memory stays near the length of the text however small they are. */
export function createTextBuilder(): TextBuilder {
  let done = '';
  let pieces: string[] = [];
  return {
    add(piece) {
      if (pieces.length >= MAX_PIECES) {
        done += pieces.join('');
        pieces = [];
      }
      pieces.push(piece);
    },
    text: () => done + pieces.join(''),
  };
}
