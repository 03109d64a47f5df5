const QUOTE = 0x22;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;

/**
 * Where the row ends that begins at `from`: behind its line break, or at `to` when that is the end of the input. -1 while its end has not come. Only bytes
 * below 0x80 count, which are never part of another sign in UTF-8.
 */
export function csvRowEnd(bytes: Uint8Array, from: number, to: number, delimiter: number, ended: boolean): number {
  if (from >= to) return -1;
  for (let at = from; ; at += 1) {
    at = at < to && bytes[at] === QUOTE ? quotedEnd(bytes, at + 1, to, ended) : bareEnd(bytes, at, to, delimiter);
    if (at === -1 || at >= to) return ended ? to : -1;
    if (bytes[at] === LF) return at + 1;
  }
}

function bareEnd(bytes: Uint8Array, from: number, to: number, delimiter: number): number {
  let at = from;
  while (at < to && bytes[at] !== delimiter && bytes[at] !== LF) at += 1;
  return at;
}

/** Index of what follows a quoted cell and the careless text behind it. A quote inside is doubled or stands behind a backslash. */
function quotedEnd(bytes: Uint8Array, from: number, to: number, ended: boolean): number {
  let start = from;
  for (;;) {
    let quote = start;
    while (quote < to && bytes[quote] !== QUOTE) quote += 1;
    if (quote >= to || (quote + 1 >= to && !ended)) return -1;
    if (quote + 1 < to && bytes[quote + 1] === QUOTE) start = quote + 2;
    else if (quote > start && bytes[quote - 1] === BACKSLASH && !closes(bytes, quote + 1, to)) start = quote + 1;
    else {
      let at = quote + 1;
      if (at + 1 < to && bytes[at] === CR && bytes[at + 1] === LF) at += 1;
      while (!closes(bytes, at, to)) at += 1;
      return at;
    }
  }
}

/** What follows a closing quote: a delimiter or the end of the line. */
function closes(bytes: Uint8Array, at: number, to: number): boolean {
  if (at >= to) return true;
  const byte = bytes[at];
  return byte === COMMA || byte === SEMICOLON || byte === TAB || byte === LF || byte === CR;
}
