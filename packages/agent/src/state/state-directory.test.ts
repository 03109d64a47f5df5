import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockHolder } from './lock.ts';
import { readPositions } from './position-store.ts';
import { FORMAT_VERSION } from './schema.ts';
import { openDatabase } from './sqlite.ts';
import { openState } from './state-directory.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cryptrail-state-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const DATABASE = 'positions.db';

async function saveOne(position: number): Promise<void> {
  const state = await openState(directory);
  state.positions.save([{ source: 'file', stream: 'a', position: { offset: position } }]);
  await state.close();
}

async function positionAfterRestart() {
  const state = await openState(directory);
  const position = state.positions.table.get('file')?.get('a');
  const { damage } = state.positions;
  await state.close();
  return { position, damage };
}

describe('openState', () => {
  it('gives positions back after a restart, and forgets what was forgotten', async () => {
    const state = await openState(directory);
    state.positions.save([
      { source: 'file', stream: 'a', position: { offset: 1 } },
      { source: 'file', stream: '__proto__', position: null },
      { source: 'sql', stream: 'node', position: [1, 'x'] },
    ]);
    state.positions.save([{ source: 'sql', stream: 'node', position: undefined }]);
    await state.close();
    const again = await openState(directory);
    expect([...again.positions.table]).toEqual([
      [
        'file',
        new Map([
          ['__proto__', null],
          ['a', { offset: 1 }],
        ]),
      ],
    ]);
    expect(again.positions.damage).toBeUndefined();
    await again.close();
  });

  it('lets nobody else look into a directory that it makes', async () => {
    const state = await openState(join(directory, 'made'));
    expect((await stat(join(directory, 'made'))).mode & 0o777).toBe(0o700);
    await state.close();
  });

  it('refuses a second agent and names the first', async () => {
    const state = await openState(directory);
    await expect(openState(directory)).rejects.toThrow(`(process ${process.pid})`);
    expect(await lockHolder(directory)).toEqual({ running: true, pid: process.pid });
    await state.close();
    expect(await lockHolder(directory)).toEqual({ running: false });
  });

  it('is free again as soon as an agent was killed', async () => {
    const module = pathToFileURL(join(import.meta.dirname, 'state-directory.ts')).href;
    const script = `const { openState } = await import(${JSON.stringify(module)}); await openState(${JSON.stringify(directory)}); console.log('open'); setInterval(() => {}, 1000)`;
    const child = spawn(process.execPath, ['--conditions=cryptrail-source', '--input-type=module', '-e', script]);
    await once(child.stdout, 'data');
    await expect(openState(directory)).rejects.toThrow(`(process ${child.pid})`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await openState(directory)).close();
  });

  it.each([
    ['overwritten', (path: string) => writeFile(path, Buffer.alloc(8192, 7))],
    ['cut to nothing', (path: string) => truncate(path, 0)],
    ['cut in the middle', (path: string) => truncate(path, 4096)],
    ['gone', (path: string) => rm(path)],
  ])('takes the copy when the database was %s, and says so', async (_, damage) => {
    await saveOne(5);
    await damage(join(directory, DATABASE));
    const after = await positionAfterRestart();
    expect(after.position).toEqual({ offset: 5 });
    expect(after.damage).toMatchObject({ reason: expect.any(String), copyMillis: expect.any(Number) });
    expect(await positionAfterRestart()).toEqual({ position: { offset: 5 }, damage: undefined });
  });

  it('keeps a damaged database aside, and begins without positions when there is no copy either', async () => {
    await saveOne(5);
    await writeFile(join(directory, DATABASE), 'no database at all, but long enough to be looked at');
    await writeFile(join(directory, 'positions.copy.json'), '{');
    const { position, damage } = await positionAfterRestart();
    expect(position).toBeUndefined();
    expect(damage?.copyMillis).toBeUndefined();
    expect(await readFile(damage?.quarantined ?? '', 'utf8')).toMatch(/^no database/);
  });

  it('refuses what a newer version wrote, and leaves it as it is', async () => {
    await saveOne(5);
    const database = await openDatabase(join(directory, DATABASE));
    database.exec(`PRAGMA user_version = ${FORMAT_VERSION + 1}`);
    database.close();
    await expect(openState(directory)).rejects.toThrow('newer version');
    expect((await readdir(directory)).some((name) => name.includes('damaged'))).toBe(false);
    expect(await lockHolder(directory)).toEqual({ running: false });
  });

  it.skipIf(process.getuid?.() === 0)('says what is to be done about a directory that cannot be written', async () => {
    await chmod(directory, 0o500);
    await expect(openState(directory)).rejects.toThrow('cannot be used');
  });

  it('says why a path that is a file cannot be used', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(openState(join(directory, 'file'))).rejects.toThrow('choose another with --state');
  });

  it('can be read beside a running agent', async () => {
    const state = await openState(directory);
    state.positions.save([{ source: 'file', stream: 'a', position: 3 }]);
    expect(await readPositions(directory)).toEqual(new Map([['file', new Map([['a', 3]])]]));
    await state.close();
  });
});
