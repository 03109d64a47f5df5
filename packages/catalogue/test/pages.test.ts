import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codeList, insertBetweenMarks, markdownTable } from '../scripts/markdown.ts';
import { stabilityOf } from '../scripts/stability.ts';
import { productIds, readTables } from '../scripts/tables.ts';

const repository = new URL('../../../', import.meta.url);
const semantics = readFileSync(new URL('docs/semantics.md', repository), 'utf8');
const [byHand = ''] = semantics.split('<!-- mapping:');

describe('docs/semantics.md', () => {
  const read = productIds().filter((id) => readTables(id).product.kind !== 'internal');

  it.each(read)('names every attribute that records of %s carry', (id) => {
    const { product } = readTables(id);
    const folder = new URL(`packages/catalogue/products/${id}/fixtures/`, repository);
    const names = globSync('*.expected.json', { cwd: folder.pathname }).flatMap((file) => {
      const records: Written[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
      return records.flatMap(({ attributes, resource }) => [
        ...Object.keys(attributes ?? {}),
        ...Object.keys(resource ?? {}),
      ]);
    });
    const own = [...new Set(names)].filter((name) => !name.startsWith(product.details.prefix));
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter((name) => !semantics.includes(`\`${name}\``))).toEqual([]);
  });

  it('says in its tables what the registry says of each name', () => {
    const rows = [...byHand.matchAll(/^\| (`[^|]+) \| (stable|development) \|/gm)];
    const said = rows.flatMap(([, names = '', status]) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, status]),
    );
    expect(said.length).toBeGreaterThan(5);
    expect(said).toEqual(said.map(([name = '']) => [name, stabilityOf(name, 'cryptrail')]));
  });

  it('gives no status that is unknown', () => {
    const statuses = productIds().flatMap((id) => {
      const { product, fields } = readTables(id);
      const names = fields.flatMap(({ attribute, also = [], port, rest, full }) => [
        attribute,
        ...also,
        port,
        rest,
        full,
      ]);
      return names.filter((name) => name !== undefined).map((name) => [name, stabilityOf(name, product.namespace)]);
    });
    expect(statuses.filter(([, status]) => status === 'unregistered')).toEqual([]);
  });
});

/** A record of an expected file, as far as this test looks at it. */
interface Written {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly resource?: Readonly<Record<string, unknown>>;
}

describe('generated parts of pages', () => {
  it('keep bars and line breaks of a cell inside the cell', () => {
    expect(markdownTable(['a', 'b'], [['1|2', 'x\ny']])).toBe('| a | b |\n|---|---|\n| 1\\|2 | x\\ny |');
  });

  it('list words as code', () => {
    expect(codeList(['a', 'b'])).toBe('`a`, `b`');
  });

  it('stand between their marks and leave the rest of the page alone', () => {
    const page = 'head\n<!-- x: written by npm run generate -->\nold\n<!-- /x -->\ntail\n';
    const made = insertBetweenMarks(page, 'x', 'new');
    expect(made).toBe('head\n<!-- x: written by npm run generate -->\nnew\n<!-- /x -->\ntail\n');
    expect(insertBetweenMarks(made, 'x', 'new')).toBe(made);
  });

  it('are refused when the marks are missing', () => {
    expect(() => insertBetweenMarks('no marks', 'x', 'new')).toThrow('marks <!-- x:');
  });
});
