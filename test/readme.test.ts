import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * Runs the code of every README and page of docs: blocks marked `sh` or `ts`, unless an info word says `no-run`. A block marked `output`
 * (```text output) right after one holds what it must print; a line `…` stands for any lines. Lines that install something are
 * left out: what they would bring is here.
 */
interface Block {
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
  readonly line: number;
}

const pages = globSync(['README.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/*/README.md']).sort();
let folder: string;

// Inside the repository, so that published names resolve as they do for a user.
beforeAll(() => {
  mkdirSync('test/.tmp', { recursive: true });
  folder = mkdtempSync(resolve('test/.tmp/readme-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('finds the README of the repository', () => {
  expect(pages).toContain('README.md');
});

describe.each(pages)('%s', (page) => {
  const blocks = blocksOf(readFileSync(page, 'utf8'));

  it('closes every code block', () => {
    expect(blocks.filter((block) => block.line < 0)).toEqual([]);
  });

  for (const [index, block] of blocks.entries()) {
    if (!['sh', 'ts'].includes(block.language) || block.words.includes('no-run')) continue;
    if (runnable(block) === '') continue;
    const next = blocks[index + 1];
    const expected = next?.words.includes('output') ? next.text : undefined;

    it(`runs the ${block.language} block on line ${block.line}`, () => {
      const { status, stdout, stderr } = run(block);
      expect(`exit ${status}\n${status === 0 ? '' : stderr}`).toBe('exit 0\n');
      if (expected !== undefined) expect(stdout.trimEnd()).toMatch(shapeOf(expected));
    });
  }
});

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const info = /^```(\S.*)?$/.exec(lines[at] ?? '');
    if (!info) continue;
    const [language = '', ...words] = (info[1] ?? '').split(' ');
    const end = lines.indexOf('```', at + 1);
    blocks.push({ language, words, text: lines.slice(at + 1, end).join('\n'), line: end < 0 ? -1 : at + 1 });
    if (end < 0) break;
    at = end;
  }
  return blocks;
}

function runnable({ language, text }: Block): string {
  return language === 'sh' ? text.replace(/^npm (?:install|i|ci)\b.*$/gm, '').trim() : text;
}

function run(block: Block) {
  const { language, line } = block;
  const text = runnable(block);
  const env = { ...process.env, NO_COLOR: '1', PATH: [resolve('node_modules/.bin'), process.env.PATH].join(delimiter) };
  const options = { env, encoding: 'utf8', timeout: 100_000 } as const;
  if (language === 'sh') return spawnSync('bash', ['--norc', '-eu', '-o', 'pipefail', '-c', text], options);
  const file = join(folder, `line-${line}.ts`);
  writeFileSync(file, text);
  return spawnSync(process.execPath, [file], options);
}

/** The text as an expression, in which a line `…` stands for any lines. */
function shapeOf(text: string): RegExp {
  const parts = text.split(/^…$/m).map((part) => part.trim().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`);
}
