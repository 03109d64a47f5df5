import { joinBytes, joinInto, NO_BYTES } from '../bytes.ts';
import { forgetBreak, foundBreak } from '../line-break.ts';
import type { Frame, Position } from '../records.ts';
import { createLineDecoder, type TextEncoding } from './encoding.ts';
import { readFrame } from './read-frame.ts';

const LF = 0x0a;
const CR = 0x0d;

/** Room for beginnings of lines that are longer than the one before, and the most that is kept for the next chunk. */
const ROOM_BYTES = 1024;
const MOST_KEPT_BYTES = 1024 * 1024;
/** The most that waits for the lines behind it. */
const MOST_HELD_BYTES = 16_384;

/** Said of a line by {@link LineTaker.take}: only the lines behind those of this chunk can tell where its record ends. */
export const WAITS = -2;

/** Cuts a stream of bytes into lines. Create one per input. */
export interface Framer {
  /** Lines completed by this chunk. The chunk may be reused by the caller afterwards. */
  push(chunk: Uint8Array): Frame[];
  /** Whole lines that wait for those behind them, which have not come for a while. */
  settle(): Frame[];
  /** The same, and the last line when it has no line break. */
  end(): Frame[];
  /** Gives each whole line to `taker` where it stands, and those that it does not take as frames; false, and nothing was read, for encodings in which lines cannot be given so. */
  offer(chunk: Uint8Array, taker: LineTaker): boolean;
  /** Bytes seen so far. */
  readonly bytes: number;
  /** Where the line begins that comes next, or has begun. */
  readonly next: Required<Position>;
  /** The encoding as the lines before this one have told it; undefined: nothing above ASCII was met. */
  encodingBefore(number: number): TextEncoding | undefined;
}

/** Takes lines out of a chunk, in their order. */
export interface LineTaker {
  /**
   * A whole line, without its line break; -1 to get it as a frame instead, {@link WAITS} to have it offered again with the next chunk, else where that which was taken ends: at `end`, or at the end of a later line which must end before `stop` or there; the bytes behind that are none of it.
   * The bytes are the caller's: what is kept of them must be copied.
   */
  take(bytes: Uint8Array, start: number, end: number, stop: number, offset: number, number: number): number;
  /** Takes the lines from `start` on that are like others before them; undefined when the first one, which ends at `end`, is not. `stop`: behind a line break. */
  takeKnown?(
    bytes: Uint8Array,
    start: number,
    end: number,
    stop: number,
    offset: number,
    number: number,
  ): KnownLinesTaken | undefined;
  /** Whether what was taken last is true UTF-8 with more than ASCII in it. */
  tookUtf8(): boolean;
  give(frame: Frame): void;
}

/** Lines that were taken together: where the next one begins, how many they are, and how many of them stand before the first one with true UTF-8 in it, or -1. */
export interface KnownLinesTaken {
  readonly end: number;
  readonly lines: number;
  readonly utf8: number;
}

/** Where lines are taken up, and what those before it have told. */
export interface LineStart extends Required<Position> {
  /** The encoding as {@link Framer.encodingBefore} said. */
  readonly encoding?: TextEncoding;
}

const BEGINNING: LineStart = { offset: 0, number: 1 };

/**
 * Splits at LF only; one CR before it is dropped. Bytes are read in the given encoding, what is not valid becomes U+FFFD. A line over `maxLineBytes` keeps its
 * beginning and is marked truncated; memory stays within the limit. Offsets count every byte, byte order mark and padding included.
 */
export function createFramer(maxLineBytes: number, encoding: TextEncoding = 'utf-8', from = BEGINNING): Framer {
  return encoding === 'utf-8'
    ? createUnitFramer(maxLineBytes, encoding, 1, from)
    : alignPairs(createUnitFramer(maxLineBytes - (maxLineBytes % 2), encoding, 2, from));
}

