/**
 * The walk over lines that are known, in AssemblyScript: `scripts/generate.ts` compiles it to `src/direct/known-lines.generated.ts`. It reads a tree of the parts of lines, which
 * `src/direct/line-store.ts` writes into its memory, and writes the record of each line that stands in the tree. What is not known for certain ends the walk.
 */

// @ts-expect-error Decorators stand before functions in AssemblyScript.
@external("env", "zoneOffset")
/** Seconds east of UTC of a time zone at a civil time; NaN when there is no such time. */
declare function zoneOffset(zone: i32, civil: f64): f64;

/** Areas of the memory. What is not used takes no room: a page is only there when it was written to. */
export const LINES: i32 = 0x10000;
export const LINES_SIZE: i32 = 0x100000;
/** Behind the lines: what is compared in one go may go beyond them. */
export const RECORDS: i32 = 0x120000;
export const RECORDS_SIZE: i32 = 0x100000;
export const NODES: i32 = 0x220000;
export const MAX_NODES: i32 = 0x8000;
export const EDGES: i32 = 0x320000;
export const MAX_EDGES: i32 = 0x4000;
export const CHILDREN: i32 = 0x3a0000;
export const MAX_CHILDREN: i32 = 0x10000;
export const TEMPLATES: i32 = 0x420000;
export const MAX_TEMPLATES: i32 = 0x1000;
export const RUNS: i32 = 0x480000;
export const MAX_RUNS: i32 = 0x1000;
export const PLACES: i32 = 0x4a0000;
export const OBSERVED: i32 = 0x4a1000;
/** One bit for each three letters with which a word begins that no value may hold, and behind them these words: their length in a byte, and 15 bytes. */
export const TRIGRAMS: i32 = 0x4a2000;
export const WORDS: i32 = 0x4a3000;
export const WORD_SIZE: i32 = 16;
export const MAX_WORDS: i32 = 0x400;
/** Texts, from here on as far as memory goes. */
export const TEXTS: i32 = 0x4b0000;

/** Below the areas: where the values of two lines stand, and a time that is brought into another form. */
const VALUES: i32 = 0x800;
const VALUES_SIZE: i32 = 0x400;
const SCRATCH: i32 = 0x100;

/** Numbers of a node: where its text stands and how long it is, its template + 1, its first edge, how many children it has, and whether a line that has come so far begins a record for certain. */
export const NODE_SIZE: i32 = 32;
const NODE_TEXT: i32 = 0;
const NODE_LENGTH: i32 = 4;
const NODE_TEMPLATE: i32 = 8;
const NODE_EDGE: i32 = 12;
const NODE_CHILDREN: i32 = 16;
const NODE_BEGINS: i32 = 20;
const ROOT: i32 = 1;

/** Numbers of an edge: what value it stands for, its form or longest length, where it leads, and another edge of the same node. */
export const EDGE_SIZE: i32 = 32;
const EDGE_KIND: i32 = 0;
const EDGE_FORM: i32 = 4;
const EDGE_LENGTH: i32 = 8;
const EDGE_NODE: i32 = 12;
const EDGE_NEXT: i32 = 16;
/** Bytes of one form: any digit for a digit. */
export const FORMED: i32 = 1;
/** So many hexadecimal digits. */
export const HEX: i32 = 2;
/** Digits; a number begins with 0 only when that is all. */
export const DIGITS: i32 = 3;
export const NUMBER: i32 = 4;
/** Letters, digits and signs that mean nothing anywhere, without any of {@link WORDS} in it. */
export const WORD: i32 = 5;
const MAX_DIGITS: i32 = 15;
export const MAX_VALUES: i32 = 100;

