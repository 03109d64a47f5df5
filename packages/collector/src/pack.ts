import type { Product } from '@cryptrail/catalogue';
import { readableFormats } from './decode/decoders.ts';
import { FORWARD, profileProcessor, sharedFragments } from './fragments.ts';
import { packLimits } from './limits.ts';
import { blockYaml, processors } from './processor.ts';
import type { Profile } from './profiles.ts';
import { fileReceiver, journalReceiver, logVariable, unitVariable } from './receivers.ts';
import { rowBlock, SQL_VERSION, sqlLimits, sqlReceiver, sqlVariables, tableFormat } from './sql.ts';
import { type CollectorNames, namesOf, STRICT_GATE, TESTED_VERSION } from './versions.ts';
import { journalTime } from './wrappers.ts';
import { toYaml, type Yaml } from './yaml.ts';

/** Options of {@link collectorPack}. */
export interface PackOptions {
  /** Products whose logs are read. */
  readonly products: readonly Product[];
  /** Release of the Collector, e.g. `0.160`. Default: the one that the packs are tested on. */
  readonly version?: string;
  /** What records get besides. Default: nothing. */
  readonly profiles?: readonly Profile[];
}

/** The parts of a pack. */
export interface PackParts {
  readonly receivers: Record<string, Yaml>;
  readonly processors: Record<string, Yaml>;
  readonly pipelines: Record<string, Yaml>;
}

/** Receivers, processors and pipelines of the products; `exporter` is where the pipelines lead. */
export function packParts(
  products: readonly Product[],
  names: CollectorNames,
  exporter: string,
  profiles: readonly Profile[] = [],
): PackParts {
  const parts: PackParts = { receivers: {}, processors: {}, pipelines: {} };
  for (const product of products) {
    const { readable } = readableFormats(product);
    Object.assign(parts.receivers, fileReceiver(product, readable, names));
    const own = withProfiles(processors(product, readable, names), product, names, profiles);
    Object.assign(parts.processors, own);
    parts.pipelines[`logs/${product.id}`] = {
      receivers: [`${names.fileLog}/${product.id}`],
      processors: Object.keys(own),
      exporters: [exporter],
    };
  }
  return parts;
}

/** Profiles stand right behind the mapping, where a table for a batch is made once. */
function withProfiles(
  own: Record<string, Yaml>,
  product: Product,
  names: CollectorNames,
  profiles: readonly Profile[],
): Record<string, Yaml> {
  const [mapping, ...rest] = Object.entries(own);
  const more = [...new Set(profiles)].flatMap((profile) =>
    Object.entries(profileProcessor(profile, `${product.id}_${profile.replace('-', '_')}`, [product], names)),
  );
  return Object.fromEntries([...(mapping ? [mapping] : []), ...more, ...rest]);
}

/**
 * A configuration that is complete by itself: reads the log files, maps every record, delivers over OTLP/HTTP. Text of a YAML file for the stock
 * contrib distribution. Throws a RangeError for a version that no names are known for.
 *
 * @example
 * ```ts
 * collectorPack({ products });
 * ```
 */
export function collectorPack({ products, version = TESTED_VERSION, profiles = [] }: PackOptions): string {
  const names = knownNames(version);
  const exporter = `${names.otlpHttp}/cryptrail`;
  const { receivers, processors, pipelines } = packParts(products, names, exporter, profiles);
  const config: Yaml = {
    receivers,
    processors,
    exporters: { [exporter]: otlpExporter(names) },
    extensions: storage(names),
    service: { extensions: [`${names.fileStorage}/cryptrail`], pipelines },
  };
  return `${head(products, version, WHOLE)}${toYaml(config)}`;
}

/**
 * The same without an exporter, to be loaded beside a configuration of the user's own: every component has a name of its own, no list is touched, and
 * the records come out of a connector.
 */
export function collectorFragment({ products, version = TESTED_VERSION, profiles = [] }: PackOptions): string {
  const names = knownNames(version);
  const { receivers, processors, pipelines } = packParts(products, names, FORWARD, profiles);
  const config: Yaml = {
    receivers,
    processors,
    connectors: { [FORWARD]: {} },
    extensions: storage(names),
    service: { pipelines },
  };
  return `${head(products, version, fragmentUse(names))}${toYaml(config)}`;
}

/**
 * The journal as a further source of a fragment: receiver and pipeline, to be loaded beside {@link collectorFragment} of the same product, whose
 * processors it uses. Needs `journalctl` where the Collector runs.
 */
export function journalFragment({ products, version = TESTED_VERSION }: PackOptions): string {
  const names = knownNames(version);
  const receivers: Record<string, Yaml> = {};
  const own: Record<string, Yaml> = {};
  const pipelines: Record<string, Yaml> = {};
  for (const product of products) {
    const { readable } = readableFormats(product);
    Object.assign(receivers, journalReceiver(product, readable, names));
    const journal = `${names.transform}/${product.id}_journal`;
    own[journal] = { error_mode: 'silent', log_statements: [blockYaml(journalTime())] };
    pipelines[`logs/${product.id}_journal`] = {
      receivers: [`${names.journald}/${product.id}`],
      processors: [journal, ...Object.keys(processors(product, readable, names))],
      exporters: [FORWARD],
    };
  }
  const use = [
    'To be loaded beside the fragment of the same product, whose processors it uses. Needs journalctl where the Collector runs.',
    `Environment: ${products.map((product) => `${unitVariable(product)} (unit, e.g. name.service)`).join(', ')}. Entries are read one by one: what a program wrote in several is not joined.`,
  ];
  const [first = ''] = head(products, version, []).split('\n');
  return `${first}\n${use.map((line) => `# ${line}\n`).join('')}${toYaml({ receivers, processors: own, service: { pipelines } })}`;
}

