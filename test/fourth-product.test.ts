import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// A copy of the repository in which somebody adds a product and edits nothing outside its folder.
const id = 'made-up-vault';
let copy: string;
let made: ReturnType<typeof run>;

beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), 'cryptrail-fourth-')));
  const skipped = new Set(['node_modules', 'dist', '.git', '.turbo', '.tmp']);
  for (const name of ['README.md', 'docs', 'package.json', 'packages', 'scripts', 'tsconfig.json']) {
    cpSync(name, join(copy, name), { recursive: true, filter: (path) => !skipped.has(basename(path)) });
  }
  linkPackages();
  made = run('packages/catalogue/scripts/new-product.ts', id, 'Made-up Vault');
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('a product added by its folder alone', () => {
  it('comes from one command', () => {
    expect(made.stderr).toBe('');
    expect(made.status).toBe(0);
    expect(readdirSync(join(copy, 'packages/catalogue/products'))).toContain(id);
  });

  it('leaves nothing to generate', () => {
    const { status, stderr } = run('packages/catalogue/scripts/generate.ts', '--check');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('is read by the command line', () => {
    const sample = `packages/catalogue/products/${id}/fixtures/sign-in.log`;
    const { status, stdout, stderr } = run('packages/agent/src/cli.ts', 'convert', '--output', 'ndjson', sample);
    expect(status, stderr).toBe(0);
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records).toHaveLength(2);
    expect(JSON.stringify(records[0])).toContain('made_up_vault.user.signed_in');
    expect(JSON.stringify(records[1])).toContain('"locked"');
  });

  it('is explained by the command line', () => {
    const { status, stdout, stderr } = run('packages/agent/src/cli.ts', 'explain', 'made_up_vault.user.signed_in');
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('User signed in');
  });

  it('gets a Collector pack that knows its events, and nothing else is to be done for it', () => {
    const { status, stdout, stderr } = run('packages/agent/src/cli.ts', 'collector', '--product', id);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(`file_log/${id}:`);
    expect(stdout).toContain('made_up_vault.user.signed_in');
  });

  it('is refused under a name that is taken or no name', () => {
    expect(run('packages/catalogue/scripts/new-product.ts', id).stderr).toContain('already');
    expect(run('packages/catalogue/scripts/new-product.ts', '../outside').status).toBe(2);
    expect(run('packages/catalogue/scripts/new-product.ts').stderr).toContain('Usage');
  });
});

/** node_modules of the copy: the packages of the project are the copied ones, all others those that are installed. */
function linkPackages(): void {
  const own = new Map(readdirSync('packages').map((folder) => [nameOf(folder), join(copy, 'packages', folder)]));
  mkdirSync(join(copy, 'node_modules', '@cryptrail'), { recursive: true });
  for (const [name, folder] of own) symlinkSync(folder, join(copy, 'node_modules', name));
  for (const name of readdirSync('node_modules')) {
    if (!own.has(name) && name !== '@cryptrail')
      symlinkSync(resolve('node_modules', name), join(copy, 'node_modules', name));
  }
}

function nameOf(folder: string): string {
  return JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8')).name;
}

/** Runs a source file of the copy as it is, without a build. */
function run(...args: string[]) {
  const options = ['--conditions=cryptrail-source', '--disable-warning=ExperimentalWarning'];
  return spawnSync(process.execPath, [...options, ...args], { cwd: copy, encoding: 'utf8' });
}