/** Numbers of a template. */
export const TEMPLATE_SIZE: i32 = 64;
const STEPS_AT: i32 = 0;
const TIME_FORM: i32 = 4;
const TIME_VALUE: i32 = 8;
/** -1: nothing stands beside the time. */
const BESIDE_VALUE: i32 = 12;
/** -1: UTC. */
const ZONE: i32 = 16;
const RESOURCE: i32 = 20;
/** Line breaks in it, and one. */
const BREAKS: i32 = 24;
/** 1: it has ended where the next one begins, and not before. */
const WAITS: i32 = 28;
const STATUS_AT: i32 = 32;
const STATUS_LENGTH: i32 = 36;
const NAME_AT: i32 = 40;
const NAME_LENGTH: i32 = 44;
/** 1: there is more than ASCII in it. */
const BEYOND: i32 = 48;
/** Ids of a trace and of a span: the value, or -1. */
const TRACE_VALUE: i32 = 52;
const SPAN_VALUE: i32 = 56;

/** Forms of times. */
export const NO_TIME: i32 = 0;
export const UNIX_SECONDS: i32 = 1;
export const EPOCH_MILLIS: i32 = 2;
export const ISO: i32 = 3;
/** ISO with other signs between the groups of digits. */
export const DIGIT_GROUPS: i32 = 4;

/** Numbers of a step of writing: its kind, its value, where its text stands and how long it is. */
export const STEP_SIZE: i32 = 16;
/** A text. */
export const COPY: i32 = 0;
/** A value as it stands. */
export const VALUE: i32 = 1;
/** An attribute up to its value, and the value, as a text or as a number. */
export const TEXT: i32 = 2;
export const INT: i32 = 3;
/** A text of several parts, which are written by the steps behind: so many bytes and these values, whose numbers stand where its text does. {@link HEAD} or {@link BODY} follows. */
export const SUM: i32 = 4;
/** An attribute up to its text, and the body up to its text: its tags. */
export const HEAD: i32 = 5;
export const BODY: i32 = 6;
export const END: i32 = 7;

/** Numbers of a place: where its bytes stand, how many there are, and where among them the offset and the number of the record stand, or -1. */
export const PLACE_SIZE: i32 = 16;
const MAX_WIDTH: i32 = 8;

/** Numbers of a run: its resource, where it begins, and how many records it has. */
export const RUN_SIZE: i32 = 12;

/** As in `src/direct/otlp-tags.ts`. */
const LOG_RECORD: u8 = 0x12;
const TIME: u8 = 0x09;
const TRACE_ID: u8 = 0x4a;
const SPAN_ID: u8 = 0x52;

const LF: i32 = 0x0a;
const CR: i32 = 0x0d;
const SPACE: i32 = 0x20;
const PLUS: i32 = 0x2b;
const COMMA: i32 = 0x2c;
const MINUS: i32 = 0x2d;
const POINT: i32 = 0x2e;
const ZERO: i32 = 0x30;
const COLON: i32 = 0x3a;
const LETTER_T: i32 = 0x54;
const LETTER_Z: i32 = 0x5a;

/** No record is longer than what two bytes tell. */
const MAX_RECORD: i32 = 0x3fff;
/** `2024-05-13T08:31:07`, `2024-05-13 ` and `08:31:07,123`. */
const SECONDS_LENGTH: i32 = 19;
const DATE_LENGTH: i32 = 11;
const CLOCK_LENGTH: i32 = 8;
const MILLIS_LENGTH: i32 = 12;
const MAX_FRACTION: i32 = 9;
const MAX_SECONDS_DIGITS: i32 = 12;
const MAX_GROUPS: i32 = 40;
const DAY: i64 = 86400;
const SECOND: i64 = 1000000000;
/** There is no such time. */
const NONE: i64 = -1;

/** What the walk has taken: lines, records, where these end, and how many runs they are in. */
export let lines: i32 = 0;
export let records: i32 = 0;
export let written: i32 = RECORDS;
export let runs: i32 = 0;
/** How many lines stand before the first one with more than ASCII in it; -1 when there is none. */
export let utf8: i32 = -1;
/** Bytes of {@link OBSERVED}. */
export let observed: i32 = 0;

export function setObserved(length: i32): void {
  observed = length;
}

/** Behind the line that was matched last. */
let matchedEnd: i32 = 0;
/** Whether it begins a record, so that the one before it has ended. */
let begins: bool = false;

