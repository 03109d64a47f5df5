/** A JSON line that stands as Go would write it: its hashed text is made of pieces of the line. */
export interface GoLine {
  /** The text that is hashed. */
  readonly data: Uint8Array;
  /** The bytes between the quotes of `integrity`. */
  readonly integrity: Uint8Array;
  readonly first: boolean;
  readonly last: boolean;
  /** The bytes between the quotes of `unixTime`. */
  readonly unixTime: Uint8Array | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const DELIMITER = encoder.encode('delimiter');
const INTEGRITY = encoder.encode('integrity');
const CHAIN = encoder.encode('chain');
const MESSAGE = encoder.encode('msg');
const TIME = encoder.encode('unixTime');
const NEW = encoder.encode('"new"');
const END = encoder.encode('"end"');
const END_MESSAGE = encoder.encode('"End of current audit log chain"');
const LITERALS = ['true', 'false', 'null'].map((word) => encoder.encode(word));
/** What is kept for the next line. */
const LARGEST_KEPT = 1024 * 1024;
/** Whole numbers of so many digits are written as they were read. */
const MAX_DIGITS = 15;

/** What a byte is inside a string: 0 plain, 1 begins something beyond ASCII, 2 never stands there in Go's form, 3 an escape, 4 the end. */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === QUOTE) return 4;
  if (byte === BACKSLASH) return 3;
  if (byte < 0x20 || byte === 0x3c || byte === 0x3e || byte === 0x26) return 2;
  return byte < 0x80 ? 0 : 1;
});

/** Where names and values stand in the line: four indexes each. Views on the bytes would cost more than looking at them again. */
const pieces: number[] = [];
let scratch = new Uint8Array(4096);

/**
 * Takes a line apart without reading it as JSON, which most lines allow: one flat object, names in order, everything spelled as Go spells it, so
 * that no value changes when Go reads and writes it. Undefined for any other line, also for a broken one.
 */
export function readGoLine(line: Uint8Array): GoLine | undefined {
  if (line[0] !== OPEN || line[line.length - 1] !== CLOSE) return undefined;
  const beyondAscii = cut(line);
  if (beyondAscii === undefined || (beyondAscii && !isGoText(line))) return undefined;
  const integrity = find(line, INTEGRITY);
  if (integrity === -1) return undefined;
  const from = pieces[integrity + 2] ?? 0;
  const to = pieces[integrity + 3] ?? 0;
  if (line[from] !== QUOTE || plainEnd(line, from + 1) !== to - 1) return undefined;
  const chain = find(line, CHAIN);
  const first = holds(line, chain, NEW);
  const time = find(line, TIME);
  const timeFrom = pieces[time + 2] ?? 0;
  const isText = time !== -1 && line[timeFrom] === QUOTE;
  return {
    data: join(line, integrity, first ? chain : -1),
    integrity: line.subarray(from + 1, to - 1),
    first,
    last: holds(line, chain, END) && holds(line, find(line, MESSAGE), END_MESSAGE),
    unixTime: isText ? line.subarray(timeFrom + 1, (pieces[time + 3] ?? 0) - 1) : undefined,
  };
}

/** Finds the pieces. Undefined for what is not Go's; else whether more than ASCII is among them. */
function cut(line: Uint8Array): boolean | undefined {
  pieces.length = 0;
  let beyondAscii = false;
  let at = 1;
  for (;;) {
    if (line[at] !== QUOTE) return undefined;
    const nameEnd = plainEnd(line, at + 1);
    if (nameEnd === -1 || line[nameEnd + 1] !== COLON) return undefined;
    // Equal names, and names in another order, are for the reader that knows what Go makes of them.
    if (pieces.length > 0 && !isBehind(line, at + 1, nameEnd)) return undefined;
    const from = nameEnd + 2;
    let to = line[from] === QUOTE ? stringEnd(line, from + 1) : bareEnd(line, from);
    if (to === -1) return undefined;
    if (to < 0) {
      beyondAscii = true;
      to = -to;
    }
    pieces.push(at + 1, nameEnd, from, to);
    if (line[to] === CLOSE && to === line.length - 1) return beyondAscii;
    if (line[to] !== COMMA) return undefined;
    at = to + 1;
  }
}

