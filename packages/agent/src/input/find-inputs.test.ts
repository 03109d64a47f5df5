import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from './file.ts';
import { findInputs, inputWords } from './find-inputs.ts';

let folder: string;
const signal = new AbortController().signal;
const noStdin = () => new PassThrough().end();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-input-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...parts: string[]) => join(folder, ...parts);
const write = (name: string, content: string | Uint8Array = `${name}\n`) => writeFileSync(at(name), content);

/** Everything found, in order: paths of members with their text, problems with `!`, remarks with `#`. */
async function found(words: readonly string[], stdin: () => PassThrough = noStdin, excluded = new Set<string>()) {
  const lines: string[] = [];
  for await (const one of findInputs(words, { stdin, signal }, { excluded })) {
    if ('member' in one) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of one.member.bytes) chunks.push(chunk);
      lines.push(`${one.member.path.replace(folder, '~')}: ${Buffer.concat(chunks).toString().trim()}`);
    } else if ('problem' in one) lines.push(`! ${one.problem.path.replace(folder, '~')}: ${one.problem.message}`);
    else lines.push(`# ${one.notice.replaceAll(folder, '~')}`);
  }
  return lines;
}

describe('findInputs', () => {
  it('reads files in the order given and a folder in name order, folders within included', async () => {
    mkdirSync(at('b'));
    for (const name of ['c.log', 'a.log', 'b/2.log', 'b/1.log']) write(name);
    expect(await found([at('c.log'), folder])).toEqual([
      '~/c.log: c.log',
      '~/a.log: a.log',
      '~/b/1.log: b/1.log',
      '~/b/2.log: b/2.log',
      '~/c.log: c.log',
    ]);
  });

  it('reads what a glob stands for, unless a file has that very name', async () => {
    mkdirSync(at('x'));
    for (const name of ['a.log', 'b.txt', 'x/c.log', '[a].log']) write(name);
    expect(await found([at('*.log')])).toEqual(['~/[a].log: [a].log', '~/a.log: a.log']);
    expect(await found([at('**', '*.log')])).toHaveLength(3);
    expect(await found([at('[a].log')])).toEqual(['~/[a].log: [a].log']);
    expect(await found([at('z*')])).toEqual(['! ~/z*: matches no file']);
  });

  it('tells of the files of a glob without opening them', async () => {
    for (const name of ['a.log', 'b.log']) write(name);
    const told: string[] = [];
    const rules = { excluded: new Set<string>(), visit: (path: string) => void told.push(path.replace(folder, '~')) };
    for await (const found of findInputs([at('*.log')], { stdin: noStdin, signal }, rules))
      expect(found).toBeUndefined();
    expect(told).toEqual(['~/a.log', '~/b.log']);
  });

  it('names what is not there and goes on', async () => {
    write('a.log');
    expect(await found([at('none.log'), at('a.log')])).toEqual([
      '! ~/none.log: cannot be read: there is no such file or folder',
      '~/a.log: a.log',
    ]);
  });

  it('follows a link that the user named, and none that it meets, so that circles end', async () => {
    mkdirSync(at('logs'));
    write('outside.log');
    write('logs/own.log');
    symlinkSync(at('outside.log'), at('logs', 'link.log'));
    symlinkSync(folder, at('logs', 'circle'));
    expect(await found([at('logs', 'link.log')])).toEqual(['~/logs/link.log: outside.log']);
    expect(await found([at('logs')])).toEqual([
      '~/logs/own.log: logs/own.log',
      '# ~/logs/circle and 1 more: left out; links, pipes and devices in a folder are not read',
    ]);
  });

  it.skipIf(process.platform === 'win32')('never opens a pipe or a device', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    expect(await found([at('pipe')])).toEqual(['! ~/pipe: is a named pipe, not a regular file; use - to read a pipe']);
    expect(await found(['/dev/zero'])).toEqual(['! /dev/zero: is a device, not a regular file; use - to read a pipe']);
  });

  it('names binary files and reads the rest', async () => {
    write('a.pdf', '%PDF-1.7\n');
    write('b.log');
    expect(await found([folder])).toEqual(['! ~/a.pdf: is a PDF document, not a log in text form', '~/b.log: b.log']);
  });

  it('does not read what the run writes', async () => {
    write('out.jsonl');
    const excluded = new Set([identityOf(statSync(at('out.jsonl')))]);
    expect(await found([folder], noStdin, excluded)).toEqual(['# ~/out.jsonl: left out, because this run writes it']);
  });

  it('E44 reads standard input for -', async () => {
    const stdin = new PassThrough();
    stdin.end('from a pipe\n');
    expect(await found(['-'], () => stdin)).toEqual(['-: from a pipe']);
  });
});

describe('inputWords', () => {
  const piped = { stdin: noStdin };
  const terminal = { stdin: () => Object.assign(noStdin(), { isTTY: true }) };

  it('takes what is piped in when nothing is named', () => {
    expect(inputWords([], piped)).toEqual(['-']);
    expect(() => inputWords([], terminal)).toThrow(/Which files\?/);
    expect(() => inputWords(['-', '-'], piped)).toThrow(/only once/);
  });
});
