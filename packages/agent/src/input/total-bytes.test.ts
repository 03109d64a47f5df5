import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { findInputs } from './find-inputs.ts';
import { totalBytes } from './total-bytes.ts';

it('adds up what is there of all inputs, and knows no total where one is no file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cryptrail-total-'));
  writeFileSync(join(folder, 'a.log'), 'x'.repeat(100));
  writeFileSync(join(folder, 'b.gz'), 'x'.repeat(50));
  const terminal = { stdin: () => new PassThrough().end(), signal: new AbortController().signal };
  const total = (...words: string[]) => totalBytes((rules) => findInputs(words, terminal, rules));
  expect(await total(folder, join(folder, 'a.log'), join(folder, 'none'))).toBe(250);
  expect(await total(folder, '-')).toBeUndefined();
  rmSync(folder, { recursive: true });
});
