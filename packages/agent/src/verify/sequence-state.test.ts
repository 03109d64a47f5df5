import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readSequenceState, writeSequenceState } from './sequence-state.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cryptrail-state-'));
  path = join(folder, 'state.json');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('sequence state', () => {
  it('D16 comes back as it was written, for any node and number', async () => {
    const highest = new Map([
      ['__proto__', 2n ** 62n],
      ['n', 5n],
    ]);
    await writeSequenceState(path, new Map(), highest);
    expect(await readSequenceState(path)).toEqual(highest);
    expect(await readdir(folder)).toEqual(['state.json']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('never goes down, and forgets no node', async () => {
    await writeSequenceState(
      path,
      new Map([
        ['n', 9n],
        ['m', 1n],
      ]),
      new Map([['n', 5n]]),
    );
    expect(await readSequenceState(path)).toEqual(
      new Map([
        ['n', 9n],
        ['m', 1n],
      ]),
    );
  });

  it('is nothing before the first run', async () => {
    expect(await readSequenceState(path)).toEqual(new Map());
  });

  it.each(['', '{}', '[]', '{"highest":{"n":"x"}}', '{"highest":7}', '{"highest":{"n":1.5}}'])(
    'takes the damaged file %j for no state, and says what to do',
    async (text) => {
      await writeFile(path, text);
      await expect(readSequenceState(path)).rejects.toThrow(/is damaged.*move it away/);
      expect(await readFile(path, 'utf8')).toBe(text);
    },
  );

  it('says where it could not be written', async () => {
    await expect(writeSequenceState(join(path, 'x'), new Map(), new Map())).rejects.toThrow(/cannot be written/);
  });
});
