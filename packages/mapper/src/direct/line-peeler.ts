import { ascii, isDigit, isLetter, isPair, isUpper, startsWith } from '../bytes.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const SLASH = 0x2f;
const COLON = 0x3a;
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const BAR = 0x7c;
const LF = 0x0a;
const CR = 0x0d;
const LETTER_F = 0x46;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const ONE = 0x31;

/** As many wrappers as are taken off by the ordinary way. */
const MAX_DEPTH = 4;
const MAX_NAME = 255;
/** Lines in a JSON wrapper up to this size are read here. */
const MAX_SCRATCH = 65_536;

const DOCKER_START = ascii('{"log":"');
const DOCKER_STREAM = ascii('","stream":"');
const DOCKER_TIME = ascii('","time":"');
const STDOUT = ascii('stdout');
const STDERR = ascii('stderr');

/** Letters behind a backslash in JSON, and what they stand for; 0: nothing that is read here. */
const JSON_ESCAPES = new Uint8Array(256);
for (const [letter, byte] of [
  ['"', QUOTE],
  ['\\', BACKSLASH],
  ['/', SLASH],
  ['n', LF],
  ['r', CR],
  ['t', 0x09],
] as const)
  JSON_ESCAPES[letter.charCodeAt(0)] = byte;

/**
 * Takes the wrappers off a line where it stands in bytes: what container runtimes, syslog daemons and journals put round the lines of a program. It knows the
 * usual spellings only; a line in any other wrapper is left to the ordinary way, which knows all of them.
 */
export class LinePeeler {
  /** Where what the program wrote stands: in these bytes, from `from` to `to`, with a control sign or nothing behind it. */
  bytes: Uint8Array = new Uint8Array();
  from = 0;
  to = 0;
  /** The stream of which a wrapper tells. */
  stream: 'stdout' | 'stderr' | undefined;
  /** Whose line it is, as `docker compose` names containers: where that stands in the line that was given; nowhere when both are 0. */
  nameStart = 0;
  nameEnd = 0;
  readonly #scratch = new Uint8Array(MAX_SCRATCH + 1);
  /** A wrapper begins that is not known here. */
  #isLost = false;

  /** Whether a line stands in wrappers that are known here; then it is ready in the fields above. */
  peel(bytes: Uint8Array, start: number, end: number): boolean {
    this.bytes = bytes;
    this.from = start;
    this.to = end;
    this.stream = undefined;
    this.nameStart = 0;
    this.nameEnd = 0;
    this.#isLost = false;
    for (let depth = 0; depth < MAX_DEPTH; depth += 1)
      if (!this.#peelOnce(this.bytes[this.from] ?? 0)) return depth > 0 && !this.#isLost;
    return false;
  }

  /** False where no wrapper begins, or none that is known here. */
  #peelOnce(first: number): boolean {
    if (first === OPEN_BRACE) return this.#docker();
    if (first === LESS_THAN) return this.#syslog();
    if (isDigit(first)) return this.#stamped() || this.#compose();
    if (!isLetter(first)) return false;
    return (this.bytes[this.from + 3] === SPACE && this.#journal()) || this.#compose();
  }

  #lost(): false {
    this.#isLost = true;
    return false;
  }

