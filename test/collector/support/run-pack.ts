import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Collector that runs until it is told to end. */
export interface RunningCollector {
  readonly child: ChildProcess;
  /** The last that it said on standard error. */
  said(): string;
  /** Ends it by this signal and waits until it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts a Collector with these files as they are; `env` names what they read. */
export function startCollector(
  binary: string,
  configs: readonly string[],
  env: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): RunningCollector {
  const child = spawn(binary, [...configs.flatMap((file) => ['--config', file]), ...more], {
    env: { ...process.env, GOMAXPROCS: '2', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = once(child, 'exit');
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-20_000);
  });
  return {
    child,
    said: () => said,
    end: async (signal) => {
      if (child.exitCode === null) child.kill(signal);
      await gone;
    },
  };
}

/** A file to be merged behind the others, so that several Collectors can run beside one another and say warnings only. */
export function quietFile(folder: string): string {
  const file = join(folder, 'quiet.yaml');
  writeFileSync(file, 'service: { telemetry: { logs: { level: warn }, metrics: { level: none } } }\n');
  return file;
}
