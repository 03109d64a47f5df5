import { spawn } from 'node:child_process';
import { createEntryScanner, type ScannedEntry } from './entry-scanner.ts';

/** How entries are asked for. */
export interface JournalQuery {
  /** The program. */
  readonly command: string;
  readonly args: readonly string[];
  /** Fields whose values are told with each entry. */
  readonly fields: ReadonlySet<string>;
  readonly maxMessageBytes: number;
  readonly signal: AbortSignal;
  /** Told when nothing has come for so long. */
  readonly onPause?: () => void;
}

/** How the program ended. */
export interface JournalEnd {
  readonly status: number | string;
  /** First line of what it said on standard error, without what a terminal would obey. */
  readonly said: string;
}

const PAUSE_MILLIS = 1000;

/**
 * Runs journalctl and hands over the entries that each piece of its output completes; it waits while they are taken. What is left of an
 * entry when the program dies is dropped: it is asked for again. Rejects with the system's error when the program cannot be started.
 */
export async function runJournalctl(
  query: JournalQuery,
  onEntries: (entries: ScannedEntry[]) => Promise<void>,
): Promise<JournalEnd> {
  const { command, args, fields, maxMessageBytes, signal, onPause } = query;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SYSTEMD_COLORS: '0' },
  });
  const stop = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (said.length < 1000) said += chunk.toString('latin1');
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killed) => resolve(killed ?? code ?? 0));
  });
  ended.catch(() => {});
  const scanner = createEntryScanner(maxMessageBytes, fields);
  const pause = onPause && setTimeout(onPause, PAUSE_MILLIS);
  try {
    for await (const chunk of child.stdout) {
      pause?.refresh();
      const entries = scanner.push(chunk);
      if (entries.length > 0) await onEntries(entries);
      if (signal.aborted) break;
    }
    return { status: await ended, said: firstLine(said) };
  } finally {
    clearTimeout(pause);
    signal.removeEventListener('abort', stop);
    child.kill('SIGTERM');
  }
}

function firstLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal would obey
  return (text.split('\n', 1)[0] ?? '').replace(/[\u0000-\u001f\u007f-\u009f]/g, '').slice(0, 300);
}
