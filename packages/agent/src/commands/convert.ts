import { products } from '@cryptrail/catalogue';
import type { Evidence, LogRecord } from '@cryptrail/mapper';
import { defineCommand, type Outcome } from '../command-line/command.ts';
import type { Arguments } from '../command-line/flags.ts';
import { Misuse } from '../command-line/misuse.ts';
import { readCount } from '../command-line/quantity.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { inputWords } from '../input/find-inputs.ts';
import { STANDARD_INPUT } from '../input/member.ts';
import type { RecordTaker } from '../input/read-records.ts';
import { type OwnFile, refuseLoss } from '../output/own-files.ts';
import { createRejects } from '../output/rejects.ts';
import { renderSummary, type Summary, summarise } from '../output/summary.ts';
import { type FileTarget, openFileTarget } from '../output/text-target.ts';
import type { SealFile } from '../seal/seal-file.ts';
import type { EvidencePlan } from '../verify/evidence-plan.ts';
import { conversionOf } from './conversion.ts';
import { openDestination } from './convert-destination.ts';
import { CONVERT_FLAGS } from './convert-flags.ts';
import { checkWay, readInputs } from './convert-reading.ts';
import { evidencePlanOfFlags } from './evidence-flags.ts';
import { sealOfFlags } from './seal-flags.ts';

type Given = Arguments<typeof CONVERT_FLAGS>;

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
  flags: CONVERT_FLAGS,
  examples: [
    `echo '{"code":587,"level":"warning","msg":"poison record","product":"acra-server"}' | cryptrail convert --output ndjson`,
  ],
  run: convertFiles,
});

async function convertFiles({ flags, words }: Given, terminal: Terminal): Promise<Outcome> {
  // Wrong words are told before anything is opened.
  conversionOf(flags);
  const workers = workersOf(flags);
  const inputs = inputWords(words, terminal);
  const plan = await evidencePlanOfFlags(flags, terminal);
  checkWay(flags, inputs, plan?.acra !== undefined || plan?.cesecore !== undefined);
  await refuseLoss(ownFiles(flags), inputs);
  const seal = await sealOfFlags(flags, plan?.digestKey);
  const evidence = await evidenceOf(seal, plan);
  if (workers > 1) checkWorkers(flags, inputs, evidence !== undefined);
  const destination = await openDestination(flags, terminal);
  const rejects = await createRejects(flags.rejects, flags.force);
  // Opened now, so that a path that cannot be written is known before the work and not after it.
  const summaryFile = await openSummary(flags.summary);
  const written = [destination.identity, rejects.identity, summaryFile?.identity, seal?.identity];
  const excluded = new Set(written.filter((identity) => identity !== undefined));
  if (workers > 1) {
    await destination.end();
    const { convertSideBySide } = await import('./convert-side-by-side.ts');
    const { complete, ...result } = await convertSideBySide({ flags, inputs, excluded, workers }, terminal);
    return conclude(summarise(result.inputs, { ...result.fates, findings: 0, problems: result.problems }), complete);
  }
  const { pipeline, limits, sorterFor, encodedFor } = conversionOf(flags, evidence);
  const sorter = sorterFor(destination);
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
    ...encodedFor(destination, sorter),
  };
  const reading = {
    way: flags,
    inputs,
    rules: { excluded, limits },
    pipeline: { ...pipeline, onUnreadable: rejects.add },
  };
  const { inputs: counts, problems } = await readInputs(reading, taker, terminal);
  const complete = await destination.end();
  await rejects.end();
  // What was broken off is no whole reading, and the seal does not say that it is.
  const head = await seal?.end(!terminal.signal.aborted);
  if (head !== undefined) terminal.note(`sealed; the hash of the last line, to be kept elsewhere: ${head}\n`);
  if (findings > 0)
    terminal.warn(
      `the evidence does not hold everywhere: ${findings} findings are among the records as cryptrail.integrity.*`,
    );
  return conclude(summarise(counts, { ...sorter.fates, findings, problems }), complete);

  async function conclude(summary: Summary, complete: boolean): Promise<Outcome> {
    await summaryFile?.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    await summaryFile?.end();
    terminal.note(`${renderSummary(summary)}\n`);
    return summary.problems === 0 && complete ? 0 : 1;
  }
}

function workersOf({ workers }: Given['flags']): number {
  return workers === undefined ? 1 : readCount('--workers', workers);
}

/**
 * What goes from file to file must be read in one place.
 *
 * @throws {@link Misuse}
 */
function checkWorkers(flags: Given['flags'], inputs: readonly string[], hasEvidence: boolean): void {
  if (flags.endpoint === undefined)
    throw new Misuse('--workers needs --endpoint URL: on one output, files stand one behind the other.');
  if (hasEvidence)
    throw new Misuse('--workers reads files side by side, and evidence needs them in the order of writing.');
  const other = (['follow', 'merge', 'distinct', 'rejects'] as const).find((flag) => flags[flag]);
  if (other !== undefined) throw new Misuse(`--workers and --${other} exclude each other.`);
  if (inputs.includes(STANDARD_INPUT)) throw new Misuse('--workers needs files; standard input is one stream.');
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