/**
 * Takes the lines from `start` on, as far as they are known; gives where the first one begins that is not. Each ends in a line break before `stop`. `offset` and `number`: those of the first
 * line in the input; an offset of -1 is none.
 */
export function take(start: i32, stop: i32, offset: f64, number: f64): i32 {
  lines = 0;
  records = 0;
  runs = 0;
  written = RECORDS;
  let done = start;
  let at = start;
  let values = VALUES;
  let held = 0;
  utf8 = -1;
  while (at < stop) {
    const template = match(at, stop, values);
    const waits = template != 0 && load<i32>(template, WAITS) != 0;
    if (held != 0) {
      const ended = begins || waits;
      if (!ended || !write(held, values ^ VALUES_SIZE, offset + <f64>(done - start), number + <f64>lines)) break;
      held = 0;
      done = at;
    }
    if (template == 0) break;
    const next = matchedEnd + (load<u8>(matchedEnd) == CR ? 2 : 1);
    if (waits) {
      held = template;
      values ^= VALUES_SIZE;
    } else {
      if (!write(template, values, offset + <f64>(at - start), number + <f64>lines)) break;
      done = next;
    }
    at = next;
  }
  return done;
}

/** The template of the line that begins here; 0 when none is known. Its values are noted where `values` says. */
function match(start: i32, stop: i32, values: i32): i32 {
  let node = ROOT;
  let at = start;
  let count = 0;
  // Where a value may stand instead of the text that was tried.
  let other = 0;
  let otherAt = 0;
  let otherCount = 0;
  begins = false;
  while (true) {
    const one = NODES + node * NODE_SIZE;
    const length = load<i32>(one, NODE_LENGTH);
    let edge = 0;
    if (at + length < stop && isSame(load<i32>(one, NODE_TEXT), at, length)) {
      at += length;
      if (load<i32>(one, NODE_BEGINS) != 0) begins = true;
      const byte = <i32>load<u8>(at);
      const template = load<i32>(one, NODE_TEMPLATE);
      if (template != 0 && (byte == LF || (byte == CR && load<u8>(at, 1) == LF && at + 1 < stop))) {
        matchedEnd = at;
        return TEMPLATES + (template - 1) * TEMPLATE_SIZE;
      }
      edge = load<i32>(one, NODE_EDGE);
      const child = load<i32>(one, NODE_CHILDREN) != 0 ? childOf(node, byte) : 0;
      if (child != 0) {
        if (edge != 0) {
          other = edge;
          otherAt = at;
          otherCount = count;
        }
        node = child;
        continue;
      }
    }
    if (edge != 0) edge = edgeOf(edge, at, stop);
    if (edge == 0) {
      if (other == 0) return 0;
      at = otherAt;
      count = otherCount;
      edge = edgeOf(other, at, stop);
      other = 0;
      if (edge == 0) return 0;
    }
    if (count == MAX_VALUES) return 0;
    store<i32>(values + count * 8, at);
    store<i32>(values + count * 8, valueEnd, 4);
    count += 1;
    at = valueEnd;
    node = load<i32>(edge, EDGE_NODE);
  }
}

/** Where the node stands behind another one whose text begins with a byte; 0 for none. */
function childOf(node: i32, byte: i32): i32 {
  const key = (node << 8) | byte;
  let slot = slotOf(key);
  while (true) {
    const entry = CHILDREN + slot * 8;
    const found = load<i32>(entry);
    if (found == key) return load<i32>(entry, 4);
    if (found == 0) return 0;
    slot = (slot + 1) & (MAX_CHILDREN - 1);
  }
}

/** Where the look for a child begins: node * 256 + its first byte. */
export function slotOf(key: i32): i32 {
  const sum = key * 0x9e3779b1;
  return (sum ^ (sum >>> 15)) & (MAX_CHILDREN - 1);
}

let valueEnd: i32 = 0;