  #move(to: number): boolean {
    this.from = to;
    return true;
  }

  /** `{"log":"a line\n","stream":"stderr","time":"2024-09-17T08:00:00.000000000Z"}` */
  #docker(): boolean {
    const { bytes, to } = this;
    if (!startsWith(DOCKER_START, bytes, this.from)) return false;
    const start = this.from + DOCKER_START.length;
    // What was taken off outside stands in other bytes.
    if (to - start > MAX_SCRATCH || this.nameEnd !== 0) return this.#lost();
    const scratch = this.#scratch;
    let at = start;
    let length = 0;
    for (; at < to && bytes[at] !== QUOTE; at += 1) {
      let byte = bytes[at] ?? 0;
      if (byte < SPACE) return this.#lost();
      if (byte === BACKSLASH) {
        at += 1;
        byte = JSON_ESCAPES[bytes[at] ?? 0] ?? 0;
        if (byte === 0) {
          byte = asciiEscape(bytes, at);
          at += 4;
        }
        if (byte === 0) return this.#lost();
      }
      scratch[length] = byte;
      length += 1;
    }
    const stream = at + DOCKER_STREAM.length;
    if (!startsWith(DOCKER_STREAM, bytes, at)) return this.#lost();
    const isError = startsWith(STDERR, bytes, stream);
    if (!isError && !startsWith(STDOUT, bytes, stream)) return this.#lost();
    const time = stream + STDERR.length;
    if (!startsWith(DOCKER_TIME, bytes, time) || !isPlainEnd(bytes, time + DOCKER_TIME.length, to)) return this.#lost();
    // Without a line break the line goes on.
    if (scratch[length - 1] !== LF) return this.#lost();
    length -= scratch[length - 2] === CR ? 2 : 1;
    scratch[length] = LF;
    this.stream = isError ? 'stderr' : 'stdout';
    this.bytes = scratch;
    this.to = length;
    return this.#move(0);
  }

  /** `<14>1 2026-10-24T20:53:26.511Z host app 4711 - - text`, `<134>Oct 24 20:53:26 host tag[pid]: text` */
  #syslog(): boolean {
    const { bytes } = this;
    const start = this.from;
    // Whatever else begins like this is left alone.
    const digits = digitsEnd(bytes, start + 1, 3);
    if (digits === -1 || bytes[digits] !== GREATER_THAN) return false;
    let at = digits + 1;
    if (bytes[at] !== ONE || bytes[at + 1] !== SPACE) return this.#tagged(at);
    at = this.#wordEnd(at + 2, 64);
    if (at !== -1) at = this.#wordEnd(at + 1, MAX_NAME);
    if (at !== -1) at = this.#wordEnd(at + 1, MAX_NAME);
    if (at !== -1) at = this.#wordEnd(at + 1, 128);
    const id = at + 1;
    if (at !== -1) at = this.#wordEnd(id, MAX_NAME);
    if (at === -1) return this.#lost();
    // The name of a logger says more of the line than its text.
    for (let sign = id; sign < at; sign += 1) if (bytes[sign] === POINT) return this.#lost();
    if (bytes[at + 1] !== MINUS || bytes[at + 2] !== SPACE || (bytes[at + 3] ?? 0) >= 0x80) return this.#lost();
    return this.#move(at + 3);
  }

  /** Behind `<134>`: `Oct 24 20:53:26 host tag[pid]: text` or with an ISO time. */
  #tagged(start: number): boolean {
    const { bytes } = this;
    let time = this.#monthEnd(start, false);
    if (time === -1 && isDay(bytes, start) && bytes[start + 10] === LETTER_T) {
      time = this.#wordEnd(start + 11, 30);
      if (time < start + 19) time = -1;
    }
    const host = time === -1 || bytes[time] !== SPACE ? -1 : this.#wordEnd(time + 1, MAX_NAME);
    let at = host === -1 ? -1 : this.#tagEnd(host + 1);
    if (at === -1) return this.#lost();
    if (bytes[at] === OPEN_BRACKET) {
      const digits = digitsEnd(bytes, at + 1, 10);
      if (digits === -1 || bytes[digits] !== CLOSE_BRACKET) return this.#lost();
      at = digits + 1;
    }
    if (bytes[at] !== COLON) return this.#lost();
    return this.#move(bytes[at + 1] === SPACE && at + 1 < this.to ? at + 2 : at + 1);
  }

  /** `2024-09-17T08:00:00.000000000Z stderr F text`, the same without stream, or with host and tag. */
  #stamped(): boolean {
    const { bytes, from } = this;
    if (!isDay(bytes, from) || bytes[from + 10] !== LETTER_T || !isClock(bytes, from + 11)) return false;
    let at = from + 19;
    let fraction = 0;
    if (bytes[at] === POINT) {
      for (at += 1; isDigit(bytes[at] ?? 0); at += 1) fraction += 1;
      if (fraction === 0) return false;
    }
    let hasColon = true;
    if (bytes[at] === LETTER_Z) at += 1;
    else {
      if ((bytes[at] !== PLUS && bytes[at] !== MINUS) || !isPair(bytes, at + 1)) return false;
      hasColon = bytes[at + 3] === COLON;
      at += hasColon ? 4 : 3;
      if (!isPair(bytes, at)) return false;
      at += 2;
    }
    if (bytes[at] !== SPACE || at >= this.to) return false;
    const isStamp = fraction > 0 && fraction <= 9 && hasColon;
    if (isStamp && (startsWith(STDOUT, bytes, at + 1) || startsWith(STDERR, bytes, at + 1))) {
      const tag = at + 1 + STDOUT.length;
      // Another tag is a line that goes on; another word is none of a runtime.
      if (bytes[tag] !== SPACE || bytes[tag + 1] !== LETTER_F || bytes[tag + 2] !== SPACE) return this.#lost();
      this.stream = bytes[at + 4] === 0x65 ? 'stderr' : 'stdout';
      return this.#move(tag + 3);
    }
    if (fraction <= 6 && this.#short(at, false)) return true;
    return isStamp && !this.#isLost && this.#move(at + 1);
  }

  /** `May 13 02:43:13 host unit[pid]: text`; a fraction is written by those only who write the number, too. */
  #journal(): boolean {
    const time = this.#monthEnd(this.from, true);
    return time !== -1 && this.bytes[time] === SPACE && this.#short(time, this.bytes[this.from + 15] === POINT);
  }

  /** ` host unit[pid]: text` behind a time that ends at `time`. */
  #short(time: number, needsNumber: boolean): boolean {
    const { bytes } = this;
    const host = this.#wordEnd(time + 1, MAX_NAME);
    let at = host === -1 ? -1 : this.#tagEnd(host + 1);
    if (at === -1) return false;
    if (bytes[at] === OPEN_BRACKET) {
      const digits = digitsEnd(bytes, at + 1, 10);
      if (digits === -1 || bytes[digits] !== CLOSE_BRACKET) return false;
      at = digits + 1;
    } else if (needsNumber) return false;
    return bytes[at] === COLON && bytes[at + 1] === SPACE && this.#move(at + 2);
  }

  /** `acra-server-1  | text` */
  #compose(): boolean {
    const { bytes, from } = this;
    let at = from;
    while (at < from + 128 && isNameSign(bytes[at] ?? 0)) at += 1;
    const end = at;
    while (at <= end + 200 && bytes[at] === SPACE) at += 1;
    const isBar = at > end && at <= end + 200 && bytes[at] === BAR && bytes[at + 1] === SPACE;
    if (this.#isLost || end === from || !isBar) return false;
    if (bytes === this.#scratch) return this.#lost();
    this.nameStart = from;
    this.nameEnd = end;
    return this.#move(at + 2);
  }

  /** Behind `May 13 02:43:13`, with a fraction where there may be one; -1 when it is no such time. */
  #monthEnd(start: number, withFraction: boolean): number {
    const { bytes } = this;
    const isMonth = isUpper(bytes[start] ?? 0) && isSmall(bytes[start + 1] ?? 0) && isSmall(bytes[start + 2] ?? 0);
    const isDate =
      bytes[start + 3] === SPACE &&
      (bytes[start + 4] === SPACE || isDigit(bytes[start + 4] ?? 0)) &&
      isDigit(bytes[start + 5] ?? 0) &&
      bytes[start + 6] === SPACE;
    if (!isMonth || !isDate || !isClock(bytes, start + 7)) return -1;
    const end = start + 15;
    if (!withFraction || bytes[end] !== POINT) return end;
    return digitsEnd(bytes, end + 1, 6);
  }

  /** Where a word ends, at the blank behind it; -1 when it is empty, too long or no plain text. */
  #wordEnd(start: number, longest: number): number {
    const { bytes } = this;
    let at = start;
    while (isPrinted(bytes[at] ?? 0)) at += 1;
    return at > start && at <= start + longest && bytes[at] === SPACE && at < this.to ? at : -1;
  }

  /** Where the name of a program ends. */
  #tagEnd(start: number): number {
    const { bytes } = this;
    let at = start;
    for (; isPrinted(bytes[at] ?? 0); at += 1) {
      const byte = bytes[at];
      if (byte === COLON || byte === OPEN_BRACKET || byte === CLOSE_BRACKET) break;
    }
    return at > start && at <= start + MAX_NAME && at < this.to ? at : -1;
  }
}

