import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What each package may import of the others: the flow catalogue ← mapper ← integrity, exporter ← agent. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  catalogue: [],
  mapper: ['@cryptrail/catalogue'],
  integrity: ['@cryptrail/catalogue', '@cryptrail/mapper'],
  exporter: ['@cryptrail/mapper'],
  collector: ['@cryptrail/catalogue'],
  agent: [
    '@cryptrail/catalogue',
    '@cryptrail/mapper',
    '@cryptrail/integrity',
    '@cryptrail/exporter',
    '@cryptrail/collector',
  ],
};
const packages = globSync('packages/*/package.json').map((file) => dirname(file).slice('packages/'.length));

/** Sources that are shipped: no tests, no fixtures, no build scripts. */
function shippedSources(name: string): string[] {
  const files = globSync([`packages/${name}/src/**/*.ts`, `packages/${name}/products/*/*.ts`]);
  return files.filter((file) => !/\.(test|test-d)\.ts$/.test(file));
}

/** The module names that a file imports, statically, as types, by re-export or dynamically. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g);
  return [...found].map((match) => match[1] ?? '');
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

describe.each(packages)('package %s', (name) => {
  const imports = shippedSources(name).flatMap((file) => importsOf(file).map((specifier) => ({ file, specifier })));

  it('has sources to look at and a known place in the flow', () => {
    expect(shippedSources(name).length).toBeGreaterThan(0);
    expect(Object.keys(mayImport)).toContain(name);
  });

  it('imports other packages of the project upstream only', () => {
    const ours = imports.filter(({ specifier }) => /^(@cryptrail\/|cryptrail(\/|$))/.test(specifier));
    expect(ours.filter(({ specifier }) => !mayImport[name]?.includes(packageOf(specifier)))).toEqual([]);
  });

  it('reaches no file of another package by a relative path', () => {
    expect(imports.filter(({ specifier }) => /^\.\.?\/.*\b(packages|src\/\.\.)\//.test(specifier))).toEqual([]);
  });
});
