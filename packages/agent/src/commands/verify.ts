import { defineCommand } from '../command-line/command.ts';
import type { FlagRules } from '../command-line/flags.ts';
import { Misuse } from '../command-line/misuse.ts';
import { didYouMean } from '../command-line/nearest.ts';
import { renderChainVerdict } from '../render/chain-verdict.ts';
import { verifyAcra } from '../verify/acra.ts';
import { keyFromEnvironment, keyFromFile } from '../verify/key.ts';

const FLAGS = {
  'key-file': {
    kind: 'list',
    placeholder: 'FILE',
    help: 'Audit log key: 32 raw bytes, or their hex or Base64 text. May be repeated.',
  },
  'key-env': { kind: 'list', placeholder: 'NAME', help: 'Environment variable with the key as hex or Base64.' },
  format: {
    kind: 'value',
    choices: ['plaintext', 'json', 'cef'],
    help: 'Format of the audit log. Default: told by each file.',
  },
  'missing-ok': { kind: 'switch', help: 'A file that is not there is a warning, no error.' },
  json: { kind: 'switch', help: 'Print the verdict as JSON.' },
} as const satisfies FlagRules;

/** What can be verified. */
const SUBJECTS = ['acra'];

/** `cryptrail verify acra FILE…`: can this log be trusted? */
export const verify = defineCommand({
  name: 'verify',
  summary: "Check the evidence that a product put into its own log, with the verdict of the product's own verifier.",
  words: 'acra FILE…',
  description: [
    'Status 0: whole. 1: not whole, or a file could not be read. Files are only read. Keys come from files or the environment, never from the command line.',
  ],
  flags: FLAGS,
  examples: ['cryptrail verify acra --key-file audit.key /var/log/acra/audit.log'],
  run: async ({ flags, words }, terminal) => {
    const [subject, ...paths] = words;
    if (subject === undefined || !SUBJECTS.includes(subject)) {
      const hint = subject === undefined ? undefined : didYouMean(subject, SUBJECTS);
      throw new Misuse(`What is to be verified? verify takes ${SUBJECTS.join(', ')}.`, hint);
    }
    if (paths.length === 0) throw new Misuse('Which files? Name the audit log files in the order they were written.');
    const keys = [
      ...(await Promise.all(flags['key-file'].map(keyFromFile))),
      ...flags['key-env'].map((name) => keyFromEnvironment(name, process.env)),
    ];
    if (keys.length === 0) throw new Misuse('Which key? Give --key-file FILE or --key-env NAME.');
    const format = flags.format === undefined ? {} : { format: flags.format };
    try {
      const { verdict, problems } = await verifyAcra(
        paths,
        { keys, missingOk: flags['missing-ok'], ...format },
        terminal,
      );
      await terminal.out.write(flags.json ? `${JSON.stringify(verdict)}\n` : renderChainVerdict(verdict, keys.length));
      return verdict.ok && problems === 0 ? 0 : 1;
    } finally {
      for (const key of keys) key.fill(0);
    }
  },
});
