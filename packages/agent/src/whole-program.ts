import { commands } from './commands.ts';
import { prepareEngine } from './engine-flags.ts';
import { runProcess } from './process.ts';

/** Runs the program with all its commands. */
export function start(): Promise<void> {
  return runProcess(commands, prepareEngine);
}
