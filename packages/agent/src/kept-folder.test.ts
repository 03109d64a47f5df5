import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptFolder } from './kept-folder.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kept-folder-'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

test('makes a folder among the caches of the user, for this user alone', () => {
  const folder = keptFolder({ HOME: home, LOCALAPPDATA: home });
  expect(folder).toBe(
    process.platform === 'win32' ? join(home, 'cryptrail', 'compiled') : join(home, '.cache', 'cryptrail', 'compiled'),
  );
  if (process.platform !== 'win32') expect(statSync(folder ?? '').mode & 0o777).toBe(0o700);
});

test('takes the folder that NODE_COMPILE_CACHE names', () => {
  const named = join(home, 'named');
  expect(keptFolder({ HOME: home, NODE_COMPILE_CACHE: named })).toBe(join(named, 'cryptrail', 'compiled'));
});

test('keeps nothing with NODE_DISABLE_COMPILE_CACHE, or where nobody has a home', () => {
  expect(keptFolder({ HOME: home, NODE_DISABLE_COMPILE_CACHE: '1' })).toBeUndefined();
  expect(keptFolder({})).toBeUndefined();
  expect(existsSync(join(home, '.cache'))).toBe(false);
});

test('keeps nothing in a home that is not there, and does not make one', () => {
  expect(keptFolder({ HOME: join(home, 'nobody'), LOCALAPPDATA: join(home, 'nobody') })).toBeUndefined();
  expect(existsSync(join(home, 'nobody'))).toBe(false);
});

test.skipIf(process.platform === 'win32')('keeps nothing where others can write', () => {
  const folder = join(home, '.cache', 'cryptrail', 'compiled');
  mkdirSync(folder, { recursive: true });
  for (const open of [folder, join(home, '.cache', 'cryptrail'), join(home, '.cache'), home]) {
    chmodSync(open, 0o777);
    expect(keptFolder({ HOME: home })).toBeUndefined();
    chmodSync(open, 0o755);
  }
  expect(keptFolder({ HOME: home })).toBe(folder);
});

test.skipIf(process.platform === 'win32')('keeps nothing behind a link', () => {
  const elsewhere = join(home, 'elsewhere');
  mkdirSync(elsewhere);
  mkdirSync(join(home, '.cache', 'cryptrail'), { recursive: true });
  symlinkSync(elsewhere, join(home, '.cache', 'cryptrail', 'compiled'));
  expect(keptFolder({ HOME: home })).toBeUndefined();
});
