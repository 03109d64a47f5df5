import { join } from 'node:path';
import type { DeadLetter } from '@cryptrail/exporter';
import { reasonOf } from '../input/system-error.ts';
import { endOfLines, NotOurs, openAppendFile } from './append-file.ts';
import { LINE_BEGINNING, renderDeadLetter } from './dead-letter-line.ts';

/** The file in the state directory. */
export const DEAD_LETTER_FILE = 'dead-letters.jsonl';

/** Only its owner may read it: what is said of keys and clients is nobody else's. */
const OWNER_ONLY = 0o600;

/** 256 MiB: a backend that refuses everything must not fill the disk. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A backend that refuses one record may refuse thousands: they are told of at most this often. */
const TELL_EVERY_MILLIS = 10_000;

/** Where records that a backend refuses for good are kept. */
export interface DeadLetters {
  readonly path: string;
  /** Resolves when the letter is on disk; rejects with words for a person when it cannot be kept, and is to be tried again. */
  keep(letter: DeadLetter): Promise<void>;
}

/** What dead letters need. */
export interface DeadLetterOptions {
  /** The state directory. */
  readonly directory: string;
  /** Where the records were sent; its credentials are not kept. */
  readonly endpoint: string;
  readonly warn: (message: string) => void;
  readonly now?: () => number;
  readonly maxBytes?: number;
}

/** Dead letters of a state directory. The file is opened for each letter anew: there are few, and a replay may take it away at any time. */
export function createDeadLetters(options: DeadLetterOptions): DeadLetters {
  const { directory, endpoint, warn, now = Date.now, maxBytes = MAX_BYTES } = options;
  const path = join(directory, DEAD_LETTER_FILE);
  const shown = withoutCredentials(endpoint);
  const tell = createTeller(warn, now);
  let last: Promise<unknown> = Promise.resolve();

  async function write({ logs, refused, reason }: DeadLetter): Promise<void> {
    const line = renderDeadLetter({ time: new Date(now()).toISOString(), endpoint: shown, reason, refused, logs });
    try {
      await appendLine(path, line, maxBytes);
    } catch (error) {
      if (error instanceof FileIsFull) throw error;
      const reason = error instanceof NotOurs ? error.message : reasonOf(error);
      throw new Error(`dead letters cannot be written to ${path}: ${reason}`, { cause: error });
    }
    tell(`the backend refuses a record for good: ${reason}. It is kept in ${path}`);
  }

  return {
    path,
    keep(letter) {
      const kept = last.then(() => write(letter));
      last = kept.catch(() => undefined);
      return kept;
    },
  };
}

class FileIsFull extends Error {}

/** Adds a line to a file of dead letters. */
export async function appendLine(path: string, line: string, maxBytes = Number.POSITIVE_INFINITY): Promise<void> {
  const file = await openAppendFile(path, { mode: OWNER_ONLY, wholeLength: endOfLines(LINE_BEGINNING) });
  try {
    const bytes = Buffer.from(line);
    if (file.length > 0 && file.length + bytes.length > maxBytes) {
      throw new FileIsFull(
        `the dead letters in ${path} have reached ${Math.floor(maxBytes / 1024 ** 2)} MiB: mend what the backend refuses, then cryptrail replay ${path}`,
      );
    }
    await file.append(bytes);
  } finally {
    await file.close();
  }
}

function createTeller(warn: (message: string) => void, now: () => number): (message: string) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (message) => {
    if (now() - toldAt < TELL_EVERY_MILLIS) {
      untold += 1;
      return;
    }
    warn(untold === 0 ? message : `${message} (and ${untold} more before it)`);
    toldAt = now();
    untold = 0;
  };
}

/** Host and path of an address. */
export function withoutCredentials(endpoint: string): string {
  if (!URL.canParse(endpoint)) return '';
  const { origin, pathname } = new URL(endpoint);
  return pathname === '/' ? origin : `${origin}${pathname}`;
}
