import type { Terminal } from '../command-line/terminal.ts';
import { renderProgress } from '../render/progress.ts';

/** Shows a person how far a long run has come. */
export interface ProgressLine {
  /** Counts bytes of an input that were read. */
  readonly read: (bytes: number) => void;
  /** Counts a record, or several. */
  readonly record: (count?: number) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

/** What ends sooner needs no line. */
const FIRST_MILLIS = 1000;
const EVERY_MILLIS = 200;

/**
 * A line at the bottom of the terminal, from a second on; nothing elsewhere.
 *
 * @param totalBytes Resolves to the bytes of all inputs; only awaited where the line can be shown.
 */
export function createProgressLine(
  terminal: Pick<Terminal, 'progress'>,
  totalBytes: () => Promise<number | undefined>,
  now: () => number = Date.now,
): ProgressLine {
  const show = terminal.progress;
  if (!show) return { read: () => {}, record: () => {}, end: () => {} };
  const start = now();
  let due = start + FIRST_MILLIS;
  let readBytes = 0;
  let records = 0;
  let total: number | undefined;
  totalBytes().then(
    (bytes) => {
      total = bytes;
    },
    // A line without a share is no reason to stop.
    () => {},
  );
  return {
    read: (bytes) => {
      readBytes += bytes;
      if (now() < due) return;
      due = now() + EVERY_MILLIS;
      show(renderProgress({ readBytes, totalBytes: total, records, elapsedMillis: now() - start }));
    },
    record: (count = 1) => {
      records += count;
    },
    end: () => show(''),
  };
}
