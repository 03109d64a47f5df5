import type { Limits } from '../limits.ts';
import type { Frame, Position } from '../records.ts';
import { earliestOf } from '../resume.ts';
import { stripColour } from './ansi.ts';
import { unwrapCompose, unwrapCri, unwrapPod, unwrapStamp } from './container.ts';
import { unwrapEnvelope } from './envelope.ts';
import { unwrapRfc3164, unwrapRfc5424, unwrapShort } from './syslog.ts';
import { type Unwrap, type Unwrapped, unwrapFrame } from './wrapper.ts';

/** Wrappers round wrappers: a syslog relay in a container in a log store. More than this is not met. */
const MAX_DEPTH = 4;
/** A runtime cuts a line and goes on with it at once; after so many other lines the rest will not come. */
const MAX_WAIT_LINES = 10_000;
/** Streams whose unfinished line is held at a time. */
const MAX_STREAMS = 256;

const RESET = '\u001b[0m';

const UNWRAPS: readonly Unwrap[] = [
  unwrapEnvelope,
  unwrapCri,
  unwrapRfc5424,
  unwrapRfc3164,
  unwrapShort,
  unwrapCompose,
  unwrapPod,
  unwrapStamp,
];

/** Takes wrappers off the lines of one input and joins lines that a runtime cut into pieces. */
export interface Unwrapper {
  push(frame: Frame): Frame[];
  /** Lines whose rest never came. */
  end(): Frame[];
  /** Where the earliest line begins whose rest is waited for. */
  readonly earliest: Position | undefined;
}

/** Creates the state for one input. Memory is bounded: a joined line by the line limit, the number of unfinished lines by a constant. */
export function createUnwrapper({ maxLineBytes }: Limits): Unwrapper {
  const pending = new Map<string, Frame>();

  function finish(key: string, frame: Frame): Frame {
    const begun = pending.get(key);
    pending.delete(key);
    return begun ? join(begun, frame, maxLineBytes) : frame;
  }

  function push(frame: Frame): Frame[] {
    const opened = openAll(frame);
    const { key, partial } = opened;
    const whole = finish(key, opened.frame);
    const forced = pending.size > 0 && waitsInVain(pending, frame) ? oldest(pending) : [];
    if (!partial) return [...forced, whole];
    pending.set(key, whole);
    return forced;
  }

  return {
    push,
    get earliest() {
      return earliestOf([...pending.values()].map(({ position }) => position));
    },
    end() {
      const rest = [...pending.values()].map((frame) => ({ ...frame, truncated: true }));
      pending.clear();
      return rest;
    },
  };
}

/** A single text without its wrappers, where no further line can come. */
export function unwrapOne(frame: Frame): Frame {
  return openAll(frame).frame;
}

function openAll(frame: Frame): { frame: Frame; key: string; partial: boolean } {
  let current = frame;
  let key = '';
  let partial = false;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const text = plainText(current.text);
    const opened = openOnce(text);
    if (!opened) return { frame: text === current.text ? current : { ...current, text }, key, partial };
    current = unwrapFrame(current, opened);
    key += `\n${opened.stream ?? ''}`;
    if (opened.partial) return { frame: current, key, partial: true };
    partial = false;
  }
  return { frame: current, key, partial };
}

function openOnce(text: string): Unwrapped | undefined {
  for (const unwrap of UNWRAPS) {
    const opened = unwrap(text);
    if (opened) return opened;
  }
  return undefined;
}

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

function join(begun: Frame, frame: Frame, maxLineBytes: number): Frame {
  const text = begun.text + frame.text;
  const truncated = begun.truncated || frame.truncated || text.length > maxLineBytes;
  return {
    ...begun,
    text: text.length > maxLineBytes ? text.slice(0, maxLineBytes) : text,
    byteLength: begun.byteLength + frame.byteLength,
    lastNumber: frame.position.number,
    ...(truncated ? { truncated } : {}),
  };
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
  return [{ ...first[1], truncated: true }];
}
