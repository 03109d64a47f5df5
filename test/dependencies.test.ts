import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifests: Manifest[] = globSync(['package.json', 'packages/*/package.json', 'examples/*/package.json']).map(
  (file) => JSON.parse(readFileSync(file, 'utf8')),
);
const names = manifests.flatMap(({ dependencies, devDependencies, peerDependencies }) =>
  Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }),
);
const foreign = [...new Set(names)].filter((name) => !/^(@cryptrail\/|cryptrail$)/.test(name));

it('says in docs/dependencies.md why each dependency is there', () => {
  const page = readFileSync('docs/dependencies.md', 'utf8');
  // `@scope/first`, `-second` on one line stands for @scope/first and @scope/…-second.
  const told = [...page.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
  const isTold = (name: string) => told.some((text) => name === text || (text.startsWith('-') && name.endsWith(text)));
  expect(foreign.length).toBeGreaterThan(10);
  expect(foreign.filter((name) => !isTold(name))).toEqual([]);
});

it('takes every package from the public registry', () => {
  const lock = readFileSync('package-lock.json', 'utf8');
  const hosts = [...lock.matchAll(/"resolved": "(\w+:\/\/[^/"]+)/g)].map((match) => match[1] ?? '');
  expect(hosts.filter((host) => host !== 'https://registry.npmjs.org')).toEqual([]);
});
