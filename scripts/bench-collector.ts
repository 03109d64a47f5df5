/**
 * CPU time of the Collector for each form of log line, with a pack and with a pipeline that only reads:
 *   node scripts/bench-collector.ts [--lines 50000] [--target nop|otlp] [--form acra-json,…] [--runs 3] [--packs FOLDER] [--against NAME=FILE,…]
 * `--packs` measures another version of the packs beside this one, `--against` other configurations (input in the variable INPUT), interleaved.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { median } from '../packages/agent/bench/measure.ts';
import { type MeasureOptions, measure, type Target } from '../test/collector/support/measure.ts';
import { findCollector } from '../test/collector/support/run-collector.ts';

/** Forms of lines, with the product whose pack reads them and where lines of this form are found. */
const FORMS: Readonly<Record<string, { product: string; files: readonly string[]; fits: RegExp }>> = {
  'acra-json': { product: 'acra', files: ['acra/{codes,codeless,sessions}/*.log', 'acra'], fits: /^\{"/ },
  'acra-cef': { product: 'acra', files: ['acra/{codes,codeless,sessions}/*.log', 'acra'], fits: /^CEF:/ },
  'acra-text': { product: 'acra', files: ['acra/{codes,codeless,sessions}/*.log', 'acra'], fits: /^time="/ },
  ejbca: {
    product: 'cesecore',
    files: ['cesecore/log-lines/ejbca-ca-*.log', 'cesecore'],
    fits: /log4j\.Log4jDevice\]/,
  },
  signserver: {
    product: 'cesecore',
    files: ['cesecore/log-lines/signserver-*.log', 'cesecore'],
    fits: /SignServerLog4jDevice\]/,
  },
  aqtive: { product: 'aqtive', files: ['aqtive/fleet/*/*.log', 'aqtive'], fits: /^\{"/ },
};

function linesOf(form: string): string[] {
  const {
    files: [pattern = '', product = ''],
    fits,
  } = FORMS[form] ?? { files: [], fits: /^/ };
  const shared = globSync(`../shared/samples/${pattern}`);
  const files = shared.length > 0 ? shared : globSync(`packages/catalogue/products/${product}/fixtures/*.log`);
  return files
    .sort()
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => fits.test(line) && line.length < 4000);
}

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '50000' },
    target: { type: 'string', default: 'nop' },
    form: { type: 'string', default: Object.keys(FORMS).join(',') },
    runs: { type: 'string', default: '3' },
    packs: { type: 'string', multiple: true, default: [] },
    against: { type: 'string', default: '' },
  },
});
const binary = findCollector();
if (binary === undefined) throw new Error('no Collector binary: node scripts/build-collector.mjs builds one');
const target: Target = values.target === 'otlp' ? 'otlp' : 'nop';
const floor = 'test/collector/support/floor.yaml';

for (const form of values.form.split(',')) {
  const product = FORMS[form]?.product ?? '';
  const common = { binary, lines: linesOf(form), count: Number(values.lines), target };
  const variants: [string, Omit<MeasureOptions, keyof typeof common>][] = [
    ['floor', { configs: [floor], pipeline: 'logs', variable: 'INPUT' }],
    ...['packages/collector/packs', ...values.packs].map(
      (folder): [string, Omit<MeasureOptions, keyof typeof common>] => [
        folder,
        {
          configs: [`${folder}/${product}.yaml`],
          pipeline: `logs/${product}`,
          variable: `CRYPTRAIL_${product.toUpperCase()}_LOG`,
        },
      ],
    ),
    ...values.against.split(',').flatMap((pair): [string, Omit<MeasureOptions, keyof typeof common>][] => {
      const [name = '', file = ''] = pair.split('=');
      return name === form && existsSync(file)
        ? [[file, { configs: [file], pipeline: 'logs', variable: 'INPUT' }]]
        : [];
    }),
  ];
  const results = new Map<string, { perLine: number[]; start: number[] }>();
  for (let run = 0; run < Number(values.runs); run += 1) {
    for (const [name, options] of variants) {
      const { perLine, start } = await measure({ ...common, ...options });
      const result = results.get(name) ?? { perLine: [], start: [] };
      result.perLine.push(perLine);
      result.start.push(start);
      results.set(name, result);
    }
  }
  for (const [name, { perLine, start }] of results)
    process.stdout.write(
      `${form.padEnd(10)} ${target} ${median(perLine).toFixed(1).padStart(7)} us/line ${median(start).toFixed(2).padStart(5)} s start  ${name}\n`,
    );
}
