import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { products } from '@cryptrail/catalogue';
import { hasPack } from '@cryptrail/collector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBothWays } from './support/both-ways.ts';
import type { Difference } from './support/compare.ts';
import { inputGroups } from './support/inputs.ts';
import { PERMITTED } from './support/permitted.ts';
import { findCollector } from './support/run-collector.ts';

const binary = findCollector();
const folder = mkdtempSync(join(tmpdir(), 'cryptrail-differential-'));
const hasSamples = existsSync('../shared/samples');
const used = new Map<string, number>();

/** Least share of records, in percent, of which every attribute is the same. */
const LEAST_EQUAL: Readonly<Record<string, number>> = { cesecore: 97 };
const REQUIRED = new Set([
  'record',
  'eventName',
  'severityNumber',
  'severityText',
  'time',
  '@cryptrail.outcome',
  '@error.type',
]);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

if (binary === undefined)
  tell(
    'No Collector binary: the differential test is left out. node scripts/build-collector.mjs builds one, OTELCOL names one.',
  );

describe.skipIf(binary === undefined).each(products.filter(hasPack).map(({ id }) => id))(
  'the Collector pack of %s',
  (id) => {
    let records = 0;
    let stderr = '';
    const differences: Difference[] = [];

    beforeAll(async () => {
      for (const [index, group] of inputGroups(id).entries()) {
        const both = await readBothWays(
          group,
          binary ?? '',
          `packages/collector/packs/${id}.yaml`,
          join(folder, `${id}-${index}`),
        );
        records += both.records;
        stderr += both.stderr;
        differences.push(...both.differences);
      }
    }, 300_000);

    it('says nothing on stderr', () => {
      expect(stderr).toBe('');
      expect(records).toBeGreaterThan(0);
    });

    it('gives the same name, severity, outcome, time and resource for every record', () => {
      const wrong = differences.filter((one) => isRequired(one) && permit(one) === undefined);
      expect(wrong.slice(0, 5).map(describeDifference), `${wrong.length} differences`).toEqual([]);
    });

    it('gives the same attributes for nearly every record, and what differs is in the table', () => {
      // The receiver counts no lines where records have several: a matter of every record, which says nothing about its mapping.
      const ofAttributes = differences.filter(({ part }) => part.startsWith('@') && part !== '@log.file.record_number');
      const places = new Set(ofAttributes.map(({ file, offset }) => `${file}@${offset}`));
      const equal = 100 - (100 * places.size) / records;
      tell(`${id}: ${records} records, all attributes equal in ${equal.toFixed(2)} %`);
      const unknown = differences.filter((one) => !isRequired(one) && permit(one) === undefined);
      expect(unknown.slice(0, 5).map(describeDifference), `${unknown.length} differences`).toEqual([]);
      expect(equal).toBeGreaterThanOrEqual(LEAST_EQUAL[id] ?? 99);
    });
  },
);

describe.skipIf(binary === undefined)('the table of permitted differences', () => {
  it.skipIf(!hasSamples)('has no row that nothing needs', () => {
    for (const { reason } of PERMITTED) tell(`${String(used.get(reason) ?? 0).padStart(5)}  ${reason}`);
    expect(PERMITTED.filter(({ reason }) => !used.has(reason)).map(({ reason }) => reason)).toEqual([]);
  });
});

/** Figures belong to what the test shows, so they are printed also when it passes. */
function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

function isRequired({ part }: Difference): boolean {
  return REQUIRED.has(part) || part.startsWith('resource ');
}

/** The reason why a difference is accepted; counted. */
function permit(difference: Difference): string | undefined {
  const row = PERMITTED.find(({ fits }) => fits(difference));
  if (row) used.set(row.reason, (used.get(row.reason) ?? 0) + 1);
  return row?.reason;
}

function describeDifference({ file, offset, part, mapper, collector }: Difference): string {
  return `${file}@${offset} ${part}: mapper ${cut(mapper)}, Collector ${cut(collector)}`;
}

function cut(value: string | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value.slice(0, 200));
}
