import type { Product } from '@cryptrail/catalogue';
import { GENERAL_REDACTION } from '@cryptrail/catalogue/words';
import { mayHoldKey } from '../decode/private-key.ts';
import { redactForeign } from '../map/foreign.ts';
import { parseIso } from '../map/iso-time.ts';
import { commonSeverity } from '../map/severity.ts';
import { civilNanos } from '../map/timestamp.ts';
import { compileTextRedactor, secretStarts } from '../redact/message.ts';
import { secretBytes } from '../redact/secret-bytes.ts';
import { secretNames } from '../redact/secret-names.ts';
import type { BytesTest } from '../trigram-test.ts';
import { ByteCache } from './byte-cache.ts';
import { ForeignTest } from './foreign-test.ts';
import { CATEGORY_PART, LEVEL_PART, THREAD_PART, TIME_PART } from './layout-scanner.ts';
import { compileWords, LineBeginnings } from './line-beginnings.ts';
import { TIME } from './otlp-tags.ts';
import type { PlaceWriter } from './place-writer.ts';
import { attributeBytes, type RecordBuffer, severityBytes } from './record-buffer.ts';
import type { WrittenPlace } from './record-plan.ts';
import { writeIsoTime } from './time-bytes.ts';
import { goesOnInTrace } from './trace-line.ts';
import { asciiText, isUtf8, utf8Text } from './utf8.ts';

const TAB = 0x09;
const LF = 0x0a;
const SPACE = 0x20;
/** Loggers, threads and levels that are remembered, two to the power of it. */
const NAME_BITS = 9;
const SECONDS_LENGTH = 19;

const TRACE = { goesOn: goesOnInTrace };
const STATUS = attributeBytes('cryptrail.parse.status', 'foreign');

/** What is asked of foreign lines beside what all products say. */
export interface ForeignRules {
  readonly products: readonly Product[];
  readonly timeZone: string;
}

/**
 * Writes lines straight from their bytes that other loggers of the same log wrote: `foreignRecord` in bytes, with the stack trace behind them. A line of which the bytes do
 * not tell for certain that no product knows it is left to the ordinary way.
 */
export class ForeignLane {
  /** Whether the line that was written last holds more than ASCII. */
  isBeyondAscii = false;
  readonly #buffer: RecordBuffer;
  readonly #timeZone: string;
  readonly #beginnings: LineBeginnings;
  readonly #test: ForeignTest;
  readonly #redactMessages: (text: string) => string;
  readonly #mayHoldSecret: BytesTest | undefined;
  readonly #places: PlaceWriter;
  readonly #severities = new ByteCache<Uint8Array>(NAME_BITS);
  readonly #loggers = new ByteCache<Uint8Array>(NAME_BITS);
  readonly #threads = new ByteCache<Uint8Array>(NAME_BITS);
  #layout = -1;

  private constructor(
    { products, timeZone }: ForeignRules,
    beginnings: LineBeginnings,
    buffer: RecordBuffer,
    places: PlaceWriter,
  ) {
    this.#beginnings = beginnings;
    this.#buffer = buffer;
    this.#timeZone = timeZone;
    this.#places = places;
    this.#test = new ForeignTest(products, beginnings);
    const redactions = products.map(({ redaction }) => redaction);
    this.#redactMessages = compileTextRedactor(redactions);
    this.#mayHoldSecret = compileWords(secretStarts(redactions));
  }

  /** Undefined for products without layouts, or whose lines cannot be told by their bytes. */
  static of(rules: ForeignRules, buffer: RecordBuffer, places: PlaceWriter): ForeignLane | undefined {
    const beginnings = LineBeginnings.of(rules.products);
    return beginnings && beginnings.layouts.count > 0 ? new ForeignLane(rules, beginnings, buffer, places) : undefined;
  }

