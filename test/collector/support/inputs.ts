import { existsSync, globSync, readFileSync } from 'node:fs';

/** Log files of one product that are read alike. */
export interface InputGroup {
  readonly product: string;
  /** Zone of layouts that print none. */
  readonly timeZone: string;
  /** Of the files, in a name that the Collector knows. */
  readonly encoding: string;
  readonly files: readonly string[];
}

/** Sample logs of plain lines beside the repository, by product; absent in a clone alone. */
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  acra: ['acra/{audit,censor,codeless,codes,hostile,legacy,sessions,trace,tty}/*.log', 'acra/mixed/*.log'],
  aqtive: ['aqtive/{edge,noisy}/*.log', 'aqtive/overlap/*', 'aqtive/fleet/*/*.log*'],
  cesecore: ['cesecore/log-lines/*.log', 'cesecore/edge/*.log', 'cesecore/cli/*', 'cesecore/wrapped/*.{log,ndjson}'],
};

/** Files that hold no lines: compressed, entries of a journal, documents. Logs of several products belong to no single pack. */
const OTHER_FORMS = /\.(?:gz|zip|tar|json|jsonl|csv|xml|md)$|\/(?:journal|mixed-products)\.log$/;
/** Encodings that a user would name, by the names of the samples. */
const ENCODINGS: readonly (readonly [RegExp, string])[] = [
  [/\/latin-1\.log$/, 'iso-8859-1'],
  [/\/utf-16le-bom\.log$/, 'utf-16le'],
];

interface FixtureOptions {
  readonly input?: string;
  readonly timeZone?: string;
}

/** Every fixture and sample of a product, by zone and encoding that it is read in. */
export function inputGroups(product: string): InputGroup[] {
  const groups = new Map<string, { timeZone: string; encoding: string; files: string[] }>();
  const add = (timeZone: string, file: string) => {
    const encoding = ENCODINGS.find(([name]) => name.test(file))?.[1] ?? 'utf-8';
    const key = `${timeZone} ${encoding}`;
    const group = groups.get(key) ?? { timeZone, encoding, files: [] };
    group.files.push(file);
    groups.set(key, group);
  };
  for (const file of globSync(`packages/catalogue/products/${product}/fixtures/*.log`).sort()) {
    const { input, timeZone = 'UTC' } = fixtureOptions(file);
    if (input === undefined && !OTHER_FORMS.test(file)) add(timeZone, file);
  }
  const zone = product === 'cesecore' ? 'Europe/Stockholm' : 'UTC';
  for (const file of globSync(`test/collector/fixtures/${product}-*.log`).sort()) add(zone, file);
  for (const pattern of SAMPLES[product] ?? []) {
    for (const file of globSync(`../shared/samples/${pattern}`).sort()) if (!OTHER_FORMS.test(file)) add(zone, file);
  }
  return [...groups.values()].map((group) => ({ product, ...group }));
}

function fixtureOptions(file: string): FixtureOptions {
  const path = file.replace(/\.log$/, '.options.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}
