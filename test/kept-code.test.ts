import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cryptrail } from './support/cryptrail.ts';

const LINE =
  '{"code":587,"level":"warning","msg":"poison record","product":"acra-server","unixTime":"1726560000.000"}\n';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cryptrail-kept-'));
  await writeFile(join(folder, 'acra.jsonl'), LINE.repeat(20));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Converts the file as a user whose home is the folder, or another. */
function convert(environment: Readonly<Record<string, string>> = {}) {
  const own = {
    HOME: folder,
    LOCALAPPDATA: folder,
    XDG_CACHE_HOME: join(folder, 'caches'),
    NODE_COMPILE_CACHE: '',
    NODE_DISABLE_COMPILE_CACHE: '',
    ...environment,
  };
  return cryptrail(['convert', '--output', 'ndjson', join(folder, 'acra.jsonl')], '', undefined, own);
}

const withoutReading = (text: string) => text.replaceAll(/"observed_?[tT]ime[^"]*":"?[^",}]+"?/g, '');

describe('code that is kept between starts', () => {
  it('gives the same records, and is written by the first start alone', async () => {
    const kept = join(folder, 'caches', 'cryptrail', 'compiled');
    const first = await convert();
    const [name = 'none', ...others] = await readdir(kept);
    expect(others).toEqual([]);
    const { mtimeMs } = await stat(join(kept, name));
    const second = await convert();
    expect(second.status).toBe(0);
    expect(first.stdout.split('\n')).toHaveLength(21);
    expect(withoutReading(second.stdout)).toBe(withoutReading(first.stdout));
    expect(await readdir(kept)).toEqual([name]);
    expect((await stat(join(kept, name))).mtimeMs).toBe(mtimeMs);
  }, 60_000);

  it('is not asked for with NODE_DISABLE_COMPILE_CACHE', async () => {
    const { status, stdout } = await convert({ NODE_DISABLE_COMPILE_CACHE: '1' });
    expect({ status, lines: stdout.split('\n').length }).toEqual({ status: 0, lines: 21 });
    expect(await readdir(folder)).toEqual(['acra.jsonl']);
  }, 60_000);

  it('is missed by nobody where nothing can be written', async () => {
    const nowhere = { HOME: '/proc/nowhere', LOCALAPPDATA: '/proc/nowhere', XDG_CACHE_HOME: '' };
    const { status, stdout, stderr } = await convert(nowhere);
    expect({ status, lines: stdout.split('\n').length, stderr }).toEqual({ status: 0, lines: 21, stderr: '' });
  }, 60_000);
});
