import type { Command } from './command-line/command.ts';
import { createTerminal } from './command-line/terminal.ts';
import type { Commands } from './commands.ts';
import { Drained, Interrupted, runProgram } from './program.ts';

/** Runs the program in this process: with its words, its streams and its signals. `prepare`: called before a command runs. */
export async function runProcess(commands: Commands, prepare: () => void = () => {}): Promise<void> {
  const stop = new AbortController();
  const terminal = createTerminal(
    {
      stdin: () => process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      environment: process.env,
      hangUp: createHangUp(),
    },
    stop,
  );
  process.exitCode = await runProgram(process.argv.slice(2), terminal, commands, (command) => {
    prepare();
    listenToSignals(command, stop);
  });
}

/** The first signal ends the command in order; the second one meets the default again and ends the process at once. */
function listenToSignals({ endsBy }: Command, stop: AbortController): void {
  const signals = endsBy === 'drain' ? (['SIGINT', 'SIGTERM'] as const) : (['SIGINT'] as const);
  const onSignal = () => {
    for (const signal of signals) process.removeListener(signal, onSignal);
    stop.abort(endsBy === 'drain' ? new Drained() : new Interrupted());
  };
  for (const signal of signals) process.on(signal, onSignal);
}

/** From the first question on, a SIGHUP no longer ends the process; one that comes between two questions is kept. */
function createHangUp(): () => Promise<void> {
  let kept = false;
  let isListening = false;
  let tell = () => {
    kept = true;
  };
  return () => {
    if (!isListening) process.on('SIGHUP', () => tell());
    isListening = true;
    return new Promise((resolve) => {
      const done = () => {
        kept = false;
        tell = () => {
          kept = true;
        };
        resolve();
      };
      if (kept) done();
      else tell = done;
    });
  };
}
