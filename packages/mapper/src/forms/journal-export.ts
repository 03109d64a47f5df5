import type { Limits } from '../limits.ts';
import type { Frame, Outer } from '../records.ts';
import { joinPieces } from '../unwrap/pieces.ts';
import type { Entry, Form, FormReader } from './form.ts';

const LF = 0x0a;
const EQUALS = 0x3d;
/** A field with bytes that do not print: its name, LF, eight bytes of length (little endian), the bytes, LF. */
const LENGTH_BYTES = 8;

/** `journalctl -o export`: fields as `NAME=value` lines or, when they hold other bytes than text, with a length; an empty line ends an entry. */
export const journalExport: Form = {
  id: 'journal-export',
  sniff: (head) => head.startsWith('__CURSOR=') || head.startsWith('__REALTIME_TIMESTAMP='),
  open: createReader,
};

interface OpenEntry {
  readonly fields: Map<string, Uint8Array>;
  /** Bytes of the entry, kept or not. */
  length: number;
}

/** Only what is used is kept, so an entry costs its message and a few short fields. */
const WANTED: ReadonlySet<string> = new Set([
  'MESSAGE',
  '__REALTIME_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  '_HOSTNAME',
  '_STREAM_ID',
  '_LINE_BREAK',
]);

function createReader({ maxLineBytes }: Limits): FormReader {
  const maxBuffer = maxLineBytes + 4096;
  let buffer: Uint8Array = new Uint8Array(0);
  /** Bytes of an over-long field still to be passed over. */
  let skip = 0;
  let skipLine = false;
  let entry: OpenEntry = { fields: new Map(), length: 0 };
  let number = 0;
  let overlong = false;
  const joining = new Map<string, Frame>();

  function take(entries: Entry[]): void {
    let at = 0;
    for (;;) {
      const next = readField(at);
      if (next === undefined) break;
      if (next.kind === 'end') finish(entries);
      else {
        entry.length += next.to - at;
        if (WANTED.has(next.name) && !entry.fields.has(next.name)) entry.fields.set(next.name, next.value.slice());
      }
      at = next.to;
    }
    buffer = buffer.slice(at);
    if (buffer.length > maxBuffer) passOver();
  }

  type Field = { kind: 'field'; name: string; value: Uint8Array; to: number } | { kind: 'end'; to: number };

  function readField(at: number): Field | undefined {
    const end = buffer.indexOf(LF, at);
    if (end === -1) return undefined;
    if (end === at) return { kind: 'end', to: at + 1 };
    const equals = buffer.subarray(at, end).indexOf(EQUALS);
    if (equals !== -1) return field(at, at + equals, at + equals + 1, end);
    const from = end + 1 + LENGTH_BYTES;
    if (buffer.length < from) return undefined;
    const length = Number(new DataView(buffer.buffer, buffer.byteOffset + end + 1, LENGTH_BYTES).getBigUint64(0, true));
    return buffer.length < from + length + 1 ? undefined : field(at, end, from, from + length);
  }

  function field(at: number, nameEnd: number, from: number, to: number): Field {
    return { kind: 'field', name: text(buffer.subarray(at, nameEnd)), value: buffer.subarray(from, to), to: to + 1 };
  }

  /** A field longer than a record may be is given up, and with it the message of its entry. */
  function passOver(): void {
    const end = buffer.indexOf(LF);
    overlong = true;
    entry.length += buffer.length;
    if (end === -1) skipLine = true;
    else {
      const length = new DataView(buffer.buffer, buffer.byteOffset + end + 1, LENGTH_BYTES).getBigUint64(0, true);
      skip = Number(length) + end + 2 + LENGTH_BYTES - buffer.length;
    }
    buffer = new Uint8Array(0);
  }

  /** What of a chunk is not part of a field that was given up. */
  function unskipped(chunk: Uint8Array): Uint8Array {
    if (skipLine) {
      const end = chunk.indexOf(LF);
      skipLine = end === -1;
      return chunk.subarray(end === -1 ? chunk.length : end + 1);
    }
    const passed = Math.min(skip, chunk.length);
    skip -= passed;
    return chunk.subarray(passed);
  }

  function append(bytes: Uint8Array): void {
    const grown = new Uint8Array(buffer.length + bytes.length);
    grown.set(buffer);
    grown.set(bytes, buffer.length);
    buffer = grown;
  }

  function finish(entries: Entry[]): void {
    const { fields, length } = entry;
    entry = { fields: new Map(), length: 0 };
    const cut = overlong;
    overlong = false;
    if (length === 0) return;
    number += 1;
    const frame = toFrame(fields, number, length, cut);
    const stream = text(fields.get('_STREAM_ID'));
    const begun = joining.get(stream);
    const whole = begun ? joinPieces(begun, frame, maxLineBytes) : frame;
    joining.delete(stream);
    if (text(fields.get('_LINE_BREAK')) === 'line-max' && joining.size < 256) joining.set(stream, whole);
    else entries.push({ kind: 'line', frame: whole });
  }

  return {
    get next() {
      return { number: Math.min(number + 1, ...[...joining.values()].map(({ position }) => position.number)) };
    },
    push(chunk) {
      append(unskipped(chunk));
      const entries: Entry[] = [];
      take(entries);
      return entries;
    },
    end() {
      const entries: Entry[] = [];
      if (buffer.length > 0) append(Uint8Array.of(LF));
      take(entries);
      finish(entries);
      for (const frame of joining.values()) entries.push({ kind: 'line', frame: { ...frame, truncated: true } });
      joining.clear();
      return entries;
    },
  };
}

function toFrame(fields: ReadonlyMap<string, Uint8Array>, number: number, byteLength: number, cut: boolean): Frame {
  const micros = text(fields.get('_SOURCE_REALTIME_TIMESTAMP')) || text(fields.get('__REALTIME_TIMESTAMP'));
  const host = text(fields.get('_HOSTNAME'));
  const outer: Outer = {
    ...(/^\d{1,16}$/.test(micros) ? { timeUnixNano: BigInt(micros) * 1000n } : {}),
    ...(host === '' ? {} : { host }),
  };
  return {
    text: text(fields.get('MESSAGE')),
    position: { number },
    byteLength,
    ...(Object.keys(outer).length > 0 ? { outer } : {}),
    ...(cut && !fields.has('MESSAGE') ? { truncated: true } : {}),
  };
}

function text(bytes: Uint8Array | undefined): string {
  return bytes ? new TextDecoder().decode(bytes) : '';
}
