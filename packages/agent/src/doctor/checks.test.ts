import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toPosition } from '../sources/file/saved-file.ts';
import { openState } from '../state/state-directory.ts';
import { checkBackend } from './check-backend.ts';
import { checkSources } from './check-sources.ts';
import { checkState } from './check-state.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const verdicts = (checks: readonly { name: string; verdict: string }[]) =>
  checks.map(({ name, verdict }) => `${name} ${verdict}`);

describe('checkState', () => {
  it('finds nothing wrong with a directory that is not there yet', async () => {
    expect(verdicts(await checkState(join(folder, 'not', 'yet')))).toEqual(['state good']);
  });

  it('names the agent that has it, and counts its positions', async () => {
    const state = await openState(folder);
    state.positions.save([{ source: 'sql', stream: 'node', position: 7 }]);
    const checks = await checkState(folder);
    expect(verdicts(checks)).toEqual(['state good', 'lock odd', 'positions good']);
    expect(checks[1]?.message).toContain(`process ${process.pid}`);
    await state.close();
  });

  it('finds a position behind the end of its file', async () => {
    const path = join(folder, 'acra.log');
    writeFileSync(path, 'x'.repeat(100));
    const print = { from: 0, length: 0, hash: '' };
    const saved = {
      path,
      locator: '1:2:3',
      head: print,
      anchor: print,
      size: 100,
      changedMillis: 0,
      state: 'open' as const,
    };
    const state = await openState(folder);
    const position = toPosition({ ...saved, resume: { number: 2, offset: 100 } });
    state.positions.save([{ source: 'file', stream: 'a', position }]);
    await state.close();
    expect(verdicts(await checkState(folder))).toEqual(['state good', 'lock good', 'positions good']);
    truncateSync(path, 10);
    const last = (await checkState(folder)).at(-1);
    expect(last).toMatchObject({ verdict: 'odd', message: expect.stringContaining('has 10 bytes, and 100 were read') });
  });

  it('finds damage and dead letters', async () => {
    await (await openState(folder)).close();
    writeFileSync(join(folder, 'positions.db'), 'x'.repeat(5000));
    appendFileSync(join(folder, 'dead-letters.jsonl'), '{}\n');
    expect(verdicts(await checkState(folder))).toEqual([
      'state good',
      'lock good',
      'positions bad',
      'dead letters odd',
    ]);
  });
});

describe('checkSources', () => {
  it('tells what can be read and what matches nothing', async () => {
    writeFileSync(join(folder, 'a.log'), '');
    const include = (pattern: string) =>
      checkSources([{ type: 'file', options: { include: [join(folder, pattern)] } }]);
    expect(verdicts(await include('*.log'))).toEqual(['file good']);
    expect(verdicts(await include('*.txt'))).toEqual(['file odd']);
    expect(verdicts(await include('none.log'))).toEqual(['file odd']);
  });

  it('looks at the certificates of listeners', async () => {
    const tls = { certFile: join(folder, 'none.pem'), keyFile: join(folder, 'none.key') };
    const checks = await checkSources([{ type: 'otlp', options: { id: 'door', listen: '127.0.0.1:0', tls } }]);
    expect(verdicts(checks)).toEqual(['door odd', 'door odd']);
  });
});

describe('checkBackend', () => {
  it.each([
    [200, 'good', undefined],
    [401, 'bad', 'export.otlp.headers'],
    [404, 'bad', 'without /v1/logs'],
  ])('tells what to do about an answer with status %i', async (status, verdict, advice) => {
    const server = createServer((_, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [check] = await checkBackend({ endpoint }, {});
    server.close();
    expect(check?.verdict).toBe(verdict);
    if (advice !== undefined) expect(check?.advice).toContain(advice);
  });

  it('F04 shows no credentials of an address', async () => {
    const checks = await checkBackend({ endpoint: 'http://user:hunter2@127.0.0.1:9' }, {});
    expect(JSON.stringify(checks)).not.toContain('hunter2');
    expect(checks[0]?.advice).toContain('Nobody listens there');
  });
});
