import { type DecodeJson, decodeJson } from '../decode/json.ts';
import { changedFrame } from '../decode/read-frame.ts';
import type { Limits } from '../limits.ts';
import type { Frame, Position } from '../records.ts';
import { earliestOf } from '../resume.ts';
import { stripColour } from './ansi.ts';
import { unwrapCompose, unwrapCri, unwrapPod, unwrapStamp } from './container.ts';
import { unwrapEnvelope } from './envelope.ts';
import { createServerLog, unwrapServerRecord } from './glassfish.ts';
import { joinPieces } from './pieces.ts';
import { unwrapRfc3164, unwrapRfc5424, unwrapShort } from './syslog.ts';
import { type Unwrapped, unwrapFrame } from './wrapper.ts';

/** Wrappers round wrappers: a syslog relay in a container in a log store. More than this is not met. */
const MAX_DEPTH = 4;
/** A runtime cuts a line and goes on with it at once; after so many other lines the rest will not come. */
const MAX_WAIT_LINES = 10_000;
/** Streams whose unfinished line is held at a time. */
const MAX_STREAMS = 256;

const RESET = '\u001b[0m';

/** Takes wrappers off the lines of one input and joins lines that a runtime cut into pieces. */
export interface Unwrapper {
  push(frame: Frame): Frame[];
  /** Lines whose rest never came. */
  end(): Frame[];
  /** Where the earliest line begins whose rest is waited for. */
  readonly earliest: Position | undefined;
  /** Nothing is waited for. */
  readonly idle: boolean;
}

/** Creates the state for one input. Memory is bounded: a joined line by the line limit, the number of unfinished lines by a constant. */
export function createUnwrapper({ maxLineBytes }: Limits, decode: DecodeJson = decodeJson): Unwrapper {
  const pending = new Map<string, Frame>();
  const serverLog = createServerLog(maxLineBytes);

  function finish(key: string, frame: Frame): Frame {
    const begun = pending.get(key);
    pending.delete(key);
    return begun ? joinPieces(begun, frame, maxLineBytes) : frame;
  }

  function push(frame: Frame): Frame[] {
    const taken = serverLog.push(frame);
    if (taken) return taken;
    const opened = openAll(frame, decode);
    if (!opened) return pending.size === 0 ? [frame] : goOn({ frame, key: '', partial: false }, frame);
    return goOn(opened, frame);
  }

  function goOn(opened: Opened, frame: Frame): Frame[] {
    const { key, partial } = opened;
    const whole = finish(key, opened.frame);
    const forced = pending.size > 0 && waitsInVain(pending, frame) ? oldest(pending) : [];
    if (!partial) return [...forced, whole];
    pending.set(key, whole);
    return forced;
  }

  return {
    push,
    get idle() {
      return pending.size === 0 && serverLog.earliest === undefined;
    },
    get earliest() {
      const held = [...pending.values()].map(({ position }) => position);
      return earliestOf(serverLog.earliest ? [serverLog.earliest, ...held] : held);
    },
    end() {
      const rest = [...pending.values()].map((frame) => changedFrame(frame, { truncated: true }));
      pending.clear();
      return [...serverLog.end(), ...rest];
    },
  };
}

/** A single text without its wrappers, where no further line can come. */
export function unwrapOne(frame: Frame, decode: DecodeJson = decodeJson): Frame {
  return unwrapServerRecord(frame) ?? openAll(frame, decode)?.frame ?? frame;
}

/** A line out of its wrappers. */
interface Opened {
  readonly frame: Frame;
  /** Names the stream that it came from. */
  readonly key: string;
  readonly partial: boolean;
}

/** Undefined for a line without a wrapper. */
function openAll(frame: Frame, decode: DecodeJson): Opened | undefined {
  let current = frame;
  let key = '';
  let partial = false;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const text = plainText(current.text);
    const opened = openOnce(text, decode);
    if (!opened) {
      if (text !== current.text) return { frame: changedFrame(current, { text }), key, partial };
      return current === frame ? undefined : { frame: current, key, partial };
    }
    current = unwrapFrame(current, opened);
    key += `\n${opened.stream ?? ''}`;
    if (opened.partial) return { frame: current, key, partial: true };
    partial = false;
  }
  return { frame: current, key, partial };
}

/** Each wrapper has its own first signs; most lines begin like none. */
function openOnce(text: string, decode: DecodeJson): Unwrapped | undefined {
  const first = text.charCodeAt(0);
  if (first === OPEN_BRACE || first === RECORD_SEPARATOR) return unwrapEnvelope(text, decode);
  if (first === LESS_THAN) return unwrapRfc5424(text) ?? unwrapRfc3164(text);
  if (first === OPEN_BRACKET) return unwrapPod(text);
  if (first === ESCAPE) return unwrapCompose(text);
  if (first >= ZERO && first <= NINE) {
    const stamped = text.charCodeAt(STAMP_AT) === LETTER_T;
    return (
      (stamped ? (unwrapCri(text) ?? unwrapShort(text)) : undefined) ??
      unwrapCompose(text) ??
      (stamped ? unwrapStamp(text) : undefined)
    );
  }
  const isCapital = first >= LETTER_A && first <= LETTER_Z;
  const isSmall = first >= SMALL_A && first <= SMALL_Z;
  if (!isCapital && !isSmall) return undefined;
  // `May 13 …`
  const short = isCapital && text.charCodeAt(MONTH_LENGTH) === BLANK ? unwrapShort(text) : undefined;
  return short ?? unwrapCompose(text);
}

const RECORD_SEPARATOR = 0x1e;
const ESCAPE = 0x1b;
const BLANK = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const LESS_THAN = 0x3c;
const LETTER_A = 0x41;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const OPEN_BRACKET = 0x5b;
const SMALL_A = 0x61;
const SMALL_Z = 0x7a;
const OPEN_BRACE = 0x7b;
/** Where the `T` of `2024-09-17T08:00:00` stands. */
const STAMP_AT = 10;
const MONTH_LENGTH = 3;

/** A console's colours round a log4j line, whose first sign is a digit; other coloured lines are a format of their own. */
function plainText(text: string): string {
  if (text.charCodeAt(0) !== 0x1b && !text.includes('\u001b[')) return text;
  const plain = stripColour(text);
  if (plain !== undefined && /^\d/.test(plain)) return plain;
  // The reset at the end of a record that went over several lines.
  return text.endsWith(RESET) && text.indexOf('\u001b[') === text.length - RESET.length
    ? text.slice(0, -RESET.length)
    : text;
}

function waitsInVain(pending: ReadonlyMap<string, Frame>, { position }: Frame): boolean {
  if (pending.size >= MAX_STREAMS) return true;
  for (const first of pending.values())
    return position.number - (first.lastNumber ?? first.position.number) > MAX_WAIT_LINES;
  return false;
}

/** Gives up on the line that has waited longest. */
function oldest(pending: Map<string, Frame>): Frame[] {
  const [first] = pending;
  if (!first) return [];
  pending.delete(first[0]);
  return [changedFrame(first[1], { truncated: true })];
}
