/** Large inputs made of the bundled samples: real lines, repeated with other numbers in them, so that nothing can be remembered by its whole text. */
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** One kind of line that is measured. */
export interface Form {
  readonly name: string;
  /** Files or folders, absolute or seen from `samples/`. */
  readonly from: readonly string[];
  /** Name of the Collector pack that reads it; undefined to measure no Collector. */
  readonly pack?: string;
  /** CPU time of the stock path in relation to ours that is wanted at least. */
  readonly must: number;
}

export const FORMS: readonly Form[] = [
  { name: 'acra-json', from: ['acra/acra-server.json.log', fixture('translator-json')], pack: 'acra', must: 5 },
  { name: 'aqtive-json', from: ['aqtive'], pack: 'aqtive', must: 5 },
  { name: 'acra-cef', from: ['acra/acra-translator.cef.log', fixture('restart-cef')], pack: 'acra', must: 2.5 },
  {
    name: 'acra-text',
    from: ['acra/acra-server.plaintext.log', ...['audit-chain', 'poison-text', 'tracing', 'old-versions'].map(fixture)],
    pack: 'acra',
    must: 2.5,
  },
  { name: 'ejbca', from: ['ejbca'], pack: 'cesecore', must: 2.5 },
  { name: 'signserver', from: ['signserver'], pack: 'cesecore', must: 2.5 },
];

/** The form of somebody's own file, of which nothing is wanted. */
export function formOf(path: string): Form {
  return { name: basename(path), from: [resolve(path)], must: 0 };
}

const SAMPLES = join(import.meta.dirname, '..', 'samples');
const BLOCK_BYTES = 1 << 20;

/** A file of somebody's own may be long. */
const MAX_LINES = 20_000;

/** The distinct lines of a form. */
export function linesOf(form: Form): string[] {
  return form.from
    .flatMap((name) => filesOf(resolve(SAMPLES, name)))
    .flatMap(readLines)
    .slice(0, MAX_LINES);
}

/** Writes `count` lines; gives how many bytes. */
export function writeCorpus(path: string, lines: readonly string[], count: number): number {
  const file = openSync(path, 'w');
  let bytes = 0;
  let block = '';
  for (let at = 0; at < count; at += 1) {
    block += `${vary(lines[at % lines.length] ?? '', Math.floor(at / lines.length))}\n`;
    if (block.length < BLOCK_BYTES && at + 1 < count) continue;
    bytes += writeSync(file, block);
    block = '';
  }
  closeSync(file);
  return bytes;
}

/** The line with other digits at the end of each long number: ids, serial numbers, fractions of seconds. Lengths, forms and names stay. */
export function vary(line: string, round: number): string {
  return line.replaceAll(/\d{6,}(?!\d*=)/g, (digits) => {
    const kept = digits.slice(0, -3);
    return kept + String((Number(digits.slice(-3)) + round * 7) % 1000).padStart(3, '0');
  });
}

function fixture(name: string): string {
  return join('..', '..', 'catalogue', 'products', 'acra', 'fixtures', `${name}.log`);
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .map((name) => join(path, name));
}

function readLines(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
