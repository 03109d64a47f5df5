import { products } from '@cryptrail/catalogue';
import type { Evidence, LogRecord, PipelineOptions } from '@cryptrail/mapper';
import { defineCommand, type Outcome } from '../command-line/command.ts';
import type { Arguments, FlagRules } from '../command-line/flags.ts';
import type { Terminal } from '../command-line/terminal.ts';
import type { FileRules } from '../input/file.ts';
import { inputWords } from '../input/find-inputs.ts';
import type { RecordTaker } from '../input/read-records.ts';
import { type OwnFile, refuseLoss } from '../output/own-files.ts';
import { RECORD_FORMATS } from '../output/record-formats.ts';
import { createRejects } from '../output/rejects.ts';
import { renderSummary, summarise } from '../output/summary.ts';
import { type FileTarget, openFileTarget } from '../output/text-target.ts';
import type { SealFile } from '../seal/seal-file.ts';
import type { Selection } from '../select/selection.ts';
import { createSorter } from '../select/sorter.ts';
import type { EvidencePlan } from '../verify/evidence-plan.ts';
import { openDestination } from './convert-destination.ts';
import { checkWay, readInputs } from './convert-reading.ts';
import { EVIDENCE_FLAGS, evidencePlanOfFlags } from './evidence-flags.ts';
import { FILTER_FLAGS, selectionOfFlags } from './filter-flags.ts';
import { LIMIT_FLAGS, openingLimits, recordLimits } from './limit-flags.ts';
import { READING_FLAGS, readingOptions } from './reading-flags.ts';
import { RECORD_FLAGS } from './record-flags.ts';
import { SEAL_FLAGS, sealOfFlags } from './seal-flags.ts';

const FLAGS = {
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
  ...READING_FLAGS,
  ...FILTER_FLAGS,
  ...RECORD_FLAGS,
  rejects: { kind: 'value', placeholder: 'FILE', help: 'Write raw lines that cannot be read there. May hold secrets.' },
  summary: { kind: 'value', placeholder: 'FILE', help: 'Write counts there, as JSON.' },
  ...EVIDENCE_FLAGS,
  ...SEAL_FLAGS,
  ...LIMIT_FLAGS,
} as const satisfies FlagRules;

type Given = Arguments<typeof FLAGS>;

/** `cryptrail convert [FILE…]`: files to records, once. */
export const convert = defineCommand({
  name: 'convert',
  summary: 'Turn log files into OpenTelemetry records, once.',
  words: '[FILE…]',
  description: [
    'A FILE is a file, a folder (read recursively, in name order), a glob in quotes, or - for standard input.\n' +
      'What is packed (gzip, zip, tar, Zstandard, one in the other) is read where it is; nothing is written or followed.\n' +
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
  const limits = openingLimits(flags);
  const pipelineLimits = recordLimits(flags);
  const inputs = inputWords(words, terminal);
  const plan = await evidencePlanOfFlags(flags, terminal);
  checkWay(flags, inputs, plan?.acra !== undefined || plan?.cesecore !== undefined);
  await refuseLoss(ownFiles(flags), inputs);
  const seal = await sealOfFlags(flags, plan?.digestKey);
  const evidence = await evidenceOf(seal, plan);
  const destination = await openDestination(flags, terminal);
  const rejects = await createRejects(flags.rejects, flags.force);
  // Opened now, so that a path that cannot be written is known before the work and not after it.
  const summaryFile = await openSummary(flags.summary);
  const pipeline: PipelineOptions = {
    ...reading,
    severity: flags.severity ?? 'source',
    original: flags.original,
    attack: flags.attack,
    blobs: flags.blobs,
    limits: pipelineLimits,
    onUnreadable: rejects.add,
    ...(evidence ? { evidence } : {}),
  };
  const written = [destination.identity, rejects.identity, summaryFile?.identity, seal?.identity];
  const rules: FileRules = { excluded: new Set(written.filter((identity) => identity !== undefined)), limits };
  const sorter = createSorter(destination.write, {
    selection,
    dropForeign: flags.foreign === 'drop',
    dropDuplicates: flags.merge || flags.distinct,
  });
  let findings = 0;
  const taker: RecordTaker = {
    record: (record) => {
      if (isFinding(record)) findings += 1;
      return sorter.take(record);
    },
    chunkDone: async (live) => {
      await rejects.flush();
      await seal?.flush();
      if (live) await destination.flush();
    },
    warn: terminal.warn,
    signal: terminal.signal,
    ...(destination.encoded && !evidence && isAllTaken(flags, selection) ? { encoded: destination.encoded } : {}),
  };
  const { inputs: counts, problems } = await readInputs({ way: flags, inputs, rules, pipeline }, taker, terminal);
  const complete = await destination.end();
  await rejects.end();
  // What was broken off is no whole reading, and the seal does not say that it is.
  const head = await seal?.end(!terminal.signal.aborted);
  if (head !== undefined) terminal.note(`sealed; the hash of the last line, to be kept elsewhere: ${head}\n`);
  const summary = summarise(counts, { ...sorter.fates, findings, problems });
  if (findings > 0)
    terminal.warn(
      `the evidence does not hold everywhere: ${findings} findings are among the records as cryptrail.integrity.*`,
    );
  await summaryFile?.write(`${JSON.stringify(summary, undefined, 2)}\n`);
  await summaryFile?.end();
  terminal.note(`${renderSummary(summary)}\n`);
  return problems === 0 && complete ? 0 : 1;
}

/** Every record goes on, whatever it is: nobody has to look at it. */
function isAllTaken(flags: Given['flags'], selection: Selection | undefined): boolean {
  const { foreign, merge, distinct, follow, original } = flags;
  return !selection && foreign !== 'drop' && !merge && !distinct && !follow && !original;
}

/** What verifies, seals and digests; loaded when it is asked for. */
async function evidenceOf(seal: SealFile | undefined, plan: EvidencePlan | undefined): Promise<Evidence | undefined> {
  if (!seal && !plan) return undefined;
  const { joinEvidence, makeEvidence } = await import('../verify/evidence-plan.ts');
  return joinEvidence([...(seal ? [seal.sealer] : []), ...(plan ? [makeEvidence(plan)] : [])]);
}

function ownFiles(flags: Given['flags']): OwnFile[] {
  return [
    { flag: '--out-file', path: flags['out-file'], replace: flags.force },
    { flag: '--rejects', path: flags.rejects, replace: flags.force },
    { flag: '--summary', path: flags.summary, replace: true },
    { flag: '--seal', path: flags.seal, replace: flags.force },
  ];
}

async function openSummary(path: string | undefined): Promise<FileTarget | undefined> {
  return path === undefined ? undefined : openFileTarget(path, { flag: '--summary', force: true });
}

/** A record that no input holds: what the evidence gave away. */
function isFinding({ product }: LogRecord): boolean {
  return products.some(({ id, kind }) => kind === 'internal' && id === product);
}
