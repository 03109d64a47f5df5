import { setFlagsFromString } from 'node:v8';
import type { Command } from './command-line/command.ts';
import { createTerminal } from './command-line/terminal.ts';
import { Drained, Interrupted, runProgram } from './program.ts';

// Records live for a moment: room for more of them before they are swept away only costs memory (a third to a half of the
// peak, for some seven per cent of processor time). The engine takes this flag also while it runs, unlike the size itself.
setFlagsFromString('--semi-space-growth-factor=1');

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

/** The first signal ends the command in order; the second one meets the default again and ends the process at once. */
function listenToSignals({ endsBy }: Command): void {
  const signals = endsBy === 'drain' ? (['SIGINT', 'SIGTERM'] as const) : (['SIGINT'] as const);
  const onSignal = () => {
    for (const signal of signals) process.removeListener(signal, onSignal);
    stop.abort(endsBy === 'drain' ? new Drained() : new Interrupted());
  };
  for (const signal of signals) process.on(signal, onSignal);
}

if (process.getBuiltinModule('node:worker_threads').isMainThread)
  process.exitCode = await runProgram(process.argv.slice(2), terminal, listenToSignals);
else await import('./commands/convert-worker.ts').then(({ serveConversion }) => serveConversion());

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
