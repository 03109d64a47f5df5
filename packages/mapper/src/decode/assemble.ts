import type { Product } from '@cryptrail/catalogue';
import type { Limits } from '../limits.ts';
import type { Frame, Outer, Position } from '../records.ts';
import { earliestOf } from '../resume.ts';
import { goesOnInGoTrace } from './go-trace.ts';
import { createLineKinds, type LineKind } from './line-kind.ts';
import { isInsideKey, leavesKeyOpen } from './private-key.ts';
import { goesOnInPythonTrace } from './python-trace.ts';
import { changedFrame } from './read-frame.ts';

/** Joins physical lines into records. Create one per input. */
export interface Assembler {
  /** Records completed by this line, in input order. Text of a joined record keeps its line breaks as `\n`; position and wrapper are those of its first line. */
  push(frame: Frame): Frame[];
  /** A line without a wrapper comes next that begins something of its own: what it does not belong to is given out, as {@link push} would with the next line. */
  closeBare(): Frame[];
  /** What is left when the input ends, or when nothing more has come for a while. */
  end(): Frame[];
  /** Where the earliest record begins that was not given out yet. */
  readonly earliest: Position | undefined;
  /** Nothing is waited for. */
  readonly idle: boolean;
}

/** A record being gathered, or one that waits for an earlier one. */
interface Item {
  readonly kind: LineKind;
  readonly frames: Frame[];
  /** Blank lines that belong to the record only when more of it follows. */
  blanks: Frame[];
  bytes: number;
  open: boolean;
  /** The limit came before the end of the record. */
  cut: boolean;
  /** A private key has begun in it and not ended. */
  inKey: boolean;
}

/** Certificate chains have some hundred lines; a record whose end was lost must not swallow the rest of a log. */
const MAX_LINES = 10_000;
/** Records that may wait for an earlier one of another source (interleaved containers). */
const MAX_WAITING = 256;

/**
 * Joins the lines of one record: a labelled one runs to its end mark; a delimited one to the next line that begins a record of any kind; the stack
 * trace behind a line of other text belongs to it, and what a dying Go program prints is one record. Lines of different sources (wrappers say so) are kept apart. Memory is bounded by
 * `maxRecordBytes`; what is over it begins a new frame. Blank lines outside a record come through as they are.
 */
export function createAssembler(products: readonly Product[], limits: Pick<Limits, 'maxRecordBytes'>): Assembler {
  const kindOf = createLineKinds(products);
  const waiting: Item[] = [];
  const openBySource = new Map<string, Item>();

  function close(source: string): void {
    const item = openBySource.get(source);
    if (item) item.open = false;
    openBySource.delete(source);
  }

  function release(all = false): Frame[] {
    const frames: Frame[] = [];
    let done = 0;
    while (done < waiting.length) {
      const item = waiting[done];
      if (!item || (item.open && !all && !isCrowded(done))) break;
      item.open = false;
      frames.push(joinFrames(item), ...item.blanks);
      done += 1;
    }
    waiting.splice(0, done);
    return frames;
  }

  /** Too much waits for the record at `head`: it is given out as it is. */
  function isCrowded(head: number): boolean {
    if (waiting.length - head === 1) return false;
    const bytes = waiting.slice(head).reduce((sum, item) => sum + item.bytes, 0);
    return bytes > limits.maxRecordBytes || waiting.length - head > MAX_WAITING;
  }

  function start(frame: Frame, kind: LineKind, source: string): void {
    close(source);
    const open = kind.kind === 'labelled' ? !kind.isEnd(frame.text) : kind.kind !== 'single';
    const item: Item = {
      kind,
      frames: [frame],
      blanks: [],
      bytes: frame.byteLength,
      open,
      cut: false,
      inKey: open && leavesKeyOpen(frame.text, false),
    };
    waiting.push(item);
    if (open) openBySource.set(source, item);
  }

  /** True when the line belongs to the record that is open and there is room for it. */
  function goesOn(item: Item, frame: Frame, kind: LineKind): boolean {
    if (!item.open || !belongsTo(item, frame, kind)) return false;
    item.cut = item.frames.length >= MAX_LINES || item.bytes + frame.byteLength > limits.maxRecordBytes;
    return !item.cut;
  }

  /** The source whose private key goes on in a line that lost its wrapper. */
  function holderOfKey({ text, outer }: Frame): string | undefined {
    if (outer || openBySource.size === 0 || openBySource.has('') || !isInsideKey(text)) return undefined;
    return [...openBySource].find(([, { inKey }]) => inKey)?.[0];
  }

  function add(item: Item, frame: Frame, source: string): void {
    item.frames.push(...item.blanks, frame);
    item.blanks = [];
    item.bytes += frame.byteLength + 1;
    item.inKey = leavesKeyOpen(frame.text, item.inKey);
    if (item.kind.kind === 'labelled' && item.kind.isEnd(frame.text)) close(source);
  }

  return {
    push(given) {
      const frame = withoutReset(given);
      const source = holderOfKey(frame) ?? sourceOf(frame.outer);
      const item = openBySource.get(source);
      if (isBlank(frame.text)) {
        if (!item?.open || item.blanks.length >= MAX_LINES) {
          close(source);
          waiting.push({
            kind: { kind: 'single' },
            frames: [frame],
            blanks: [],
            bytes: 0,
            open: false,
            cut: false,
            inKey: false,
          });
        } else {
          item.blanks.push(frame);
          item.bytes += frame.byteLength + 1;
        }
      } else {
        const kind = kindOf(frame);
        // Nothing waits, and nothing is waited for.
        if (waiting.length === 0 && kind.kind === 'single') return [frame];
        if (item && goesOn(item, frame, kind)) add(item, frame, source);
        else start(frame, kind, source);
      }
      return release();
    },
    closeBare() {
      close('');
      return release();
    },
    get idle() {
      return waiting.length === 0;
    },
    get earliest() {
      return earliestOf(waiting.flatMap(({ frames }) => frames[0]?.position ?? []));
    },
    end() {
      openBySource.clear();
      return release(true);
    },
  };
}