/**
 * Rows of a product's table instead of lines, complete by itself; undefined for a product whose table is not known. Its first lines say what is lost and
 * repeated, and the safer way.
 */
export function sqlPack(product: Product, version: string = SQL_VERSION): string | undefined {
  const format = tableFormat(product);
  if (!format) return undefined;
  const names = knownNames(version);
  const exporter = `${names.otlpHttp}/cryptrail`;
  const own = processors(product, [format], names, { suffix: '_sql', reading: [rowBlock(product, format)] });
  const { source, node } = sqlVariables(product);
  const lines = [
    `Generated for OpenTelemetry Collector ${version} (contrib) from the tables of ${product.id} in @cryptrail/catalogue. Do not edit.`,
    ...sqlLimits(format),
    'Complete by itself: otelcol-contrib --config THIS-FILE',
    `Run on ${SQL_VERSION} with PostgreSQL; other releases are checked against the table of names only.`,
    `Environment: ${source} (postgres://reader:…@host/database), ${node} (${format.table.node} of the rows), CRYPTRAIL_STATE (folder for cursor and queue), CRYPTRAIL_ENDPOINT (default http://localhost:4318)`,
  ];
  const config: Yaml = {
    receivers: sqlReceiver(product, format, names),
    processors: own,
    exporters: { [exporter]: otlpExporter(names) },
    extensions: storage(names),
    service: {
      extensions: [`${names.fileStorage}/cryptrail`],
      pipelines: {
        [`logs/${product.id}_sql`]: {
          receivers: [`${names.sqlQuery}/${product.id}`],
          processors: Object.keys(own),
          exporters: [exporter],
        },
      },
    },
  };
  return `${lines.map((line) => `# ${line}\n`).join('')}${toYaml(config)}`;
}

/** Fragments that work on the records of all products, by name: each a file to be loaded beside fragments of products. */
export function sharedFragmentFiles({ products, version = TESTED_VERSION }: PackOptions): Map<string, string> {
  const [first = ''] = head(products, version, []).split('\n');
  return new Map(
    [...sharedFragments(products, knownNames(version))].map(([name, { use, config }]) => [
      name,
      `${first}\n${use.map((line) => `# ${line}\n`).join('')}${toYaml(config)}`,
    ]),
  );
}

function knownNames(version: string): CollectorNames {
  const names = namesOf(version);
  if (!names) throw new RangeError(`no component names are known for Collector ${version}`);
  return names;
}

function otlpExporter(names: CollectorNames): Yaml {
  return {
    endpoint: '${env:CRYPTRAIL_ENDPOINT:-http://localhost:4318}',
    '# 1':
      'On disk, so that a restart loses nothing; when it is full, reading waits. No batch processor: it would answer for records that are not safe yet.',
    sending_queue: {
      storage: `${names.fileStorage}/cryptrail`,
      block_on_overflow: true,
      sizer: 'items',
      queue_size: 100_000,
      batch: { min_size: 2_000, max_size: 8_000, flush_timeout: '1s' },
    },
    retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
  };
}

function storage(names: CollectorNames): Record<string, Yaml> {
  return { [`${names.fileStorage}/cryptrail`]: { directory: '${env:CRYPTRAIL_STATE}', create_directory: true } };
}

const STRICT = `Start it with --feature-gates=${STRICT_GATE}: without it a kill loses up to 100 lines that were read last.`;
const WHOLE = ['Complete by itself: otelcol-contrib --config THIS-FILE', STRICT];

function fragmentUse({ fileStorage }: CollectorNames): string[] {
  return [
    'To be loaded beside a configuration of your own: otelcol-contrib --config yours.yaml --config THIS-FILE',
    `Yours names ${fileStorage}/cryptrail in service.extensions and has a pipeline with receivers: [${FORWARD}].`,
    STRICT,
  ];
}

/** Version and source, use, variables, and what the pack cannot do. */
function head(products: readonly Product[], version: string, use: readonly string[]): string {
  const logs = products.map((product) => `${logVariable(product)} (log files, a glob)`);
  const lines = [
    `Generated for OpenTelemetry Collector ${version} (contrib) from the tables of ${products.map(({ id }) => id).join(', ')} in @cryptrail/catalogue. Do not edit.`,
    ...use,
    `Environment: ${[...logs, 'CRYPTRAIL_STATE (folder for positions and the queue)', 'CRYPTRAIL_ENDPOINT (default http://localhost:4318)'].join(', ')}`,
    'What it cannot do:',
    ...[...new Set(products.flatMap((product) => packLimits(product, version)))].map((limit) => `- ${limit}`),
  ];
  return lines.map((line) => `# ${line}\n`).join('');
}
