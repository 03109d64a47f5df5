import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { products } from '@cryptrail/catalogue';
import { collectorPack, hasPack, logVariable } from '@cryptrail/collector';
import { afterAll, describe, expect, it } from 'vitest';
import { findCollector, fromOutput, runCollector } from './support/run-collector.ts';

const binary = findCollector() ?? '';
const folder = mkdtempSync(join(tmpdir(), 'cryptrail-packs-'));
const own = products.filter(hasPack);
const env = {
  CRYPTRAIL_STATE: join(folder, 'state'),
  ...Object.fromEntries(own.map((product) => [logVariable(product), join(folder, 'in', `${product.id}*.log`)])),
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a user's own file adds to a fragment. */
const USER = `exporters: { nop: {} }
service:
  extensions: [file_storage/cryptrail]
  pipelines: { logs/out: { receivers: [forward/cryptrail], exporters: [nop] } }
`;

describe.skipIf(binary === '')('every file that is generated', () => {
  const user = join(folder, 'user.yaml');
  writeFileSync(user, USER);

  it.each(globSync('packages/collector/packs/*.yaml'))('%s is valid', (file) => {
    expect(validate([file])).toBe('');
  });

  it.each(globSync('packages/collector/packs/fragments/*.yaml'))('%s is valid beside a file of the user', (file) => {
    expect(validate([user, file.replace('-journal.yaml', '.yaml'), file])).toBe('');
  });

  it('is valid with all fragments at once', () => {
    expect(validate([user, ...globSync('packages/collector/packs/fragments/*.yaml')])).toBe('');
  });
});

describe.skipIf(binary === '')('every pack', () => {
  it.each([...own.map(({ id }) => [id]), own.map(({ id }) => id)])('starts and delivers: %s', async (...ids) => {
    const home = mkdtempSync(join(folder, 'start-'));
    const chosen = own.filter(({ id }) => ids.includes(id));
    for (const { id } of chosen) writeFileSync(join(home, `${id}.log`), `a line of nobody in the log of ${id}\n`);
    const pack = join(home, 'pack.yaml');
    writeFileSync(pack, collectorPack({ products: chosen }));
    const { logs, stderr } = await runCollector({
      binary,
      configs: [pack],
      pipelines: chosen.map(({ id }) => `logs/${id}`),
      folder: home,
      env: {
        CRYPTRAIL_STATE: join(home, 'state'),
        ...Object.fromEntries(chosen.map((product) => [logVariable(product), join(home, `${product.id}.log`)])),
      },
      expected: chosen.length,
    });
    expect(stderr).toBe('');
    expect(fromOutput(logs)).toHaveLength(chosen.length);
  });
});

function validate(files: readonly string[]): string {
  const args = ['validate', ...files.flatMap((file) => ['--config', file])];
  const { status, stderr } = spawnSync(binary, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  return status === 0 ? '' : stderr;
}
