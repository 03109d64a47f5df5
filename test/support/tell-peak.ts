/** Loaded into the program under test: says the most memory it held, in KiB, at the end of standard error. */
import { readFileSync } from 'node:fs';

process.on('exit', () => {
  const [, kibibytes] = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  process.stderr.write(`peak ${kibibytes}`);
});
