import type { Arguments, FlagRules } from '../command-line/flags.ts';
import { RECORD_FORMATS } from '../output/record-formats.ts';
import { EVIDENCE_FLAGS } from './evidence-flags.ts';
import { FILTER_FLAGS } from './filter-flags.ts';
import { LIMIT_FLAGS } from './limit-flags.ts';
import { READING_FLAGS } from './reading-flags.ts';
import { RECORD_FLAGS } from './record-flags.ts';
import { SEAL_FLAGS } from './seal-flags.ts';

/** The flags of `convert`. */
export const CONVERT_FLAGS = {
  output: {
    kind: 'value',
    choices: [...RECORD_FORMATS, 'json'],
    placeholder: RECORD_FORMATS.join('|'),
    help: 'Default: table on a terminal, else otlp-json.',
  },
  json: { kind: 'switch', help: 'The same as --output otlp-json, on a terminal too.' },
  'out-file': { kind: 'value', placeholder: 'FILE', help: 'Write there instead of to standard output.' },
  compress: { kind: 'switch', help: 'Compress --out-file with gzip.' },
  force: { kind: 'switch', help: 'Replace --out-file and --rejects when they exist.' },
  endpoint: { kind: 'value', placeholder: 'URL', help: 'Deliver over OTLP instead, e.g. to http://localhost:4318.' },
  follow: { kind: 'switch', help: 'Go on with what is added to the files, until Ctrl-C.' },
  merge: { kind: 'switch', help: 'Order the records of all inputs by time, and leave out copies of one record.' },
  distinct: {
    kind: 'switch',
    help: 'Leave out copies of one record: of pages of a table that overlap, of several nodes.',
  },
  workers: {
    kind: 'value',
    placeholder: 'N',
    help: 'Read so many files side by side, each on a processor core of its own. Needs --endpoint. Default 1.',
  },
  ...READING_FLAGS,
  ...FILTER_FLAGS,
  ...RECORD_FLAGS,
  rejects: { kind: 'value', placeholder: 'FILE', help: 'Write raw lines that cannot be read there. May hold secrets.' },
  summary: { kind: 'value', placeholder: 'FILE', help: 'Write counts there, as JSON.' },
  ...EVIDENCE_FLAGS,
  ...SEAL_FLAGS,
  ...LIMIT_FLAGS,
} as const satisfies FlagRules;

/** The values of {@link CONVERT_FLAGS}. */
export type ConvertFlags = Arguments<typeof CONVERT_FLAGS>['flags'];
