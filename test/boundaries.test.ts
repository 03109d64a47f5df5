import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** What each package may import of the others: catalogue ← mapper ← integrity, exporter ← agent; catalogue ← collector ← agent. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  catalogue: [],
  mapper: ['@cryptrail/catalogue'],
  integrity: ['@cryptrail/catalogue', '@cryptrail/mapper'],
  exporter: ['@cryptrail/catalogue', '@cryptrail/mapper'],
  collector: ['@cryptrail/catalogue'],
  agent: [
    '@cryptrail/catalogue',
    '@cryptrail/mapper',
    '@cryptrail/integrity',
    '@cryptrail/exporter',
    '@cryptrail/collector',
  ],
};

/** Run in browsers and Collectors too: no Node, no OpenTelemetry, nothing from outside the project. */
const portable = ['catalogue', 'mapper'];

/** Engines that know products only as data. `integrity` and the agent's commands about one product are free to name them. */
const productBlind = ['mapper', 'exporter', 'collector'];
/** Generated for one product each out of its tables: what of the engine it needs. */
const productModule = /\/products\/[a-z0-9-]+\/[a-z-]+\.generated\.ts$/;
/** A longer one is code, compiled. */
const LONGEST_WORD = 1000;
const productWords = /acra|cesecore|ejbca|signserver|aqtive/i;

const packages = globSync('packages/*/package.json').map((file) => dirname(file).slice('packages/'.length));

describe.each(packages)('package %s', (name) => {
  const sources = shippedSources(name);
  const imports = sources.flatMap((file) => importsOf(file).map((specifier) => ({ file, specifier })));
  const manifest: Manifest = JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8'));

  it('has sources to look at and a known place in the flow', () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(Object.keys(mayImport)).toContain(name);
  });

  it('imports other packages of the project upstream only', () => {
    const ours = imports.filter(({ specifier }) => /^(@cryptrail\/|cryptrail(\/|$))/.test(specifier));
    expect(ours.filter(({ specifier }) => !mayImport[name]?.includes(packageOf(specifier)))).toEqual([]);
  });

  it('reaches no file of another package by a relative path', () => {
    expect(imports.filter(({ specifier }) => /^\.\.?\/.*\b(packages|src\/\.\.)\//.test(specifier))).toEqual([]);
  });

  it('imports only what its manifest names', () => {
    const named = { ...manifest.dependencies, ...manifest.peerDependencies };
    const outside = imports.filter(({ specifier }) => !/^(\.|node:)/.test(specifier));
    expect(outside.filter(({ specifier }) => !Object.hasOwn(named, packageOf(specifier)))).toEqual([]);
  });

  if (portable.includes(name))
    it('needs neither Node nor anything from outside the project', () => {
      const foreign = imports.filter(({ specifier }) => !/^(\.|@cryptrail\/)/.test(specifier));
      const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
      expect(foreign).toEqual([]);
      expect(dependencies.filter((dependency) => !mayImport[name]?.includes(dependency))).toEqual([]);
    });

  if (productBlind.includes(name))
    it('names no product in its code', () => {
      const shared = sources.filter((file) => !productModule.test(file));
      const named = shared.flatMap((file) =>
        wordsOf(file)
          .filter((word) => word.length < LONGEST_WORD && productWords.test(word))
          .map((word) => `${file}: ${word}`),
      );
      expect(named).toEqual([]);
    });
});

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Sources that are shipped: no tests, no fixtures, no build scripts. */
function shippedSources(name: string): string[] {
  const files = globSync([`packages/${name}/src/**/*.ts`, `packages/${name}/products/*/*.ts`]);
  return files.filter((file) => !/\.(test|test-d)\.ts$/.test(file));
}

/** The module names that a file imports: statically, as types, by re-export or dynamically. */
function importsOf(file: string): string[] {
  return ts.preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles.map((found) => found.fileName);
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Identifiers and texts of a file, without its comments: an example in a doc comment may well name a product. */
function wordsOf(file: string): string[] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const words: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isLiteralExpression(node)) words.push(node.text);
    if (ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)) words.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return words;
}