/** A coloured console ends each record, also one of several lines, by resetting the colour. */
const COLOUR_RESET = '\u001b[0m';

function withoutReset(frame: Frame): Frame {
  return frame.text.endsWith(COLOUR_RESET)
    ? changedFrame(frame, { text: frame.text.slice(0, -COLOUR_RESET.length) })
    : frame;
}

function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return !(first > 0x20 && first < 0x7f) && text.trim() === '';
}

function belongsTo(item: Item, { text }: Frame, { kind }: LineKind): boolean {
  if (item.kind.kind === 'go_trace') return (kind === 'loose' || kind === 'go_trace') && goesOnInGoTrace(text);
  if (item.kind.kind === 'python_trace')
    return (kind === 'loose' || kind === 'python_trace') && goesOnInPythonTrace(text, item.frames.at(-1)?.text ?? '');
  if (kind !== 'loose') return false;
  if (item.inKey && isInsideKey(text)) return true;
  if (item.kind.kind === 'labelled' || item.kind.kind === 'delimited') return true;
  return item.blanks.length === 0 && isTrace(text, item.frames.length === 1);
}

/** One text per source of interleaved lines; `''` for lines without a wrapper. */
function sourceOf(outer: Outer | undefined): string {
  if (!outer) return '';
  const attributes = [...(outer.attributes ?? [])].map(([name, value]) => `${name}=${String(value)}`);
  return [outer.stream, outer.host, ...attributes].join('\n');
}

/** `\tat a.B.c(B.java:1)`, `\t... 12 more`, `Caused by: …`, and right behind the first line the name of the exception. */
function isTrace(text: string, first: boolean): boolean {
  const line = text.trimStart();
  if (line.length < text.length)
    return line.startsWith('at ') || line.startsWith('... ') || line.startsWith('Suppressed: ');
  return line.startsWith('Caused by: ') || (first && isExceptionName(line));
}

const MAX_CLASS_NAME = 256;

/** `java.lang.NullPointerException: null`: a qualified name whose last part begins with a capital. */
function isExceptionName(line: string): boolean {
  const head = line.slice(0, MAX_CLASS_NAME + 1);
  const colon = head.indexOf(':');
  const name = colon === -1 ? head : head.slice(0, colon);
  const dot = name.lastIndexOf('.');
  return dot > 0 && name.length <= MAX_CLASS_NAME && /^[\w$.]+$/.test(name) && /[A-Z]/.test(name.charAt(dot + 1));
}

function joinFrames({ frames, cut }: Item): Frame {
  const [first] = frames;
  if (!first) return { text: '', position: { number: 0 }, byteLength: 0 };
  if (frames.length === 1) return cut ? changedFrame(first, { truncated: true }) : first;
  const bytes = joinBytes(frames);
  return {
    ...first,
    text: frames.map(({ text }) => text).join('\n'),
    ...(first.whole === undefined ? {} : { whole: frames.map(({ whole, text }) => whole ?? text).join('\n') }),
    byteLength: frames.reduce((sum, { byteLength }) => sum + byteLength + 1, -1),
    lastNumber: frames.reduce((last, { lastNumber, position }) => Math.max(last, lastNumber ?? position.number), 0),
    ...(bytes ? { bytes } : {}),
    ...(cut || frames.some(({ truncated }) => truncated) ? { truncated: true } : {}),
  };
}

function joinBytes(frames: readonly Frame[]): Uint8Array | undefined {
  const total = frames.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0) + 1, -1);
  const joined = new Uint8Array(total).fill(0x0a);
  let at = 0;
  for (const { bytes } of frames) {
    if (!bytes) return undefined;
    joined.set(bytes, at);
    at += bytes.length + 1;
  }
  return joined;
}
