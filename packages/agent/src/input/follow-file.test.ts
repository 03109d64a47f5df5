import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followFile } from './follow-file.ts';

let folder: string;
let stop: AbortController;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-follow-'));
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);

/** Follows a file; each text is one member, `…` stands for a pause. Steps are done when the text is what was last seen. */
async function follow(name: string, steps: readonly (readonly [seen: string, act: () => void])[]) {
  const texts: string[] = [];
  const said: string[] = [];
  let step = 0;
  const look = () => {
    const [seen, act] = steps[step] ?? [];
    if (act === undefined || texts.join('|') !== seen) return;
    step += 1;
    act();
  };
  const rules = { excluded: new Set<string>() };
  const following = { signal: stop.signal, pollMillis: 5, pauseMillis: 50 };
  for await (const found of followFile({ path: at(name), named: true }, rules, following)) {
    if ('problem' in found) said.push(found.problem.message);
    if (!('member' in found)) continue;
    texts.push('');
    for await (const chunk of found.member.bytes) {
      texts.push(`${texts.pop()}${chunk.length === 0 ? '…' : Buffer.from(chunk)}`);
      look();
    }
  }
  return { texts, said };
}

describe('followFile', () => {
  it('gives what is there, what is added, and a sign when nothing comes for a while', async () => {
    writeFileSync(at('a.log'), 'one\n');
    const { texts } = await follow('a.log', [
      ['one\n', () => appendFileSync(at('a.log'), 'two\n')],
      ['one\ntwo\n…', () => appendFileSync(at('a.log'), 'three\n')],
      ['one\ntwo\n…three\n…', () => stop.abort()],
    ]);
    expect(texts).toEqual(['one\ntwo\n…three\n…']);
  });

  it('E12 reads a rotated file to its end, then the new one from its beginning', async () => {
    writeFileSync(at('a.log'), 'one\n');
    const rotate = () => {
      appendFileSync(at('a.log'), 'last\n');
      renameSync(at('a.log'), at('a.log.1'));
      writeFileSync(at('a.log'), 'new\n');
    };
    const { texts } = await follow('a.log', [
      ['one\n', rotate],
      ['one\nlast\n|new\n', () => stop.abort()],
    ]);
    expect(texts).toEqual(['one\nlast\n', 'new\n']);
  });

  it('begins again with a file that was emptied', async () => {
    writeFileSync(at('a.log'), 'one\ntwo\n');
    const empty = () => {
      truncateSync(at('a.log'));
      appendFileSync(at('a.log'), 'new\n');
    };
    const { texts } = await follow('a.log', [
      ['one\ntwo\n', empty],
      ['one\ntwo\n|new\n', () => stop.abort()],
    ]);
    expect(texts).toEqual(['one\ntwo\n', 'new\n']);
  });

  it('reads a packed file once, and says what is not there', async () => {
    writeFileSync(at('a.gz'), gzipSync('one\n'));
    expect(await follow('a.gz', [])).toEqual({ texts: ['one\n'], said: [] });
    expect(await follow('none.log', [])).toEqual({
      texts: [],
      said: ['cannot be followed: there is no such file or folder'],
    });
  });
});