/** The first of some edges whose value stands here, which ends at {@link valueEnd}; 0 for none. */
function edgeOf(first: i32, at: i32, stop: i32): i32 {
  for (let edge = first; edge != 0; edge = load<i32>(edge, EDGE_NEXT)) {
    const kind = load<i32>(edge, EDGE_KIND);
    const length = load<i32>(edge, EDGE_LENGTH);
    if (kind == FORMED) {
      if (at + length >= stop || !hasForm(load<i32>(edge, EDGE_FORM), at, length)) continue;
      valueEnd = at + length;
      return edge;
    }
    let end = at;
    if (kind == WORD) {
      while (isWordSign(load<u8>(end))) end += 1;
      if (end - at > length || holdsWord(at, end)) continue;
    } else if (kind == HEX) {
      while (hexDigit(load<u8>(end)) >= 0) end += 1;
      if (end - at != length) continue;
    } else {
      while (isDigit(load<u8>(end))) end += 1;
      if (end - at > MAX_DIGITS || (kind == NUMBER && load<u8>(at) == ZERO && end > at + 1)) continue;
    }
    if (end == at || end >= stop) continue;
    valueEnd = end;
    return edge;
  }
  return 0;
}

function hasForm(form: i32, at: i32, length: i32): bool {
  for (let index = 0; index < length; index += 1) {
    const sign = load<u8>(form + index);
    const byte = load<u8>(at + index);
    if (sign == ZERO ? !isDigit(byte) : sign != byte) return false;
  }
  return true;
}

/** Letters, digits and `+ - . / @ _`: none of them ends a value, ties a name to one or is spelled in another way. */
function isWordSign(byte: u8): bool {
  if (byte < 0x40) return byte >= 0x2b && byte <= 0x39 && byte != COMMA;
  const bit = byte & 0x3f;
  // 0x40 to 0x7f: `@`, `A` to `Z`, `_`, `a` to `z`.
  return byte < 0x80 && ((0x07fffffe_87ffffff >>> <i64>bit) & 1) != 0;
}

/** Whether one of {@link WORDS} stands there, in either case. */
function holdsWord(start: i32, end: i32): bool {
  let pair = 0;
  for (let at = start; at < end; at += 1) {
    const letter = letterOf(load<u8>(at));
    const trigram = ((pair << 5) | letter) & 0x7fff;
    pair = trigram & 0x3ff;
    if (((load<u8>(TRIGRAMS + (trigram >> 3)) >> <u8>(trigram & 7)) & 1) == 0) continue;
    for (let word = WORDS; load<u8>(word) != 0; word += WORD_SIZE) if (isWordAt(word, at - 2, end)) return true;
  }
  return false;
}

/** 1 to 26, or 0 for what is no letter. */
function letterOf(byte: u8): i32 {
  const letter = (<i32>byte | 0x20) - 0x60;
  return letter >= 1 && letter <= 26 && byte >= 0x41 ? letter : 0;
}

function isWordAt(word: i32, start: i32, end: i32): bool {
  const length = <i32>load<u8>(word);
  if (start + length > end) return false;
  for (let at = 0; at < length; at += 1) {
    const byte = load<u8>(start + at);
    if ((byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte) != load<u8>(word + 1 + at)) return false;
  }
  return true;
}

/** -1 for what is none. */
function hexDigit(byte: u8): i32 {
  if (isDigit(byte)) return <i32>(byte - <u8>ZERO);
  const letter = (<i32>byte | 0x20) - 0x61;
  return letter >= 0 && letter <= 5 && byte >= 0x41 ? letter + 10 : -1;
}

function isDigit(byte: u8): bool {
  return byte - <u8>ZERO <= 9;
}

function isSame(one: i32, other: i32, length: i32): bool {
  let at = 0;
  for (; at + 16 <= length; at += 16)
    if (!i8x16.all_true(i8x16.eq(v128.load(one + at), v128.load(other + at)))) return false;
  if (at + 8 <= length) {
    if (load<u64>(one + at) != load<u64>(other + at)) return false;
    at += 8;
  }
  for (; at < length; at += 1) if (load<u8>(one + at) != load<u8>(other + at)) return false;
  return true;
}

