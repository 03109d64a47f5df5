import { commands } from './commands.ts';
import { keepNewSpaceSmall } from './new-space.ts';
import { runProcess } from './process.ts';

/** Runs the program with all its commands. */
export function start(): Promise<void> {
  keepNewSpaceSmall();
  return runProcess(commands);
}
