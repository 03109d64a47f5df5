import { parentPort, workerData } from 'node:worker_threads';
import { createPipeline } from '@cryptrail/mapper';
import type { Terminal } from '../command-line/terminal.ts';
import { openFile } from '../input/file.ts';
import type { FoundFile } from '../input/follow-file.ts';
import { type ReadResult, type RecordTaker, readRecords } from '../input/read-records.ts';
import { Interrupted } from '../program.ts';
import type { Fates } from '../select/sorter.ts';
import { conversionOf } from './conversion.ts';
import { openDestination } from './convert-destination.ts';
import type { ConvertFlags } from './convert-flags.ts';

/** What a thread of `convert --workers` begins with. */
export interface ThreadData {
  readonly flags: ConvertFlags;
  readonly excluded: ReadonlySet<string>;
}

/** What a thread is asked for; `stop` has no answer. */
export type ToThread =
  | { readonly kind: 'read'; readonly file: FoundFile }
  | { readonly kind: 'end' }
  | { readonly kind: 'stop' };

/** One file is read, and handed over. */
export interface ReadByThread extends ReadResult {
  readonly warnings: readonly string[];
}

/** Everything is delivered, or cannot be. */
export interface EndOfThread {
  readonly fates: Fates;
  readonly complete: boolean;
  readonly warnings: readonly string[];
}

/** An answer of a thread. */
export type FromThread = ReadByThread | EndOfThread;

/** Serves one thread of `convert --workers`: reads the files that it is given, one after the other, and delivers their records. */
export async function serveConversion(): Promise<void> {
  const port = parentPort;
  if (!port) return;
  const { flags, excluded } = workerData as ThreadData;
  const stop = new AbortController();
  let warnings: string[] = [];
  const taken = () => {
    const given = warnings;
    warnings = [];
    return given;
  };
  const terminal = threadTerminal((warning) => warnings.push(warning), stop.signal);
  const { pipeline: options, limits, sorterFor, encodedFor } = conversionOf(flags);
  const destination = await openDestination(flags, terminal);
  const sorter = sorterFor(destination);
  const pipeline = createPipeline(options);
  const taker: RecordTaker = {
    record: sorter.take,
    warn: terminal.warn,
    signal: terminal.signal,
    ...encodedFor(destination, sorter),
  };
  const answer = (given: FromThread) => port.postMessage(given);
  port.on('message', async (message: ToThread) => {
    if (message.kind === 'stop') stop.abort(new Interrupted());
    else if (message.kind === 'end') {
      const complete = await destination.end();
      answer({ fates: sorter.fates, complete, warnings: taken() });
    } else {
      const { path, named } = message.file;
      const result = await readRecords(openFile(path, named, { excluded, limits }), pipeline, taker);
      answer({ ...result, warnings: taken() });
    }
  });
}

/** What is said in a thread is kept for the one that can say it in order. */
function threadTerminal(warn: (message: string) => void, signal: AbortSignal): Terminal {
  return {
    out: { interactive: false, colour: false, width: undefined, height: undefined, write: async () => {} },
    warn,
    note: () => {},
    stdin: () => process.stdin,
    environment: process.env,
    signal,
  };
}
