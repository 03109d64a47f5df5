/** Loaded into the program under test: says what it cost at the end of standard error: the most memory it held in KiB, and microseconds of computing. */
import { readFileSync } from 'node:fs';

process.on('exit', () => {
  const [, kibibytes] = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  const { user, system } = process.cpuUsage();
  process.stderr.write(`cost ${kibibytes} ${user + system}`);
});
