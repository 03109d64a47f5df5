import { changedFrame } from '../decode/read-frame.ts';
import { parseIso } from '../map/iso-time.ts';
import { civilNanos } from '../map/timestamp.ts';
import type { Frame, Layout, Position } from '../records.ts';
import { joinPieces } from './pieces.ts';
import { unwrapFrame } from './wrapper.ts';

/** `[#|2012-10-19T10:51:43.240+0200|INFO|glassfish3.1.2|a.b.Logger|_ThreadID=70;_ThreadName=x;|` */
const UNIFORM = /^\[#\|([^|\n]{1,40})\|([^|\n]{0,20})\|[^|\n]{0,100}\|([^|\n]{0,256})\|([^|\n]{0,1000})\|/;
/** `[2024-05-12T08:30:15.123+0000] [Payara 5.2022] [INFO] [] [a.b.Logger] [tid: _ThreadID=70 _ThreadName=x] [timeMillis: 1] [levelValue: 800] [[` */
const ODL =
  /^\[(\d{4}-\d\d-\d\dT[^\]\n]{1,30})\] \[[^\]\n]{0,100}\] \[([^\]\n]{0,20})\] \[[^\]\n]{0,100}\] \[([^\]\n]{0,256})\] \[([^\]\n]{0,300})\] (?:\[[a-zA-Z]{1,30}: [^\]\n]{0,100}\] ){0,4}\[\[/;
const THREAD = /_ThreadName=([^;\]\n]{1,200})/;

/** A record that does not end in so many lines never will. */
const MAX_LINES = 10_000;
const OPEN_BRACKET = 0x5b;

/** Takes the records of GlassFish's and Payara's `server.log` out of their marks: each begins with its time and level, and may go over many lines. */
export interface ServerLog {
  /** Undefined for a line that is no part of such a record. */
  push(frame: Frame): Frame[] | undefined;
  /** The record whose end never came. */
  end(): Frame[];
  /** Where the record begins that has not ended. */
  readonly earliest: Position | undefined;
}

/** What a record begins with, and what it will end with. */
interface Head {
  readonly length: number;
  readonly close: string;
  readonly layout: Layout;
}

/** Creates the state for one input. Memory is bounded by the line limit. */
export function createServerLog(maxLineBytes: number): ServerLog {
  let open: { readonly head: Head; readonly frame: Frame; readonly lines: number } | undefined;

  function giveUp(): Frame[] {
    const left = open;
    open = undefined;
    return left ? [bare(changedFrame(left.frame, { truncated: true }), left.head)] : [];
  }

  return {
    push(frame) {
      const head = headOf(frame.text);
      if (!open && !head) return undefined;
      if (head) {
        const before = giveUp();
        if (frame.text.trimEnd().endsWith(head.close)) return [...before, bare(frame, head)];
        open = { head, frame, lines: 1 };
        return before;
      }
      if (!open) return undefined;
      const joined = joinPieces(open.frame, changedFrame(frame, { text: `\n${frame.text}` }), maxLineBytes);
      open = { head: open.head, frame: joined, lines: open.lines + 1 };
      if (open.lines > MAX_LINES) return giveUp();
      if (!frame.text.trimEnd().endsWith(open.head.close)) return [];
      const whole = bare(joined, open.head);
      open = undefined;
      return [whole];
    },
    end: giveUp,
    get earliest() {
      return open?.frame.position;
    },
  };
}

/** A record that stands in one text. */
export function unwrapServerRecord(frame: Frame): Frame | undefined {
  const head = headOf(frame.text);
  return head && bare(frame, head);
}

function headOf(text: string): Head | undefined {
  if (text.charCodeAt(0) !== OPEN_BRACKET) return undefined;
  const uniform = UNIFORM.exec(text);
  const match = uniform ?? ODL.exec(text);
  if (!match) return undefined;
  const [{ length }, time = '', level = '', category = '', more = ''] = match;
  const [, thread] = THREAD.exec(more) ?? [];
  const layout = {
    time,
    ...(level === '' ? {} : { level }),
    ...(category === '' ? {} : { category }),
    ...(thread === undefined ? {} : { thread }),
  };
  return { length, close: uniform ? '|#]' : ']]', layout };
}

/** The message alone; a record that was cut has no mark at its end. */
function bare(frame: Frame, { length, close, layout }: Head): Frame {
  const text = frame.text.slice(length).trim();
  const timeUnixNano = civilNanos(parseIso(layout.time ?? ''), 'UTC');
  return unwrapFrame(frame, {
    text: text.endsWith(close) ? text.slice(0, -close.length) : text,
    layout,
    ...(timeUnixNano === undefined ? {} : { outer: { timeUnixNano } }),
  });
}
