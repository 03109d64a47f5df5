import { readHex, toHex } from '../bytes.ts';
import type { HashPort } from '../hash-port.ts';
import { fold, NOTHING_FOLDED } from './fold.ts';
import { lineHash, NO_LINE, type SealLine, type SealSegment, splitLine } from './seal-line.ts';

/** Why a seal itself is not whole. */
export type SealErrorClass =
  | 'unreadable_line'
  | 'bad_signature'
  | 'broken_order'
  | 'other_key'
  | 'wrong_head'
  | 'head_not_found';

/** What is wrong with a seal; `line` from 1, null when it is about the whole. */
export interface SealError {
  readonly class: SealErrorClass;
  readonly line: number | null;
  readonly message: string;
}

/** A seal that was read. Segments are trusted up to its first error only. */
export interface ReadSeal {
  readonly error: SealError | null;
  readonly lines: number;
  /** Raw key in hex that signed it, by its own word unless a key was given. */
  readonly publicKey: string | null;
  /** The last line says that the run came to its end. */
  readonly closed: boolean;
  /** Hash of the last line: keep it elsewhere, and a seal that was cut or replaced shows. */
  readonly head: string;
  readonly reading: Readonly<Record<string, string>>;
  /** By stream, in order. */
  readonly streams: ReadonlyMap<string, readonly SealSegment[]>;
}

/** Options of {@link readSeal}. */
export interface ReadSealOptions {
  readonly hash: HashPort;
  readonly verify: (publicKey: string, data: Uint8Array, signature: Uint8Array) => boolean;
  /** The key that the seal must be signed with; without it the one that it names. */
  readonly publicKey?: string | undefined;
  /** Hash of a line that was the last one once. */
  readonly head?: string | undefined;
}

const encoder = new TextEncoder();

/** Checks the lines of a seal one by one. */
export function readSeal(lines: Iterable<string>, { hash, verify, publicKey, head: known }: ReadSealOptions): ReadSeal {
  const streams = new Map<string, SealSegment[]>();
  let key = publicKey ?? null;
  let reading: Readonly<Record<string, string>> = {};
  let previous = NO_LINE;
  let count = 0;
  let closed = false;
  let met = known === undefined;
  let error: SealError | null = null;
  const fail = (kind: SealErrorClass, message: string): void => {
    error = { class: kind, line: count, message };
  };
  for (const text of lines) {
    if (text === '') continue;
    count += 1;
    const split = splitLine(text);
    const line = split && readLine(split.signed);
    if (!line || !split) {
      fail('unreadable_line', 'this is no line of a seal, or one that was cut off');
      break;
    }
    if (line.type === 'begin') {
      if (publicKey !== undefined && line.public_key !== publicKey) {
        fail('other_key', 'the seal was made with another key: it was replaced, or the wrong public key was given');
        break;
      }
      key ??= line.public_key;
      reading = line.reading;
    }
    const signature = readHex(split.signature);
    if (key === null || typeof signature === 'string' || !verify(key, encoder.encode(split.signed), signature)) {
      fail('bad_signature', 'the signature does not fit: the line was altered, or made without the private key');
      break;
    }
    if (line.previous !== previous || line.line !== count - 1) {
      fail('broken_order', 'the line does not follow the one before: lines were removed, moved or put in');
      break;
    }
    previous = lineHash(text, hash);
    met ||= previous === known;
    closed = line.type === 'end';
    if (line.type === 'segment' && !addSegment(streams, line, hash)) {
      fail('wrong_head', 'the segment does not follow the one before it in its stream');
      break;
    }
  }
  if (!error && !met)
    error = {
      class: 'head_not_found',
      line: null,
      message: 'the line that was the last once is not there: the seal was cut or replaced',
    };
  if (!error && count === 0) error = { class: 'unreadable_line', line: null, message: 'the seal is empty' };
  return { error, lines: count, publicKey: key, closed, head: previous, reading, streams };
}

/** Puts a segment behind the others of its stream. One that was made again after a crash takes the place of the earlier one. */
function addSegment(streams: Map<string, SealSegment[]>, segment: SealSegment, hash: HashPort): boolean {
  const list = streams.get(segment.stream) ?? [];
  streams.set(segment.stream, list);
  if (segment.segment > list.length) return false;
  list.length = segment.segment;
  const before = readHex(list.at(-1)?.head ?? toHex(NOTHING_FOLDED));
  const digest = readHex(segment.digest);
  if (typeof before === 'string' || typeof digest === 'string') return false;
  list.push(segment);
  return toHex(fold(before, digest, hash)) === segment.head;
}

/** Shapes are checked loosely: what is signed was written by a sealer, and nothing is looked at before the signature fits but names and numbers. */
function readLine(text: string): SealLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const line = value as Partial<Record<string, unknown>>;
  const fits =
    (line.type === 'begin' && typeof line.public_key === 'string' && typeof line.reading === 'object') ||
    (line.type === 'segment' &&
      typeof line.stream === 'string' &&
      Number.isSafeInteger(line.segment) &&
      Number(line.segment) >= 0 &&
      Number.isSafeInteger(line.records) &&
      typeof line.digest === 'string') ||
    line.type === 'end';
  return fits ? (value as SealLine) : undefined;
}