/** Writes the record of a line. False: it is none that can be written here, or there is no room for it. */
function write(template: i32, values: i32, offset: f64, number: f64): bool {
  const start = written;
  if (start + 2 * MAX_RECORD > RECORDS + RECORDS_SIZE) return false;
  const nanos = timeOf(template, values);
  if (nanos == NONE) return false;
  const record = start + 3;
  store<u8>(record, TIME);
  store<i64>(record, nanos, 1);
  let at = record + 9;
  let sum = 0;
  for (let step = load<i32>(template, STEPS_AT); ; step += STEP_SIZE) {
    const kind = load<i32>(step);
    if (kind == END) break;
    const text = load<i32>(step, 8);
    const length = load<i32>(step, 12);
    if (kind == COPY) {
      copy(at, text, length);
      at += length;
      continue;
    }
    if (kind >= SUM) {
      if (kind == SUM) sum = load<i32>(step, 4) + sizeOf(values, text, length);
      else at = kind == HEAD ? putHead(at, text, length, sum) : putBody(at, text, sum);
      continue;
    }
    const value = values + load<i32>(step, 4) * 8;
    const from = load<i32>(value);
    const size = load<i32>(value, 4) - from;
    if (kind == INT) at = putInt(at, text, length, from, size);
    else {
      if (kind == TEXT) at = putHead(at, text, length, size);
      copy(at, from, size);
      at += size;
    }
    if (at > record + MAX_RECORD) return false;
  }
  at = putPlace(at, offset, number);
  if (at == 0) return false;
  at = put(at, load<i32>(template, STATUS_AT), load<i32>(template, STATUS_LENGTH));
  at = putId(at, TRACE_ID, values, load<i32>(template, TRACE_VALUE));
  if (at != 0) at = putId(at, SPAN_ID, values, load<i32>(template, SPAN_VALUE));
  if (at == 0) return false;
  at = put(at, OBSERVED, observed);
  at = put(at, load<i32>(template, NAME_AT), load<i32>(template, NAME_LENGTH));
  const length = at - record;
  if (length > MAX_RECORD || !addToRun(load<i32>(template, RESOURCE), start)) return false;
  store<u8>(start, LOG_RECORD);
  if (length < 0x80) {
    store<u8>(start, <u8>length, 1);
    memory.copy(start + 2, record, length);
    at -= 1;
  } else putVarint(start + 1, length);
  written = at;
  if (utf8 == -1 && load<i32>(template, BEYOND) != 0) utf8 = lines;
  lines += load<i32>(template, BREAKS);
  records += 1;
  return true;
}

function addToRun(resource: i32, start: i32): bool {
  const last = RUNS + (runs - 1) * RUN_SIZE;
  if (runs != 0 && load<i32>(last) == resource) {
    store<i32>(last, load<i32>(last, 8) + 1, 8);
    return true;
  }
  if (runs == MAX_RUNS) return false;
  runs += 1;
  const run = RUNS + (runs - 1) * RUN_SIZE;
  store<i32>(run, resource);
  store<i32>(run, start, 4);
  store<i32>(run, 1, 8);
  return true;
}

/** Copies a text; the bytes behind it are not yet written and may be overwritten. */
function copy(target: i32, source: i32, length: i32): void {
  if (length > 96) {
    memory.copy(target, source, length);
    return;
  }
  for (let at = 0; at < length; at += 16) v128.store(target + at, v128.load(source + at));
}

function put(at: i32, text: i32, length: i32): i32 {
  copy(at, text, length);
  return at + length;
}

/** An attribute up to its text: see `RecordBuffer.beginText`. */
function putHead(start: i32, head: i32, width: i32, length: i32): i32 {
  let at = start;
  const total = width - 2 + length;
  if (total < 0x80) {
    copy(at, head, width);
    store<u8>(at, <u8>total, 1);
    at += width;
    store<u8>(at - 3, <u8>(2 + length));
    store<u8>(at - 1, <u8>length);
    return at;
  }
  const inner = 1 + widthOf(length) + length;
  store<u8>(at, load<u8>(head));
  at = putVarint(at + 1, width - 5 + widthOf(inner) + inner);
  at = put(at, head + 2, width - 5);
  at = putVarint(at, inner);
  store<u8>(at, load<u8>(head + width - 2));
  return putVarint(at + 1, length);
}