/** `width`: bytes of one code unit. Chunks begin and end between code units. */
function createUnitFramer(maxLineBytes: number, encoding: TextEncoding, width: 1 | 2, from: LineStart): Framer {
  /** The first line with true UTF-8 in it. */
  let telling = from.encoding === undefined ? Number.POSITIVE_INFINITY : 0;
  const decode = createLineDecoder(encoding, {
    seen: from.encoding !== undefined,
    onSeen: () => {
      telling = number;
    },
  });
  /** Where chunks are joined with the beginnings of their first lines, one chunk after the other. */
  let memory = NO_BYTES;
  /** Whole lines that were offered in vain, and what has come behind them. */
  let held = NO_BYTES;
  let parts: Uint8Array[] = [];
  let kept = 0;
  let length = 0;
  let lineStart = from.offset;
  let { number } = from;
  let bytes = 0;

  function keep(part: Uint8Array): void {
    length += part.length;
    const room = maxLineBytes - kept;
    if (room <= 0 || part.length === 0) return;
    const piece = part.length > room ? part.subarray(0, room) : part;
    parts.push(piece.slice());
    kept += piece.length;
  }

  function frame(line: Uint8Array, byteLength: number): Frame {
    const truncated = byteLength > line.length;
    const last = line.length - width;
    const end = !truncated && last >= 0 && isUnit(line, last, CR, encoding) ? last : line.length;
    const content = end === line.length ? line : line.subarray(0, end);
    const made: Frame = {
      bytes: content,
      text: trimPadding(decode.line(content)),
      position: { offset: lineStart, number },
      byteLength,
      ...(truncated ? { truncated } : {}),
    };
    lineStart += byteLength + width;
    number += 1;
    return made;
  }

  /** Reads the lines of a chunk that are whole from `start` on, where `first` is the end of the first one; gives the index behind them. The caller may use the chunk again, so they are copied, all at once. */
  function readWhole(chunk: Uint8Array, start: number, first: number, frames: Frame[]): number {
    const stop = encoding === 'utf-8' ? chunk.lastIndexOf(LF) + 1 : chunk.length;
    const own = chunk.slice(start, stop);
    const text = encoding === 'utf-8' ? decode.whole(own) : undefined;
    let from = 0;
    let fromText = 0;
    for (let at = first - start; at !== -1; at = indexOfBreak(own, from, encoding)) {
      const endText = text === undefined ? -1 : text.indexOf('\n', fromText);
      if (text !== undefined && at - from <= maxLineBytes)
        frames.push(wholeLine(own, from, at, text, fromText, endText));
      else frames.push(cutLine(own.subarray(from, at)));
      from = at + width;
      fromText = endText + 1;
    }
    return start + from;
  }

  /** A line whose text is known. */
  function wholeLine(own: Uint8Array, from: number, at: number, text: string, start: number, stop: number): Frame {
    const byteLength = at - from;
    if (stop - start < byteLength) decode.sawUtf8();
    const hasReturn = own[at - 1] === CR && at > from;
    const line = trimPadding(text.slice(start, hasReturn ? stop - 1 : stop));
    const made = readFrame(line, { offset: lineStart, number }, byteLength, own, from, hasReturn ? at - 1 : at);
    lineStart += byteLength + width;
    number += 1;
    return made;
  }

  function cutLine(part: Uint8Array): Frame {
    return frame(part.length > maxLineBytes ? part.slice(0, maxLineBytes) : part, part.length);
  }

  /** A chunk with the lines that wait for it and the beginning of its first one, so that this one is taken like any other. Not while the line goes on, nor when it is longer than may be. It holds until the next one. */
  function withPending(chunk: Uint8Array): Uint8Array {
    const before = held.length + length;
    if (before === 0 || kept < length || chunk.indexOf(LF) === -1) return chunk;
    const whole = joinLent([held, ...parts, chunk], before + chunk.length);
    held = NO_BYTES;
    parts = [];
    kept = 0;
    length = 0;
    return whole;
  }

  /** The parts as one, which hold until this is called the next time. */
  function joinLent(all: readonly Uint8Array[], size: number): Uint8Array {
    if (size > MOST_KEPT_BYTES) return joinBytes(all);
    if (memory.length < size) memory = new Uint8Array(size + ROOM_BYTES);
    return joinInto(memory, all);
  }

  /** The lines that waited. */
  function release(): Frame[] {
    const frames: Frame[] = [];
    if (held.length > 0) readWhole(held, 0, held.indexOf(LF), frames);
    held = NO_BYTES;
    return frames;
  }

  function finishPending(): Frame {
    const line = joinBytes(parts);
    const byteLength = length;
    parts = [];
    kept = 0;
    length = 0;
    return frame(line, byteLength);
  }

  return {
    get bytes() {
      return bytes;
    },
    get next() {
      return { offset: lineStart, number };
    },
    encodingBefore: (line) => (encoding !== 'utf-8' ? encoding : telling < line ? encoding : undefined),
    settle: release,
    push(chunk) {
      const frames = release();
      bytes += chunk.length;
      let start = 0;
      let at = indexOfBreak(chunk, 0, encoding);
      if (at !== -1 && length > 0) {
        keep(chunk.subarray(0, at));
        frames.push(finishPending());
        start = at + width;
        at = indexOfBreak(chunk, start, encoding);
      }
      if (at !== -1) start = readWhole(chunk, start, at, frames);
      keep(chunk.subarray(start));
      return frames;
    },
    offer(offered, taker) {
      if (encoding !== 'utf-8') return false;
      bytes += offered.length;
      if (kept < length) for (const one of release()) taker.give(one);
      const chunk = withPending(offered);
      let start = 0;
      const stop = chunk.lastIndexOf(LF);
      forgetBreak();
      for (let at = chunk.indexOf(LF); at !== -1; at = foundBreak(chunk, start)) {
        if (length > 0) {
          keep(chunk.subarray(start, at));
          taker.give(finishPending());
        } else {
          const end = at > start && chunk[at - 1] === CR ? at - 1 : at;
          const known = taker.takeKnown?.(chunk, start, end, stop + 1, lineStart, number);
          if (known) {
            const before = number;
            if (known.utf8 !== -1) {
              number += known.utf8;
              decode.sawUtf8();
            }
            lineStart += known.end - start;
            number = before + known.lines;
            start = known.end;
            continue;
          }
          const fits = at - start <= maxLineBytes;
          const done = fits
            ? taker.take(chunk, start, end, Math.min(stop, start + maxLineBytes), lineStart, number)
            : -1;
          if (done === WAITS && stop - start < MOST_HELD_BYTES) {
            held = chunk.slice(start, stop + 1);
            start = stop + 1;
            break;
          }
          if (done < 0) taker.give(cutLine(chunk.slice(start, at)));
          else {
            if (taker.tookUtf8()) decode.sawUtf8();
            const next = done === end ? at + 1 : chunk.indexOf(LF, done) + 1;
            if (done > at) number += countOf(chunk, LF, at, done);
            lineStart += next - start;
            number += 1;
            start = next;
            continue;
          }
        }
        start = at + 1;
      }
      forgetBreak();
      keep(chunk.subarray(start));
      return true;
    },
    end() {
      const frames = release();
      if (length === 0) return frames;
      frames.push(finishPending());
      // No line break stands behind it.
      lineStart -= width;
      return frames;
    },
  };
}

