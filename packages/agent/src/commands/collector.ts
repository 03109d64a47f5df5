import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Product, products } from '@cryptrail/catalogue';
import {
  collectorFiles,
  collectorPack,
  hasPack,
  namesOf,
  PROFILES,
  type Profile,
  packLimits,
  RELEASES,
  sqlLimits,
  TESTED_VERSION,
  tableFormat,
} from '@cryptrail/collector';
import { defineCommand } from '../command-line/command.ts';
import type { FlagRules } from '../command-line/flags.ts';
import { Misuse } from '../command-line/misuse.ts';
import { productId } from './reading-flags.ts';

const FLAGS = {
  product: { kind: 'value', placeholder: 'ID', help: 'Only this product. Default: all, in one configuration.' },
  out: {
    kind: 'value',
    placeholder: 'DIR',
    help: 'Write <product>.yaml and fragments there. Default: print the configuration.',
  },
  'collector-version': {
    kind: 'value',
    placeholder: 'VERSION',
    help: `Release of the Collector, e.g. 0.148. Default ${TESTED_VERSION}.`,
  },
  profile: {
    kind: 'list',
    placeholder: 'NAME,…',
    choices: Object.keys(PROFILES) as Profile[],
    help: 'Attributes besides: otel.event.name, fields of ECS, classes of OCSF.',
  },
} as const satisfies FlagRules;

/** `cryptrail collector`: configuration for a stock OpenTelemetry Collector that gives the same records. */
export const collector = defineCommand({
  name: 'collector',
  summary: 'Write configuration that makes a stock OpenTelemetry Collector give the same records.',
  description: ['The first lines of each file say which variables it wants, and what a Collector cannot do.'],
  flags: FLAGS,
  examples: [
    'cryptrail collector --product acra > acra.yaml',
    'cryptrail collector --out packs --collector-version 0.148',
    'cryptrail collector --product aqtive --profile ecs > aqtive.yaml',
  ],
  run: async ({ flags }, { out, note }) => {
    const version = knownVersion(flags['collector-version'] ?? TESTED_VERSION);
    const chosen = chosenProducts(flags.product);
    const profiles = flags.profile;
    if (flags.out === undefined) {
      await out.write(collectorPack({ products: chosen, version, profiles }));
      note(sayLimits(chosen, version));
      return 0;
    }
    const wanted = flags['collector-version'];
    const files = collectorFiles({ products: chosen, profiles, ...(wanted === undefined ? {} : { version: wanted }) });
    const written = writeFiles(flags.out, files);
    await out.write(`${written.join('\n')}\n\n${sayLimits(chosen, version)}${chosen.map(sayRowLimits).join('')}`);
    return 0;
  },
});

function chosenProducts(written: string | undefined): Product[] {
  const own = products.filter(hasPack);
  if (written === undefined) return own;
  const id = productId(written);
  const found = own.filter((product) => product.id === id);
  if (found.length === 0) throw new Misuse(`--product ${id}: no log of it can be read by a Collector.`);
  return found;
}

function knownVersion(version: string): string {
  if (namesOf(version)) return version;
  const oldest = `0.${RELEASES[0]?.from ?? 0}`;
  throw new Misuse(
    `--collector-version takes a release from ${oldest} on, e.g. ${TESTED_VERSION}; ${JSON.stringify(version)} is none.`,
  );
}

function writeFiles(folder: string, files: ReadonlyMap<string, string>): string[] {
  return [...files].map(([name, text]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  });
}

/** The limits, those that all products share once. */
function sayLimits(chosen: readonly Product[], version: string): string {
  const limits = new Set(chosen.flatMap((product) => packLimits(product, version)));
  return `What a Collector ${version} cannot do with them:\n${[...limits].map((limit) => `- ${limit}\n`).join('')}`;
}

/** What is lost when a Collector reads the table of a product, and the safer way. */
function sayRowLimits(product: Product): string {
  const format = tableFormat(product);
  if (!format) return '';
  return `\nBefore you use ${product.id}-sql.yaml:\n${sqlLimits(format)
    .map((limit) => `- ${limit}\n`)
    .join('')}`;
}
