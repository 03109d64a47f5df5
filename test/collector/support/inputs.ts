import { existsSync, globSync, readFileSync } from 'node:fs';

/** Log files of one product that are read alike. */
export interface InputGroup {
  readonly product: string;
  /** Zone of layouts that print none. */
  readonly timeZone: string;
  readonly files: readonly string[];
}

/** Sample logs of plain lines beside the repository, by product; absent in a clone alone. */
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  acra: [
    'acra/{audit,censor,codeless,codes,hostile,legacy,sessions,trace,tty}/*.log',
    'acra/mixed/{all-formats,json-with}*.log',
  ],
  aqtive: ['aqtive/{edge,noisy}/*.log', 'aqtive/overlap/*', 'aqtive/fleet/*/*.log*'],
  cesecore: [
    'cesecore/log-lines/*.log',
    'cesecore/edge/*.log',
    'cesecore/cli/*',
    'cesecore/wrapped/{ansi,syslog}-*.log',
  ],
};

/** Files that hold no plain lines of UTF-8: compressed, entries of a journal, other encodings (`encoding` of the receiver reads those). */
const OTHER_FORMS = /\.(?:gz|zip|tar|json|jsonl|ndjson|csv|xml|md)$|\/journal\.log$|\/(?:latin-1|utf-16\w*-bom)\.log$/;

interface FixtureOptions {
  readonly input?: string;
  readonly timeZone?: string;
}

/** Every fixture and sample of a product, by the zone that it is read in. */
export function inputGroups(product: string): InputGroup[] {
  const byZone = new Map<string, string[]>();
  const add = (timeZone: string, file: string) => byZone.set(timeZone, [...(byZone.get(timeZone) ?? []), file]);
  for (const file of globSync(`packages/catalogue/products/${product}/fixtures/*.log`).sort()) {
    const { input, timeZone = 'UTC' } = fixtureOptions(file);
    if (input === undefined && !OTHER_FORMS.test(file)) add(timeZone, file);
  }
  const zone = product === 'cesecore' ? 'Europe/Stockholm' : 'UTC';
  for (const pattern of SAMPLES[product] ?? []) {
    for (const file of globSync(`../shared/samples/${pattern}`).sort()) if (!OTHER_FORMS.test(file)) add(zone, file);
  }
  return [...byZone].map(([timeZone, files]) => ({ product, timeZone, files }));
}

function fixtureOptions(file: string): FixtureOptions {
  const path = file.replace(/\.log$/, '.options.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}
