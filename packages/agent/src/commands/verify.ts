import { defineCommand } from '../command-line/command.ts';
import { Misuse } from '../command-line/misuse.ts';
import { didYouMean } from '../command-line/nearest.ts';
import { verifyChain } from './verify-acra.ts';
import { verifyTable } from './verify-cesecore.ts';
import { verifyExport } from './verify-export.ts';
import { VERIFY_FLAGS } from './verify-flags.ts';
import { verifySeal } from './verify-seal.ts';

/** What can be verified. */
const SUBJECTS = ['acra', 'cesecore', 'seal'];

/** `cryptrail verify acra|cesecore|seal`: can this log be trusted? */
export const verify = defineCommand({
  name: 'verify',
  summary: "Check the evidence that a product put into its own log, with the verdict of the product's own verifier.",
  words: 'acra FILE… | cesecore --rows FILE… | [acra|cesecore] --from-otlp FILE… | seal SEAL',
  description: [
    'Status 0: whole. 1: not whole, or a file could not be read. Files are only read. Keys come from files or the environment, never from the command line.',
  ],
  flags: VERIFY_FLAGS,
  examples: [
    'cryptrail verify acra --key-file audit.key /var/log/acra/audit.log',
    'cryptrail verify cesecore --rows auditrecorddata.csv --keys keys.json',
    'cryptrail verify seal today.seal --public seal.pub --source /var/log/acra/acra.log',
  ],
  run: async ({ flags, words }, terminal) => {
    const [subject, ...paths] = words;
    if (subject === 'seal') return verifySeal(paths, flags, terminal);
    if (flags['from-otlp'].length > 0) return verifyExport(words, flags, terminal);
    if (subject === 'acra') return verifyChain(paths, flags, terminal);
    if (subject === 'cesecore') return verifyTable(paths, flags, terminal);
    const hint = subject === undefined ? undefined : didYouMean(subject, SUBJECTS);
    throw new Misuse(`What is to be verified? verify takes ${SUBJECTS.join(', ')}.`, hint);
  },
});