/** The body up to its text: see `RecordBuffer.beginBody`. */
function putBody(start: i32, tags: i32, length: i32): i32 {
  store<u8>(start, load<u8>(tags));
  const at = putVarint(start + 1, 1 + widthOf(length) + length);
  store<u8>(at, load<u8>(tags, 1));
  return putVarint(at + 1, length);
}

/** How long some values are together, whose numbers stand one behind the other. */
function sizeOf(values: i32, numbers: i32, count: i32): i32 {
  let size = 0;
  for (let index = 0; index < count; index += 1) {
    const value = values + <i32>load<u8>(numbers + index) * 8;
    size += load<i32>(value, 4) - load<i32>(value);
  }
  return size;
}

/** An id in bytes; 0 for one of nothing but zeros, which is none. */
function putId(start: i32, tag: u8, values: i32, index: i32): i32 {
  if (index < 0) return start;
  const from = load<i32>(values + index * 8);
  const length = (load<i32>(values + index * 8, 4) - from) >> 1;
  store<u8>(start, tag);
  store<u8>(start, <u8>length, 1);
  let all = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = (hexDigit(load<u8>(from + 2 * at)) << 4) | hexDigit(load<u8>(from + 2 * at, 1));
    store<u8>(start + 2 + at, <u8>byte);
    all |= byte;
  }
  return all == 0 ? 0 : start + 2 + length;
}

/** An attribute with a number: see `RecordBuffer.int`. */
function putInt(start: i32, head: i32, width: i32, from: i32, size: i32): i32 {
  let number: u64 = 0;
  for (let index = 0; index < size; index += 1) number = number * 10 + <u64>(load<u8>(from + index) - <u8>ZERO);
  copy(start, head, width);
  const at = putVarint(start + width, number);
  const bytes = at - start - width;
  store<u8>(start, <u8>(width - 2 + bytes), 1);
  store<u8>(start + width - 2, <u8>(1 + bytes));
  return at;
}

/** The place of the record; 0 when its form is not known. */
function putPlace(start: i32, offset: f64, number: f64): i32 {
  const widths = (offset < 0 ? 0 : widthOf(<u64>offset) * MAX_WIDTH) + widthOf(<u64>number);
  const place = PLACES + widths * PLACE_SIZE;
  const text = load<i32>(place);
  if (text == 0) return 0;
  const end = put(start, text, load<i32>(place, 4));
  const offsetAt = load<i32>(place, 8);
  const numberAt = load<i32>(place, 12);
  if (offsetAt >= 0) putVarint(start + offsetAt, <u64>offset);
  if (numberAt >= 0) putVarint(start + numberAt, <u64>number);
  return end;
}

function putVarint(start: i32, value: u64): i32 {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest >>= 7) store<u8>(at++, <u8>(rest | 0x80));
  store<u8>(at, <u8>rest);
  return at + 1;
}

function widthOf(value: u64): i32 {
  return value == 0 ? 1 : (70 - <i32>clz(value)) / 7;
}

/** The time of a line in nanoseconds since 1970, 0 when it has none, {@link NONE} when it is none that can be read here: as `src/direct/time-bytes.ts` reads it. */
function timeOf(template: i32, values: i32): i64 {
  const form = load<i32>(template, TIME_FORM);
  if (form == NO_TIME) return 0;
  const value = values + load<i32>(template, TIME_VALUE) * 8;
  const start = load<i32>(value);
  const end = load<i32>(value, 4);
  if (form == UNIX_SECONDS) return unixTime(start, end);
  if (form == EPOCH_MILLIS) return millisTime(start, end);
  const zone = load<i32>(template, ZONE);
  if (form == DIGIT_GROUPS) return groupedTime(start, end, zone);
  const beside = load<i32>(template, BESIDE_VALUE);
  if (beside < 0) return isoTime(start, end, zone, 0);
  const other = values + beside * 8;
  const refined = nanosBeside(start, load<i32>(other), load<i32>(other, 4));
  return refined == NONE ? NONE : isoTime(start, end, zone, refined);
}

