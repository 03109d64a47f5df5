/**
 * Reads mutated records for as long as one likes: `npm run fuzz -- --runs 1000000 [--format NAME,…] [--seed N]`. Prints a line a format; status 1
 * when something happened that may never happen, whose inputs are then kept in `fuzz-findings/`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runFuzz } from './run.ts';
import { FUZZ_FORMATS } from './seeds.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '100000' }, format: { type: 'string' }, seed: { type: 'string' } },
});
const names = values.format?.split(',') ?? Object.keys(FUZZ_FORMATS);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
process.stdout.write(`seed ${seed}\n`);
for (const name of names) {
  const format = Object.hasOwn(FUZZ_FORMATS, name) ? FUZZ_FORMATS[name] : undefined;
  if (!format || format.records.length === 0)
    throw new Error(`no records of ${name}; known: ${Object.keys(FUZZ_FORMATS).join(', ')}`);
  const start = performance.now();
  const { mutated, records, events, slowestMillis, findings } = runFuzz(format, { runs: Number(values.runs), seed });
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  process.stdout.write(
    `${name.padEnd(16)} ${mutated} mutated, ${records} records, ${events} events, ${findings.length} findings, ${seconds} s, slowest batch ${Math.round(slowestMillis)} ms\n`,
  );
  for (const [index, { kind, detail, input }] of findings.entries()) {
    mkdirSync('fuzz-findings', { recursive: true });
    writeFileSync(`fuzz-findings/${name}-${seed}-${index}-${kind}`, input);
    process.stdout.write(`  ${kind}: ${detail.slice(0, 300)}\n`);
    process.exitCode = 1;
  }
}
