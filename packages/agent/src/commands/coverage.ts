import { entries } from '@cryptrail/catalogue/entries';
import { createPipeline } from '@cryptrail/mapper';
import { defineCommand } from '../command-line/command.ts';
import type { FlagRules } from '../command-line/flags.ts';
import { findInputs, inputWords } from '../input/find-inputs.ts';
import { readRecords } from '../input/read-records.ts';
import { renderCoverage } from '../render/coverage.ts';
import { createCoverage } from '../tally/coverage.ts';
import { LIMIT_FLAGS, openingLimits, recordLimits } from './limit-flags.ts';
import { READING_FLAGS, readingOptions } from './reading-flags.ts';

const FLAGS = {
  ...READING_FLAGS,
  important: { kind: 'switch', help: 'Only events on the list of those that matter to SIEM and SOC.' },
  json: { kind: 'switch', help: 'Print JSON.' },
  ...LIMIT_FLAGS,
} as const satisfies FlagRules;

/** `cryptrail coverage FILE…`: which kinds of event a log holds, which never, and why. */
export const coverage = defineCommand({
  name: 'coverage',
  summary: 'Tell which kinds of event a log holds, which it never shows, and why.',
  words: '[FILE…]',
  flags: FLAGS,
  examples: [
    `echo '{"code":587,"level":"warning","msg":"poison record","product":"acra-server"}' | cryptrail coverage --important`,
  ],
  run: async ({ flags, words }, terminal) => {
    const reading = readingOptions(flags);
    const counted = createCoverage(entries, { product: reading.product, important: flags.important });
    const found = findInputs(inputWords(words, terminal), terminal, {
      excluded: new Set(),
      limits: openingLimits(flags),
    });
    const { inputs, problems } = await readRecords(found, createPipeline({ ...reading, limits: recordLimits(flags) }), {
      record: (record) => void counted.add(record),
      warn: terminal.warn,
      signal: terminal.signal,
    });
    const products = counted.result();
    if (flags.json) await terminal.out.write(`${JSON.stringify({ products, inputs }, undefined, 2)}\n`);
    else if (products.length === 0) await terminal.out.write('No record of a known product was found.\n');
    else await terminal.out.write(products.map((one) => renderCoverage(one, terminal.out.width)).join('\n'));
    return problems === 0 ? 0 : 1;
  },
});