function unixTime(start: i32, end: i32): i64 {
  let seconds: i64 = 0;
  let at = start;
  for (; at < end && isDigit(load<u8>(at)); at += 1) seconds = seconds * 10 + <i64>(load<u8>(at) - <u8>ZERO);
  if (at == start || at - start > MAX_SECONDS_DIGITS) return NONE;
  if (at == end) return nanosOf(seconds, 0);
  return load<u8>(at) == POINT ? nanosOf(seconds, fraction(at + 1, end)) : NONE;
}

function millisTime(start: i32, end: i32): i64 {
  if (start == end || end - start > MAX_DIGITS) return NONE;
  let millis: i64 = 0;
  for (let at = start; at < end; at += 1) {
    const byte = load<u8>(at);
    if (!isDigit(byte)) return NONE;
    millis = millis * 10 + <i64>(byte - <u8>ZERO);
  }
  return nanosOf(millis / 1000, (millis % 1000) * 1000000);
}

/** Nothing beyond what 64 bits of nanoseconds hold; zero means that no time is known. */
function nanosOf(seconds: i64, nanos: i64): i64 {
  if (seconds < 0 || nanos < 0 || (seconds == 0 && nanos == 0)) return NONE;
  // Beyond 2262 it is left to others.
  if (seconds >= i64.MAX_VALUE / SECOND) return NONE;
  return seconds * SECOND + nanos;
}

function fraction(start: i32, end: i32): i64 {
  if (end == start || end - start > MAX_FRACTION) return NONE;
  let nanos: i64 = 0;
  for (let at = start; at < end; at += 1) {
    const byte = load<u8>(at);
    if (!isDigit(byte)) return NONE;
    nanos = nanos * 10 + <i64>(byte - <u8>ZERO);
  }
  for (let missing = MAX_FRACTION - (end - start); missing > 0; missing -= 1) nanos *= 10;
  return nanos;
}

function pair(at: i32): i32 {
  const tens = load<u8>(at);
  const ones = load<u8>(at, 1);
  return isDigit(tens) && isDigit(ones) ? <i32>(tens - <u8>ZERO) * 10 + <i32>(ones - <u8>ZERO) : -1000;
}

function isClock(at: i32): bool {
  const hour = pair(at);
  const minute = pair(at + 3);
  const second = pair(at + 6);
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
}