/** `2024-09-17T08:00:00.000000000Z"}`: a text without escapes, and nothing behind the object. */
function isPlainEnd(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end - 2; at += 1) {
    const byte = bytes[at] ?? 0;
    if (!isPrinted(byte) || byte === QUOTE || byte === BACKSLASH) return false;
  }
  return end - 2 >= start && bytes[end - 2] === QUOTE && bytes[end - 1] === 0x7d;
}

/** The sign of `u003c`: what Go escapes in JSON although it need not; 0 for all others. */
function asciiEscape(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0x75 || bytes[at + 1] !== 0x30 || bytes[at + 2] !== 0x30) return 0;
  const high = hexDigit(bytes[at + 3] ?? 0);
  const low = hexDigit(bytes[at + 4] ?? 0);
  return high < 2 || high > 7 || low < 0 ? 0 : high * 16 + low;
}

function hexDigit(byte: number): number {
  if (isDigit(byte)) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** Behind one to `most` digits; -1 when there are none or more. */
function digitsEnd(bytes: Uint8Array, start: number, most: number): number {
  let at = start;
  while (isDigit(bytes[at] ?? 0)) at += 1;
  return at > start && at <= start + most ? at : -1;
}

/** `2024-09-17` */
function isDay(bytes: Uint8Array, at: number): boolean {
  return (
    isPair(bytes, at) &&
    isPair(bytes, at + 2) &&
    bytes[at + 4] === MINUS &&
    isPair(bytes, at + 5) &&
    bytes[at + 7] === MINUS &&
    isPair(bytes, at + 8)
  );
}

/** `08:00:00` */
function isClock(bytes: Uint8Array, at: number): boolean {
  return (
    isPair(bytes, at) &&
    bytes[at + 2] === COLON &&
    isPair(bytes, at + 3) &&
    bytes[at + 5] === COLON &&
    isPair(bytes, at + 6)
  );
}

function isSmall(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}

function isPrinted(byte: number): boolean {
  return byte > SPACE && byte < 0x7f;
}

function isNameSign(byte: number): boolean {
  return isLetter(byte) || isDigit(byte) || byte === POINT || byte === MINUS || byte === 0x5f;
}
