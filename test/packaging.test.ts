import { execFileSync } from 'node:child_process';
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifests = globSync('packages/*/package.json').sort().map(readManifest);
const folders = new Map(globSync('packages/*/package.json').map((file) => [readManifest(file).name, dirname(file)]));
let home: string;

// What a user gets: the packed files alone, in a folder far from this one, beside what their manifests name.
beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'cryptrail-packed-')));
  for (const manifest of manifests) install(manifest);
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.each(manifests)('packed $name', (manifest) => {
  it('imports through every entry that it exports', () => {
    const names = entriesOf(manifest).filter((entry) => !entry.endsWith('.json'));
    const program = names.map((name) => `await import(${JSON.stringify(name)});`).join('\n');
    expect(() => run(process.execPath, ['--input-type=module', '--eval', program])).not.toThrow();
  });

  it('exports its data files', () => {
    const names = entriesOf(manifest).filter((entry) => entry.endsWith('.json'));
    const program = `import { createRequire } from 'node:module';\n${names
      .map((name) => `createRequire(${JSON.stringify(join(home, 'user.js'))})(${JSON.stringify(name)});`)
      .join('\n')}`;
    expect(names).toContain(`${manifest.name}/package.json`);
    expect(() => run(process.execPath, ['--input-type=module', '--eval', program])).not.toThrow();
  });

  it('carries its licence and leaves out tests, fixtures and build settings', () => {
    const files = readdirSync(join(home, 'node_modules', manifest.name), { recursive: true, encoding: 'utf8' });
    expect(files).toContain('LICENSE');
    expect(files.filter((file) => /\.test(-d)?\.|fixtures|\.config\.ts$|tsconfig|\.turbo/.test(file))).toEqual([]);
  });

  for (const [command, file] of Object.entries(manifest.bin ?? {})) {
    it(`runs as ${command}`, () => {
      const printed = run(process.execPath, [join(home, 'node_modules', manifest.name, file), '--version']);
      expect(printed).toContain(manifest.version);
    });
  }
});

function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function run(program: string, args: readonly string[], cwd = home): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Unpacks the tarball into node_modules and links the other packages that the manifest names. */
function install({ name, dependencies, peerDependencies }: Manifest): void {
  const target = join(home, 'node_modules', name);
  mkdirSync(target, { recursive: true });
  const packed: { readonly filename: string }[] = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', home], folders.get(name)),
  );
  run('tar', ['-xzf', join(home, packed[0]?.filename ?? ''), '--strip-components=1', '-C', target]);
  for (const needed of Object.keys({ ...dependencies, ...peerDependencies })) link(needed);
}

function link(name: string): void {
  const target = join(home, 'node_modules', name);
  const source = resolve('node_modules', name);
  if (folders.has(name) || readdirOrNothing(dirname(target)).includes(name.split('/').at(-1) ?? '')) return;
  mkdirSync(dirname(target), { recursive: true });
  if (readdirOrNothing(source).length > 0) symlinkSync(realpathSync(source), target);
}

function readdirOrNothing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The names a user can import: `@cryptrail/catalogue/products/acra` for the pattern `./products/*`. */
function entriesOf({ name, exports }: Manifest): string[] {
  return Object.entries(exports).flatMap(([key, value]) => {
    const file = typeof value === 'string' ? value : value.default;
    const found = globSync(file, { cwd: join(home, 'node_modules', name) });
    expect(found, `${key} → ${file}`).not.toEqual([]);
    const [head = '', tail = ''] = file.slice(2).split('*');
    return found.map((path) => join(name, key.replace('*', path.slice(head.length, path.length - tail.length))));
  });
}