  /** Writes the line with the stack trace behind it; gives where that ends, -1 when it is not for this way, or `WAITS` as {@link LineBeginnings.endOf} does. */
  write(
    bytes: Uint8Array,
    start: number,
    end: number,
    stop: number,
    offset: number,
    number: number,
    place: WrittenPlace,
    observed: bigint,
  ): number {
    if (!this.#test.isForeign(bytes, start, end)) return -1;
    const last = this.#beginnings.endOf(bytes, end, stop, TRACE);
    if (last < 0) return last;
    const textEnd = this.#textEnd(bytes, start, last);
    if (textEnd === -1) return -1;
    // The line behind this one was looked at since then.
    this.#layout = this.#beginnings.layouts.next(bytes, start, end);
    const buffer = this.#buffer;
    const begun = buffer.beginRecord();
    this.#time(bytes);
    this.#name(bytes, LEVEL_PART, this.#severities, severityOf);
    this.#body(bytes, start, textEnd);
    buffer.raw(STATUS);
    this.#places.write(offset, number, place);
    this.#name(bytes, CATEGORY_PART, this.#loggers, loggerBytes);
    this.#name(bytes, THREAD_PART, this.#threads, threadBytes);
    this.#places.observed(observed);
    buffer.endRecord(begun);
    return last;
  }

  /**
   * Where the text ends without the white space behind it; -1 for a line with signs in it that may not stay as they are, and for one in which a private key may
   * begin: that goes on in the lines behind it.
   */
  #textEnd(bytes: Uint8Array, start: number, end: number): number {
    if (mayHoldKey(bytes, start, end)) return -1;
    let signs = 0;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      signs |= byte;
      if (byte < SPACE && byte !== TAB && byte !== LF) return -1;
    }
    this.isBeyondAscii = signs >= 0x80;
    // A byte order mark behind a line is no part of it, and other white space may stand there.
    if (this.isBeyondAscii && ((bytes[end - 1] ?? 0) >= 0x80 || !isUtf8(bytes, start, end))) return -1;
    let last = end;
    while (last > start && (bytes[last - 1] ?? 0) <= SPACE) last -= 1;
    return last;
  }

  #time(bytes: Uint8Array): void {
    const { layouts } = this.#beginnings;
    const hasTime = layouts.partsOf(this.#layout).includes(TIME_PART);
    const start = layouts.starts[TIME_PART] ?? 0;
    const end = hasTime ? (layouts.ends[TIME_PART] ?? 0) : start;
    if (end - start < SECONDS_LENGTH) this.#buffer.time(0, 0);
    else if (!writeIsoTime(this.#buffer, bytes, start, end, this.#timeZone))
      this.#buffer.fixed64(TIME, civilNanos(parseIso(asciiText(bytes, start, end)), this.#timeZone) ?? 0n);
  }

  /** What a part of the layout makes of the record. */
  #name(
    bytes: Uint8Array,
    part: number,
    known: ByteCache<Uint8Array>,
    make: (shown: string, text: string) => Uint8Array,
  ) {
    const { layouts } = this.#beginnings;
    const start = layouts.starts[part] ?? 0;
    const end = layouts.ends[part] ?? 0;
    if (!layouts.partsOf(this.#layout).includes(part) || start === end) return;
    let made = known.get(bytes, start, end);
    if (!made) {
      const text = asciiText(bytes, start, end);
      made = make(redactForeign(text, this.#redactMessages), text);
      known.set(bytes, start, end, made);
    }
    this.#buffer.raw(made);
  }

  #body(bytes: Uint8Array, start: number, end: number): void {
    const buffer = this.#buffer;
    const mayHold = secretBytes(secretNames(GENERAL_REDACTION));
    const isPlain = this.#mayHoldSecret?.(bytes, start, end) === false && !mayHold(bytes, start, end);
    buffer.reserve(end - start + 16);
    if (isPlain) buffer.beginBody(end - start);
    else {
      const text = (this.isBeyondAscii ? utf8Text : asciiText)(bytes, start, end);
      const shown = encoder.encode(redactForeign(text, this.#redactMessages));
      buffer.beginBody(shown.length);
      buffer.raw(shown);
      return;
    }
    buffer.copy(bytes, start, end);
  }
}

const encoder = new TextEncoder();

function severityOf(shown: string, level: string): Uint8Array {
  return severityBytes(commonSeverity(level).number, shown);
}

function loggerBytes(shown: string): Uint8Array {
  return attributeBytes('cryptrail.logger.name', shown);
}

function threadBytes(shown: string): Uint8Array {
  return attributeBytes('thread.name', shown);
}