function countOf(bytes: Uint8Array, wanted: number, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) if (bytes[at] === wanted) count += 1;
  return count;
}

/** Hands whole pairs of bytes on, and the odd one with what comes next. */
function alignPairs(framer: Framer): Framer {
  let odd: Uint8Array = new Uint8Array();
  return {
    get bytes() {
      return framer.bytes + odd.length;
    },
    get next() {
      return framer.next;
    },
    encodingBefore: framer.encodingBefore,
    offer: () => false,
    settle: framer.settle,
    push(chunk) {
      const whole = odd.length === 0 ? chunk : joinBytes([odd, chunk]);
      const even = whole.length - (whole.length % 2);
      odd = whole.slice(even);
      return framer.push(whole.subarray(0, even));
    },
    end() {
      const rest = odd;
      odd = new Uint8Array();
      return [...framer.push(rest), ...framer.end()];
    },
  };
}

/** Index of the next line break, or -1. Half of another character is no break. */
function indexOfBreak(chunk: Uint8Array, from: number, encoding: TextEncoding): number {
  if (encoding === 'utf-8') return chunk.indexOf(LF, from);
  const offset = encoding === 'utf-16le' ? 0 : 1;
  for (let at = chunk.indexOf(LF, from); at !== -1; at = chunk.indexOf(LF, at + 1)) {
    const unit = at - offset;
    if (unit % 2 === 0 && isUnit(chunk, unit, LF, encoding)) return unit;
  }
  return -1;
}

function isUnit(bytes: Uint8Array, at: number, sign: number, encoding: TextEncoding): boolean {
  if (encoding === 'utf-8') return bytes[at] === sign;
  const [low, high] = encoding === 'utf-16le' ? [bytes[at], bytes[at + 1]] : [bytes[at + 1], bytes[at]];
  return low === sign && high === 0;
}

/** Drops byte order marks and NUL padding (a crash leaves it) at both ends; white space stays, it may tell a continuation line. */
export function trimPadding(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isPadding(text.charCodeAt(from))) from += 1;
  while (to > from && isPadding(text.charCodeAt(to - 1))) to -= 1;
  return from === 0 && to === text.length ? text : text.slice(from, to);
}

/** The text without padding and white space at both ends, in whatever order they stand there; empty for a line that says nothing. */
export function bareText(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text, from)) from += 1;
  while (to > from && isBlank(text, to - 1)) to -= 1;
  return from === 0 && to === text.length ? text : text.slice(from, to);
}

function isBlank(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit > 0x20 && unit < 0x7f) return false;
  return isPadding(text.charCodeAt(at)) || text.charAt(at).trim() === '';
}

function isPadding(unit: number): boolean {
  return unit === 0xfeff || unit === 0;
}
