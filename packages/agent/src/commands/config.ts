import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { entries } from '@cryptrail/catalogue/entries';
import { defineCommand, type Outcome } from '../command-line/command.ts';
import type { FlagRules } from '../command-line/flags.ts';
import { Misuse } from '../command-line/misuse.ts';
import { didYouMean } from '../command-line/nearest.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { checkAgentConfig, isAgentConfig } from '../config-check/agent-config.ts';
import { type ConfigurationText, checkFiles, type FileReport } from '../config-check/check-files.ts';
import { reasonOf } from '../input/system-error.ts';
import { renderConfigurations } from '../render/configuration.ts';
import { productId } from './reading-flags.ts';

const FLAGS = {
  product: {
    kind: 'value',
    placeholder: 'ID',
    help: "Without FILE: check this product's file where it normally lies.",
  },
  json: { kind: 'switch', help: 'Print JSON: one object, or a list for several files.' },
} as const satisfies FlagRules;

const ACTIONS = ['check', 'example'];
/** A configuration file has some kilobytes; what is larger is something else. */
const MAX_BYTES = 1024 * 1024;

/** `cryptrail config check FILE…`: what configuration files switch on, and what is wrong with them; `config example`: one for `run`. */
export const config = defineCommand({
  name: 'config',
  summary: "Check configuration files: Cryptrail's own, and those of products for what they make of the logs.",
  words: 'check|example [FILE…]',
  description: [
    'Several files are compared: machines of one set should be configured alike. Values of other keys are never shown; they may be passwords.',
    'Status 0: no problem. 1: a problem was found, or a file could not be read.',
  ],
  flags: FLAGS,
  examples: [
    'cryptrail config example | cryptrail config check -',
    'echo LOG_LEVEL=info | cryptrail config check -',
    'echo databaseprotection.enablesign=false | cryptrail config check --json -',
  ],
  run: async ({ flags, words }, terminal) => {
    const [action, ...given] = words;
    if (action === undefined || !ACTIONS.includes(action)) {
      const hint = action === undefined ? undefined : didYouMean(action, ACTIONS);
      throw new Misuse(`What is to be done with a configuration? config takes ${ACTIONS.join(', ')}.`, hint);
    }
    if (action === 'example') return printExample(given, terminal);
    const files = given.length > 0 ? given : [defaultPath(flags.product)];
    const texts = await readAll(files, terminal);
    const reports = await checkAll(texts, terminal.environment);
    if (reports.length > 0)
      await terminal.out.write(flags.json ? renderJson(reports, files.length > 1) : renderConfigurations(reports));
    const sound = texts.length === files.length && reports.every(({ problems }) => problems.length === 0);
    return sound ? 0 : 1;
  },
});

async function printExample(words: readonly string[], { out }: Terminal): Promise<Outcome> {
  if (words.length > 0) throw new Misuse('config example takes no file; it prints to standard output.');
  const { EXAMPLE_CONFIG } = await import('../config-file/example.ts');
  await out.write(EXAMPLE_CONFIG);
  return 0;
}

/** Files of the agent by themselves, those of products together; all in the order given. */
async function checkAll(
  texts: readonly ConfigurationText[],
  environment: Terminal['environment'],
): Promise<readonly FileReport[]> {
  const ofProducts = texts.filter(({ text }) => !isAgentConfig(text));
  const reports = new Map(
    checkFiles(
      ofProducts,
      entries.flatMap(({ configuration }) => configuration ?? []),
    ).map((report, index) => [ofProducts[index], report]),
  );
  return Promise.all(texts.map(async (one) => reports.get(one) ?? checkAgentConfig(one, environment)));
}

function defaultPath(product: string | undefined): string {
  if (product === undefined) throw new Misuse('Which file? Name one, or a product with --product.');
  const path = entries.find(({ id }) => id === productId(product))?.configuration?.path;
  if (path === undefined) throw new Misuse(`Which file? Where ${product} keeps its configuration is not known.`);
  return path;
}

async function readAll(files: readonly string[], { stdin, warn }: Terminal): Promise<ConfigurationText[]> {
  const texts: ConfigurationText[] = [];
  for (const file of files) {
    try {
      const text = await readText(file === '-' ? stdin() : createReadStream(file));
      if (text === undefined) warn(`${file}: is larger than a configuration file can be`);
      else texts.push({ file, text });
    } catch (error) {
      warn(`${file}: ${reasonOf(error)}`);
    }
  }
  return texts;
}

/** The whole text of a stream; undefined when it is too long, without reading on. */
async function readText(stream: Readable): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The one file's report as an object; several as a list in the order given, each with its file. */
function renderJson(reports: readonly FileReport[], several: boolean): string {
  if (several) return `${JSON.stringify(reports)}\n`;
  const { file: _, ...report } = reports[0] ?? { file: '', problems: [] };
  return `${JSON.stringify(report)}\n`;
}
