import { convert } from './commands/convert.ts';
import { THREAD_WORDS } from './commands/thread-words.ts';
import { runProcess } from './process.ts';

export { restoreEngine } from './engine-flags.ts';

/** Runs the program for `convert` alone: by itself, or as one of the threads that it has started. */
export async function start(): Promise<void> {
  if (process.argv[3] === THREAD_WORDS[1] && !process.getBuiltinModule('node:worker_threads').isMainThread) {
    const { serveConversion } = await import('./commands/convert-worker.ts');
    return serveConversion();
  }
  return runProcess(new Map([['convert', { summary: convert.name, load: async () => convert }]]));
}
