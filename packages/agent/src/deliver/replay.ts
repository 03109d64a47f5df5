import { createReadStream } from 'node:fs';
import { access, type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import type { DeadLetter, Delivery } from '@cryptrail/exporter';
import { readDeadLetter, renderDeadLetter } from './dead-letter-line.ts';
import { appendLine } from './dead-letters.ts';

/** What became of the dead letters of a file, in records. */
export interface ReplayResult {
  /** The backend has taken them now. */
  readonly accepted: number;
  /** It refuses them still: they are in the file, with what it said now. */
  readonly refused: number;
  /** They were not sent, or not answered: they are in the file as they were. */
  readonly left: number;
  /** Lines that are no dead letters: in the file as they were. */
  readonly unreadable: number;
  /** Why the first record was not taken. */
  readonly reason?: string;
}

/** How dead letters are sent again. */
export interface ReplayOptions {
  /** Opens the delivery once the first letter is read, which tells where its records went. */
  readonly open: (firstEndpoint: string, onDeadLetter: (letter: DeadLetter) => Promise<void>) => Promise<Delivery>;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** Where a line stands in the file, line break included. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * Sends the letters of a file again and leaves in it what is not taken. An agent may go on adding letters meanwhile: the file is first taken away under
 * the name `FILE.replay`, which goes only when all it holds is accepted or back in the file. One that was left of a replay
 * that broke off is taken up first.
 *
 * Rejects with the system's error when the file cannot be read or written.
 */
export async function replayFile(path: string, options: ReplayOptions): Promise<ReplayResult> {
  const taken = `${path}.replay`;
  if (await isThere(taken)) {
    const before = await replayTaken(taken, path, options);
    if (!(await isThere(path)) || options.signal.aborted) return before;
    await rename(path, taken);
    return sum(before, await replayTaken(taken, path, options));
  }
  await rename(path, taken);
  return replayTaken(taken, path, options);
}

/** Sends what is in `taken`, and puts into `path` what is to stay. */
async function replayTaken(taken: string, path: string, options: ReplayOptions): Promise<ReplayResult> {
  const { signal, now } = options;
  /** Where lines stand whose records are not settled. */
  const open = new Set<Place>();
  const unreadable: Place[] = [];
  let records = 0;
  let refusedAgain = 0;
  let delivery: Delivery | undefined;
  let endpoint = '';

  async function keep({ logs, refused, reason }: DeadLetter): Promise<void> {
    await appendLine(path, renderDeadLetter({ time: now().toISOString(), endpoint, reason, refused, logs }));
    refusedAgain += refused;
  }

  let end = 0;
  // An agent that had the file open when it was taken away may still have added a line.
  for (let size = await sizeOf(taken); end < size && !signal.aborted; size = await sizeOf(taken)) {
    for await (const { text, place } of linesOf(taken, end)) {
      end = place.end;
      if (text.trim() === '') continue;
      const letter = readDeadLetter(text);
      if (!letter) {
        unreadable.push(place);
        continue;
      }
      open.add(place);
      records += letter.logs.reduce((count, group) => count + group.count, 0);
      endpoint ||= letter.endpoint;
      delivery ??= await options.open(letter.endpoint, keep);
      await delivery.push(letter.logs, { onSettled: () => void open.delete(place) });
      if (signal.aborted) break;
    }
  }
  const result = await delivery?.end(signal.aborted ? { withinMillis: 500 } : {});
  const { delivered = 0, error } = result ?? {};
  const size = await sizeOf(taken);
  await putBack(taken, path, [...open, ...unreadable, ...(end < size ? [{ start: end, end: size }] : [])]);
  await rm(taken);
  return {
    accepted: delivered,
    refused: refusedAgain,
    left: records - delivered - refusedAgain,
    unreadable: unreadable.length,
    ...(error === undefined ? {} : { reason: error }),
  };
}

const LINE_BREAK = 0x0a;

/** Lines of a file with their place, from an offset on. */
async function* linesOf(path: string, offset: number): AsyncGenerator<{ text: string; place: Place }> {
  let rest: Buffer[] = [];
  let start = offset;
  for await (const chunk of createReadStream(path, { start: offset }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_BREAK); at !== -1; at = chunk.indexOf(LINE_BREAK, from)) {
      const line = Buffer.concat([...rest, chunk.subarray(from, at + 1)]);
      rest = [];
      from = at + 1;
      yield { text: line.toString(), place: { start, end: start + line.length } };
      start += line.length;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield { text: last.toString(), place: { start, end: start + last.length } };
}

async function putBack(from: string, to: string, lines: readonly Place[]): Promise<void> {
  if (lines.length === 0) return;
  const file = await open(from, 'r');
  try {
    for (const { start, end } of lines) {
      const text = await textOf(file, start, end);
      if (text !== '') await appendLine(to, text.endsWith('\n') ? text : `${text}\n`);
    }
  } finally {
    await file.close();
  }
}

async function textOf(file: FileHandle, start: number, end: number): Promise<string> {
  const buffer = Buffer.alloc(end - start);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  return buffer.subarray(0, bytesRead).toString();
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function sum(one: ReplayResult, other: ReplayResult): ReplayResult {
  const reason = one.reason ?? other.reason;
  return {
    accepted: one.accepted + other.accepted,
    refused: one.refused + other.refused,
    left: one.left + other.left,
    unreadable: one.unreadable + other.unreadable,
    ...(reason === undefined ? {} : { reason }),
  };
}
