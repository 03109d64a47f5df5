/**
 * `npm run bench`: see docs/performance.md. Flags: `--lines N`, `--rounds N`, `--form NAME` (may be repeated), `--file PATH` (in the place of the forms, may be repeated), `--only compare|throughput|in-process|slow-backend|growth|budgets|verify`
 * (may be repeated), `--largest N` (records of the largest input of the growth check), `--write` (renews the table and chart of the documents).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findCollector } from '../../../test/collector/support/run-collector.ts';
import budgets from './budgets.json' with { type: 'json' };
import { measureBudgets } from './budgets.ts';
import { FORMS, type Form, formOf } from './corpus.ts';
import { measureGrowth } from './growth.ts';
import { measureInProcess } from './in-process.ts';
import {
  chartOf,
  ratiosOf,
  tableOf,
  tellBudget,
  tellGrowth,
  tellInProcess,
  tellRow,
  tellSlowBackend,
} from './report.ts';
import { compareAll, measureSlowBackend, measureThroughput } from './throughput.ts';
import { benchVerify } from './verify.ts';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '3' },
    form: { type: 'string', multiple: true, default: [] },
    file: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', multiple: true, default: [] },
    largest: { type: 'string', default: '1000000' },
    write: { type: 'boolean', default: false },
  },
});
const lines = wholeNumber('lines');
const rounds = wholeNumber('rounds');
const wants = (part: string) => values.only.length === 0 || values.only.includes(part);
const SLOW_MILLIS = 20;
const DOCUMENTS = join(import.meta.dirname, '..', '..', '..', 'docs');

if (wants('compare')) tell(`${await compareAll()} records are the same, through the SDK and directly`, true);
if (wants('throughput')) {
  const collector = findCollector();
  if (collector === undefined)
    tell('no Collector is measured: OTELCOL names none, and scripts/build-collector.mjs has built none', true);
  const rows = await measureThroughput({ lines, rounds, forms: wantedForms(), collector }, (text) =>
    process.stderr.write(`${text}\n`),
  );
  for (const row of rows) tell(tellRow(row), ratiosOf(row).convert >= row.must);
  if (values.write) {
    const page = join(DOCUMENTS, 'performance.md');
    const [before, after] = readFileSync(page, 'utf8').split(/(?<=<!-- bench -->\n)[\s\S]*(?=<!-- \/bench -->)/);
    writeFileSync(page, `${before}${tableOf(rows)}${after}`);
    writeFileSync(join(DOCUMENTS, 'performance.svg'), chartOf(rows));
  }
}
if (wants('slow-backend')) {
  const slow = await measureSlowBackend(SLOW_MILLIS, lines, rounds);
  tell(tellSlowBackend(slow), slow.ratio >= 10);
}
if (wants('growth'))
  for (const growth of measureGrowth(wholeNumber('largest')))
    tell(tellGrowth(growth), (growth.steps.at(-1)?.ratio ?? 0) <= growth.most);
if (wants('budgets')) for (const budget of measureBudgets(budgets)) tell(tellBudget(budget), true);
if (wants('in-process')) for (const one of measureInProcess()) tell(tellInProcess(one), true);
if (wants('verify')) for (const { text, holds } of benchVerify()) tell(text, holds);

function wantedForms(): Form[] {
  if (values.file.length > 0) return values.file.map(formOf);
  return FORMS.filter(({ name }) => values.form.length === 0 || values.form.includes(name));
}

function tell(text: string, holds: boolean): void {
  process.stdout.write(`${text}\n`);
  if (!holds) process.exitCode = 1;
}

function wholeNumber(name: 'lines' | 'rounds' | 'largest'): number {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`--${name} takes a whole number above 0, not ${JSON.stringify(values[name])}`);
}