function isoTime(start: i32, end: i32, zone: i32, refined: i64): i64 {
  if (end - start < SECONDS_LENGTH || !isClock(start + DATE_LENGTH)) return NONE;
  const middle = <i32>load<u8>(start, 10);
  if ((middle != LETTER_T && middle != SPACE) || load<u8>(start, 13) != COLON || load<u8>(start, 16) != COLON)
    return NONE;
  const day = daySeconds(start);
  if (day < 0) return NONE;
  const at = start + SECONDS_LENGTH;
  let stop = end;
  let east: i64 = 0;
  let isZoned = false;
  const sign = end - 6 < at ? 0 : <i32>load<u8>(end - 6);
  if (load<u8>(end - 1) == LETTER_Z) {
    stop = end - 1;
    isZoned = true;
  } else if ((sign == PLUS || sign == MINUS) && load<u8>(end - 3) == COLON) {
    const hours = pair(end - 5);
    const minutes = pair(end - 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NONE;
    east = <i64>(hours * 3600 + minutes * 60);
    if (sign == MINUS) east = -east;
    stop = end - 6;
    isZoned = true;
  }
  let nanos: i64 = 0;
  if (stop > at) {
    const point = <i32>load<u8>(at);
    if (point != POINT && point != COMMA) return NONE;
    nanos = fraction(at + 1, stop);
    if (nanos < 0) return NONE;
  }
  if (nanos == 0) nanos = refined;
  const clock = start + DATE_LENGTH;
  const civil = day + <i64>(pair(clock) * 3600 + pair(clock + 3) * 60 + pair(clock + 6));
  if (!isZoned && zone >= 0) {
    const found = zoneOffset(zone, <f64>civil);
    if (found != found) return NONE;
    east = <i64>found;
  }
  return nanosOf(civil - east, nanos);
}

/** With any ASCII between the groups, and with or without a name of UTC. */
function groupedTime(start: i32, end: i32, zone: i32): i64 {
  const stop = zuluAt(start, end);
  let length = stop - start;
  if (length < SECONDS_LENGTH || length >= MAX_GROUPS) return NONE;
  for (let at = 0; at < SECONDS_LENGTH; at += 1) {
    const byte = load<u8>(start + at);
    const sign = signOfIso(at);
    if (byte >= 0x80 || isDigit(byte) != (sign == ZERO)) return NONE;
    store<u8>(SCRATCH + at, sign == ZERO ? byte : <u8>sign);
  }
  for (let at = SECONDS_LENGTH; at < length; at += 1) store<u8>(SCRATCH + at, load<u8>(start + at));
  if (stop < end) store<u8>(SCRATCH + length++, <u8>LETTER_Z);
  return isoTime(SCRATCH, SCRATCH + length, zone, 0);
}

/** Where `GMT`, `UTC` or `Z` begins with which a time ends, or the sign before it; `end` when there is none. */
function zuluAt(start: i32, end: i32): i32 {
  let at = end;
  if (end - start > 3 && (isWord(end - 3, 0x47, 0x4d, 0x54) || isWord(end - 3, 0x55, 0x54, 0x43))) at = end - 3;
  else if (end - start > 1 && load<u8>(end - 1) == LETTER_Z) at = end - 1;
  if (at == end) return end;
  const sign = <i32>load<u8>(at - 1);
  return sign == SPACE || sign == COLON ? at - 1 : at;
}

function isWord(at: i32, first: i32, second: i32, third: i32): bool {
  return load<u8>(at) == first && load<u8>(at, 1) == second && load<u8>(at, 2) == third;
}

/** `0000-00-00T00:00:00` */
function signOfIso(at: i32): i32 {
  if (at == 4 || at == 7) return MINUS;
  if (at == 10) return LETTER_T;
  return at == 13 || at == 16 ? COLON : ZERO;
}

/** The nanoseconds that a layout printed beside a time of whole seconds; {@link NONE} also when it is another second. */
function nanosBeside(start: i32, layoutStart: i32, layoutEnd: i32): i64 {
  const length = layoutEnd - layoutStart;
  if (length != MILLIS_LENGTH && length != DATE_LENGTH + MILLIS_LENGTH) return NONE;
  const clock = layoutEnd - MILLIS_LENGTH;
  if (!isSame(layoutStart, start, max(0, clock - 1 - layoutStart))) return NONE;
  if (clock > layoutStart && load<u8>(clock - 1) != SPACE && load<u8>(clock - 1) != LETTER_T) return NONE;
  if (!isSame(clock, start + DATE_LENGTH, CLOCK_LENGTH)) return NONE;
  const sign = <i32>load<u8>(clock, CLOCK_LENGTH);
  return sign == POINT || sign == COMMA ? fraction(clock + CLOCK_LENGTH + 1, layoutEnd) : NONE;
}

/** The first second of the day at `start`, or -1. */
function daySeconds(start: i32): i64 {
  if (load<u8>(start, 4) != MINUS || load<u8>(start, 7) != MINUS) return -1;
  const year = pair(start) * 100 + pair(start + 2);
  const month = pair(start + 5);
  const day = pair(start + 8);
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return -1;
  // Days since the first of March of the year 0, so that a leap day is the last one of its year.
  const years = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const days = years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day - 1;
  return <i64>(days - 719468) * DAY;
}

function daysOf(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}
