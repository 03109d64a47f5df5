import { appendFileSync, copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Discovery } from './discovery.ts';
import { GlobWalk } from './glob-walk.ts';
import { type KnownFile, KnownFiles } from './known-file.ts';
import { printOf } from './print.ts';

const PATIENCE = { missing: 400, copying: 150, packing: 60 };

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'discovery-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const lines = (generation: number) =>
  Array.from({ length: 30 }, (_, index) => `{"msg":"line ${index} of generation ${generation}"}\n`).join('');

/** Notes that all of a file has been read. */
function markRead(file: KnownFile, text: string): void {
  const bytes = Buffer.from(text);
  const anchor = printOf(bytes.subarray(-256), bytes.length - 256);
  const resume = { offset: bytes.length, number: 31 };
  file.saved = { ...file.saved, head: printOf(bytes.subarray(0, 1024), 0), anchor, resume };
}

it('finds what was written, copied and emptied while it looked for the copy made before', async () => {
  const files = new KnownFiles();
  let whenFound = (_: KnownFile) => {};
  const discovery = new Discovery(
    files,
    new GlobWalk([at('a.log')], [], () => {}),
    {
      onNew: () => {},
      onMore: (file) => whenFound(file),
      onLost: () => {},
      onGone: () => {},
      onContinued: () => {},
      note: () => {},
    },
    PATIENCE,
  );
  writeFileSync(at('a.log'), lines(1));
  await discovery.look(0, false);
  const first = files.at(at('a.log'));
  if (!first) throw new Error('a.log was not found');
  markRead(first, lines(1));
  copyFileSync(at('a.log'), at('a.log.1'));
  truncateSync(at('a.log'));

  whenFound = (file) => {
    if (file !== first) return;
    whenFound = () => {};
    appendFileSync(at('a.log'), lines(2));
    copyFileSync(at('a.log'), at('a.log.2'));
    truncateSync(at('a.log'));
  };
  await discovery.emptied(first, 10);
  for (let now = 1000; now < 5000; now += 1000) await discovery.look(now, false);

  expect(first.place).toBe(at('a.log.1'));
  expect(files.at(at('a.log.2'))?.saved).toMatchObject({ state: 'open', resume: { offset: 0, number: 1 } });
});