/** Whether a name stands behind the last piece's in the order of bytes. */
function isBehind(line: Uint8Array, from: number, to: number): boolean {
  const lastFrom = pieces[pieces.length - 4] ?? 0;
  const lastTo = pieces[pieces.length - 3] ?? 0;
  const length = Math.min(to - from, lastTo - lastFrom);
  for (let at = 0; at < length; at += 1) {
    const difference = (line[from + at] ?? 0) - (line[lastFrom + at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return to - from > lastTo - lastFrom;
}

/** Where the piece with this name begins in the list; -1 when there is none. */
function find(line: Uint8Array, name: Uint8Array): number {
  for (let piece = 0; piece < pieces.length; piece += 4)
    if (standsAt(line, pieces[piece] ?? 0, pieces[piece + 1] ?? 0, name)) return piece;
  return -1;
}

/** Whether a piece has this value. */
function holds(line: Uint8Array, piece: number, value: Uint8Array): boolean {
  return piece !== -1 && standsAt(line, pieces[piece + 2] ?? 0, pieces[piece + 3] ?? 0, value);
}

function standsAt(line: Uint8Array, from: number, to: number, text: Uint8Array): boolean {
  if (to - from !== text.length) return false;
  for (let at = 0; at < text.length; at += 1) if (line[from + at] !== text[at]) return false;
  return true;
}

/** Index of the quote that ends a string of plain ASCII; -1 when it is none. */
function plainEnd(line: Uint8Array, from: number): number {
  for (let at = from; at < line.length; at += 1) {
    const kind = KINDS[line[at] ?? 0];
    if (kind === 4) return at;
    if (kind !== 0) return -1;
  }
  return -1;
}

/** Index behind the string whose first sign stands at `from`; negative when it holds more than ASCII; -1 when Go would spell it otherwise. */
function stringEnd(line: Uint8Array, from: number): number {
  let ascii = true;
  for (let at = from; at < line.length; at += 1) {
    const kind = KINDS[line[at] ?? 0];
    if (kind === 0) continue;
    if (kind === 4) return ascii ? at + 1 : -(at + 1);
    if (kind === 2) return -1;
    if (kind === 1) ascii = false;
    else {
      const length = escapeLength(line, at + 1);
      if (length === 0) return -1;
      at += length;
    }
  }
  return -1;
}

const SHORT = new Set(encoder.encode('"\\nrt'));
/** Signs that Go writes as `\u00XX`: controls without a letter of their own but U+0008 and U+000C, which versions of Go write in two ways, and HTML's. */
const LONG = new Set(
  [
    ...Array.from({ length: 0x20 }, (_, code) => code).filter((code) => ![8, 9, 10, 12, 13].includes(code)),
    0x3c,
    0x3e,
    0x26,
  ]
    .map((code) => code.toString(16).padStart(4, '0'))
    .concat('2028', '2029'),
);

/** Signs behind the backslash; 0 when Go would write the sign otherwise. */
function escapeLength(line: Uint8Array, at: number): number {
  const sign = line[at] ?? 0;
  if (SHORT.has(sign)) return 1;
  if (sign !== 0x75 || at + 4 >= line.length) return 0;
  return LONG.has(String.fromCharCode(...line.subarray(at + 1, at + 5))) ? 5 : 0;
}

/** Index behind a whole number or a word; -1 for everything else. */
function bareEnd(line: Uint8Array, from: number): number {
  let at = from;
  while (at < line.length && isDigit(line[at])) at += 1;
  if (at > from) {
    const isWhole = at - from <= MAX_DIGITS && (line[from] !== 0x30 || at === from + 1);
    return isWhole ? at : -1;
  }
  for (const word of LITERALS) if (standsAt(line, from, from + word.length, word)) return from + word.length;
  return -1;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** UTF-8 without the two separators, which Go escapes. */
function isGoText(line: Uint8Array): boolean {
  try {
    const text = strict.decode(line);
    return !text.includes('\u2028') && !text.includes('\u2029');
  } catch {
    return false;
  }
}

/** `delimiter` NAME `delimiter` VALUE `delimiter` for each piece but two. */
function join(line: Uint8Array, but: number, orBut: number): Uint8Array {
  const most = line.length + (pieces.length / 4) * 3 * DELIMITER.length;
  if (scratch.length < most) scratch = new Uint8Array(most);
  let to = 0;
  for (let piece = 0; piece < pieces.length; piece += 4) {
    if (piece === but || piece === orBut) continue;
    to = put(DELIMITER, 0, DELIMITER.length, to);
    to = put(line, pieces[piece] ?? 0, pieces[piece + 1] ?? 0, to);
    to = put(DELIMITER, 0, DELIMITER.length, to);
    to = put(line, pieces[piece + 2] ?? 0, pieces[piece + 3] ?? 0, to);
    to = put(DELIMITER, 0, DELIMITER.length, to);
  }
  const data = scratch.slice(0, to);
  if (scratch.length > LARGEST_KEPT) scratch = new Uint8Array(4096);
  return data;
}

/** Byte by byte: the pieces are short. */
function put(bytes: Uint8Array, from: number, to: number, at: number): number {
  for (let index = from; index < to; index += 1) scratch[at + index - from] = bytes[index] ?? 0;
  return at + to - from;
}
