import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Failure } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { prepareEngine } from '../engine-flags.ts';
import { findInputs } from '../input/find-inputs.ts';
import type { FoundFile } from '../input/follow-file.ts';
import type { InputCounts } from '../input/read-records.ts';
import type { Fates } from '../select/sorter.ts';
import type { ConvertFlags } from './convert-flags.ts';
import type { EndOfThread, FromThread, ReadByThread, ThreadData, ToThread } from './convert-worker.ts';
import { THREAD_WORDS } from './thread-words.ts';

/** What is converted on several threads. */
export interface SideBySide {
  readonly flags: ConvertFlags;
  readonly inputs: readonly string[];
  /** Identities of files that this run writes. */
  readonly excluded: ReadonlySet<string>;
  readonly workers: number;
}

/** What became of all inputs. */
export interface SideBySideResult {
  /** In the order of the inputs, however they were done. */
  readonly inputs: readonly InputCounts[];
  readonly problems: number;
  readonly fates: Fates;
  /** The receiver has taken everything. */
  readonly complete: boolean;
}

/**
 * Converts files on threads, each of which reads one file after the other and delivers its records by itself. The records of a file stay in their order;
 * what is said about files is said in the order of the inputs.
 */
export async function convertSideBySide(plan: SideBySide, terminal: Terminal): Promise<SideBySideResult> {
  prepareEngine();
  const { files, problems: unfound } = await listFiles(plan, terminal);
  const results: (ReadByThread | undefined)[] = files.map(() => undefined);
  let next = 0;
  let told = 0;
  const tell = () => {
    for (let result = results[told]; result; result = results[told]) {
      for (const warning of result.warnings) terminal.warn(warning);
      told += 1;
    }
  };
  const work = async (): Promise<EndOfThread> => {
    const thread = startThread({ flags: plan.flags, excluded: plan.excluded });
    const stop = () => thread.post({ kind: 'stop' });
    terminal.signal.addEventListener('abort', stop, { once: true });
    try {
      for (let file = files[next]; file && !terminal.signal.aborted; file = files[next]) {
        const index = next;
        next += 1;
        results[index] = await thread.ask<ReadByThread>({ kind: 'read', file });
        tell();
      }
      return await thread.ask<EndOfThread>({ kind: 'end' });
    } catch (error) {
      // The others end with the file that they have.
      next = files.length;
      throw error;
    } finally {
      terminal.signal.removeEventListener('abort', stop);
      await thread.close();
    }
  };
  const ends = await Promise.all(Array.from({ length: Math.min(plan.workers, Math.max(1, files.length)) }, work));
  for (const { warnings } of ends) for (const warning of warnings) terminal.warn(warning);
  const read = results.flatMap((result) => result ?? []);
  const total = (fate: keyof Fates) => ends.reduce((sum, { fates }) => sum + fates[fate], 0);
  return {
    inputs: read.flatMap(({ inputs }) => inputs),
    problems: unfound + read.reduce((sum, { problems }) => sum + problems, 0),
    fates: {
      written: total('written'),
      filtered: total('filtered'),
      dropped: total('dropped'),
      duplicates: total('duplicates'),
    },
    complete: ends.every(({ complete }) => complete),
  };
}

/** The files that the words stand for. What cannot be found is said now. */
async function listFiles({ inputs, excluded }: SideBySide, terminal: Terminal) {
  const files: FoundFile[] = [];
  let problems = 0;
  const visit = (path: string, named: boolean) => void files.push({ path, named });
  for await (const found of findInputs(inputs, terminal, { excluded, visit })) {
    if ('notice' in found) terminal.warn(found.notice);
    if (!('problem' in found)) continue;
    problems += 1;
    terminal.warn(`${found.problem.path}: ${found.problem.message}`);
  }
  return { files, problems };
}

/** A thread of this very program: where the program is started from is the only path that is right in every installation. */
function startThread(workerData: ThreadData) {
  const worker = new Worker(process.argv[1] ?? '', { argv: [...THREAD_WORDS], workerData });
  const failed = once(worker, 'error').then(([error]: unknown[]): never => {
    throw new Failure(`a thread has failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  });
  // Whoever waits for an answer hears of it.
  failed.catch(() => {});
  const post = (message: ToThread) => worker.postMessage(message);
  return {
    post,
    async ask<Answer extends FromThread>(message: ToThread): Promise<Answer> {
      const answer = once(worker, 'message').then(([given]) => given as Answer);
      post(message);
      return Promise.race([answer, failed]);
    },
    close: async () => {
      await worker.terminate();
    },
  };
}
