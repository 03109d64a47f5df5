import { writeFile } from 'node:fs/promises';
import { createPipeline, type LogRecord } from '@cryptrail/mapper';
import { defineCommand, type Outcome } from '../command-line/command.ts';
import type { Arguments, FlagRules } from '../command-line/flags.ts';
import { Failure } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { findInputs, inputWords } from '../input/find-inputs.ts';
import { readRecords } from '../input/read-records.ts';
import { reasonOf } from '../input/system-error.ts';
import { RECORD_FORMATS } from '../output/formats.ts';
import { type OwnFiles, refuseOverlap } from '../output/own-files.ts';
import { createRejects } from '../output/rejects.ts';
import { renderSummary, type Summary, summarise } from '../output/summary.ts';
import type { Selection } from '../select/selection.ts';
import { type Destination, openDestination } from './convert-destination.ts';
import { FILTER_FLAGS, selectionOfFlags } from './filter-flags.ts';
import { READING_FLAGS, readingOptions } from './reading-flags.ts';

const FLAGS = {
  output: { kind: 'value', choices: RECORD_FORMATS, help: 'Default: table on a terminal, else otlp-json.' },
  'out-file': { kind: 'value', placeholder: 'FILE', help: 'Write there instead of to standard output.' },
  compress: { kind: 'switch', help: 'Compress --out-file with gzip.' },
  force: { kind: 'switch', help: 'Replace --out-file and --rejects when they exist.' },
  endpoint: { kind: 'value', placeholder: 'URL', help: 'Deliver over OTLP instead, e.g. to http://localhost:4318.' },
  ...READING_FLAGS,
  ...FILTER_FLAGS,
  foreign: { kind: 'value', choices: ['keep', 'drop'], help: 'Lines of no known product. Default keep.' },
  severity: {
    kind: 'value',
    choices: ['source', 'catalogue'],
    help: "As printed, or raised to the catalogue's floor.",
  },
  original: { kind: 'switch', help: 'Add the raw line, redacted, as log.record.original.' },
  attack: { kind: 'switch', help: 'Add the MITRE ATT&CK techniques of the event.' },
  blobs: { kind: 'switch', help: 'Keep certificates and other large values.' },
  rejects: { kind: 'value', placeholder: 'FILE', help: 'Write raw lines that cannot be read there. May hold secrets.' },
  summary: { kind: 'value', placeholder: 'FILE', help: 'Write counts there, as JSON.' },
} as const satisfies FlagRules;

type Given = Arguments<typeof FLAGS>;

/** `cryptrail convert [FILE…]`: files to records, once. */
export const convert = defineCommand({
  name: 'convert',
  summary: 'Turn log files into OpenTelemetry records, once.',
  words: '[FILE…]',
  description: [
    'A FILE is a file, a folder (read recursively, in name order), a glob in quotes, or - for standard input.\n' +
      'What cannot be opened is named on standard error, the rest is converted, and the status is 1.',
  ],
  flags: FLAGS,
  examples: [
    `echo '{"code":587,"level":"warning","msg":"poison record","product":"acra-server"}' | cryptrail convert --output ndjson`,
  ],
  run: convertFiles,
});

async function convertFiles({ flags, words }: Given, terminal: Terminal): Promise<Outcome> {
  const reading = readingOptions(flags);
  const selection = selectionOfFlags(flags, reading);
  const inputs = inputWords(words, terminal);
  await refuseOverlap(ownFiles(flags), inputs);
  const destination = await openDestination(flags, terminal);
  const rejects = await createRejects(flags.rejects, flags.force);
  const pipeline = createPipeline({
    ...reading,
    severity: flags.severity ?? 'source',
    original: flags.original,
    attack: flags.attack,
    blobs: flags.blobs,
    onUnreadable: rejects.add,
  });
  const excluded = new Set([destination.identity, rejects.identity].filter((identity) => identity !== undefined));
  const sorter = createSorter(destination, selection, flags.foreign === 'drop');
  const { inputs: counts, problems } = await readRecords(findInputs(inputs, terminal, { excluded }), pipeline, {
    record: sorter.take,
    chunkDone: async (live) => {
      await rejects.flush();
      if (live) await destination.flush();
    },
    warn: terminal.warn,
    signal: terminal.signal,
  });
  const complete = await destination.end();
  await rejects.end();
  const summary = summarise(counts, { ...sorter.counts(), problems });
  if (flags.summary !== undefined) await writeSummary(flags.summary, summary);
  terminal.note(`${renderSummary(summary)}\n`);
  return problems === 0 && complete ? 0 : 1;
}

function ownFiles(flags: Given['flags']): OwnFiles {
  return [
    ['--out-file', flags['out-file']],
    ['--rejects', flags.rejects],
    ['--summary', flags.summary],
  ];
}

/** Decides for each record whether it goes on, and counts what became of it. */
function createSorter(destination: Destination, selection: Selection | undefined, dropForeign: boolean) {
  const counts = { filtered: 0, dropped: 0, written: 0 };
  return {
    counts: () => counts,
    take: (record: LogRecord): Promise<void> | undefined => {
      const kind = fateOf(record);
      counts[kind] += 1;
      return kind === 'written' ? destination.write(record) : undefined;
    },
  };
  function fateOf(record: LogRecord): keyof typeof counts {
    if (selection && !selection(record)) return 'filtered';
    return dropForeign && record.product === undefined ? 'dropped' : 'written';
  }
}

async function writeSummary(path: string, summary: Summary): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(summary, undefined, 2)}\n`);
  } catch (error) {
    throw new Failure(`--summary ${path} cannot be written: ${reasonOf(error)}.`, { cause: error });
  }
}
