import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findCollector } from './support/run-collector.ts';

const run = promisify(execFile);
const folder = 'docs/upstream';
const cases = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
/** Needs a database and an older Collector. */
const NOT_RUN = new Set(['sql-cursor']);

/** The printed records, each with its attributes in order: the Collector prints them in any. A crash stands like a record. */
function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  for (const line of text.split('\n')) {
    if (/^(?:Body|panic):/.test(line)) records.push([line]);
    else if (line !== '') records.at(-1)?.push(line);
  }
  return records.map(([body = '', ...rest]) => [body, ...rest.sort()]);
}

describe('reports for the Collector', () => {
  const collector = findCollector();

  it.each(cases)('%s is listed on the page', (name) => {
    expect(readFileSync(`${folder}/README.md`, 'utf8')).toContain(`[${name}](${name}/issue.md)`);
  });

  it.skipIf(!collector).each(cases.filter((name) => !NOT_RUN.has(name)))(
    '%s happens as reported; when it no longer does, the report and our detour can go',
    async (name) => {
      const { stdout } = await run('sh', [`${folder}/reproduce.sh`, name, collector ?? '']);
      expect(recordsOf(stdout)).toEqual(recordsOf(readFileSync(`${folder}/${name}/got.txt`, 'utf8')));
    },
  );
});
