/** The full trial, by hand: `node test/faults/files/by-hand.ts [lines] [kills] [outage in seconds] [lines a second and log] [MiB of a log]`. */
import { tryAgent } from './oracle.ts';

const [lines = 1_000_000, kills = 20, outageSeconds = 60, rate = 1500, maxMebibytes = 16] = process.argv
  .slice(2)
  .map(Number);
const { lost, altered, others, said, ...outcome } = await tryAgent({
  lines,
  rate,
  maxBytes: maxMebibytes * 1024 * 1024,
  kills,
  refusedShare: 0.05,
  latencyMillis: 20,
  outageMillis: outageSeconds * 1000,
  onProgress: (message) => process.stderr.write(`${message}\n`),
});
process.stdout.write(
  `${JSON.stringify({ ...outcome, lost: lost.length, firstLost: lost.slice(0, 20), altered: altered.length, others: [...others] }, null, 1)}\n`,
);
if (lost.length + altered.length + others.size > 0) process.stdout.write(`${said}\n`);
