/**
 * True lines and the records they must become: `products/<id>/fixtures/<case>.log` beside `<case>.expected.json`. A changed expected file is the
 * review of a change; `UPDATE_FIXTURES=1` writes them anew. `<case>.options.json` may hold options of the pipeline.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createPipeline, type PipelineOptions } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { flattenRecord } from './flatten-record.ts';
import { PRODUCTS, productIds, readProduct } from './product-tables.ts';

const products = productIds().map(readProduct);

const fixturesOf = (id: string) => new URL(`${id}/fixtures/`, PRODUCTS);

describe.each(productIds().filter((id) => existsSync(fixturesOf(id))))('fixtures of %s', (id) => {
  const folder = fixturesOf(id);
  const names = readdirSync(fileURLToPath(folder));
  const cases = names.filter((name) => name.endsWith('.log')).map((name) => name.slice(0, -'.log'.length));

  it('come in pairs and say where they are from', () => {
    const orphans = names.filter((name) => name.endsWith('.expected.json') && !names.includes(logOf(name)));
    expect(cases.length).toBeGreaterThan(0);
    expect(orphans).toEqual([]);
    expect(names).toContain('SOURCES.md');
  });

  it.each(cases)('%s.log becomes the records of its expected file', (name) => {
    const records = convert(new URL(`${name}.log`, folder), readOptions(new URL(`${name}.options.json`, folder)));
    const expected = new URL(`${name}.expected.json`, folder);
    if (process.env.UPDATE_FIXTURES) writeFileSync(expected, toLines(records));
    expect(records).toEqual(JSON.parse(readFileSync(expected, 'utf8')));
  });
});

function logOf(expected: string): string {
  return expected.replace('.expected.json', '.log');
}

function readOptions(path: URL): Partial<PipelineOptions> {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

function convert(path: URL, options: Partial<PipelineOptions>): unknown[] {
  const reader = createPipeline({ products, now: () => 1n, ...options }).open();
  return [...reader.push(readFileSync(path)), ...reader.end()].map(flattenRecord);
}

/** One record a line: a change shows as the line that changed. */
function toLines(records: readonly unknown[]): string {
  return `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`;
}
