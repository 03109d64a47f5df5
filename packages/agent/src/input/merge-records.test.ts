import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { products } from '@cryptrail/catalogue';
import { createPipeline } from '@cryptrail/mapper';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarOf, zipOf } from '../../test/archives.ts';
import { findInputs } from './find-inputs.ts';
import { mergeRecords } from './merge-records.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cryptrail-merge-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const write = (name: string, content: string | Uint8Array) => writeFileSync(at(name), content);

/** Lines of a log: seconds as times, a word as message. */
const log = (times: readonly number[], word: string) =>
  times
    .map((time) => `{"msg":"${word} ${time}","product":"acra-server","level":"info","unixTime":"${time}.000"}\n`)
    .join('');

/** Merges files; tells the bodies in order, what was said, and what was counted. */
async function merge(...names: string[]) {
  const { signal } = new AbortController();
  const bodies: string[] = [];
  const said: string[] = [];
  const pipeline = createPipeline({ products, product: 'acra' });
  const found = findInputs(names.map(at), { stdin: () => new PassThrough().end(), signal }, { excluded: new Set() });
  const { inputs, problems } = await mergeRecords(
    found,
    { pipeline, beginnings: pipeline },
    {
      record: ({ body }) => void bodies.push(body),
      warn: (message) => said.push(message.replaceAll(folder, '~')),
      signal,
    },
  );
  const counts = inputs.map(({ path, records }) => [path.replace(folder, '~'), records]);
  return { bodies, said, problems, counts };
}

describe('mergeRecords', () => {
  it('E23 orders the records of all inputs by time, members of archives too', async () => {
    write('a.log', log([10, 40, 70], 'a'));
    write('b.log.gz', gzipSync(log([20, 50], 'b')));
    const inner = zipOf([
      { name: 'c.log', content: log([30, 60], 'c') },
      { name: 'd.log', content: log([5, 80], 'd') },
    ]);
    write('bundle.tar.gz', gzipSync(tarOf([{ name: 'x/inner.zip', content: inner }])));
    const { bodies, said, counts } = await merge('a.log', 'b.log.gz', 'bundle.tar.gz');
    expect(bodies).toEqual(['d 5', 'a 10', 'b 20', 'c 30', 'a 40', 'b 50', 'c 60', 'a 70', 'd 80']);
    expect(said).toEqual([]);
    expect(counts).toEqual([
      ['~/a.log', 3],
      ['~/b.log.gz', 2],
      ['~/bundle.tar.gz!x/inner.zip!c.log', 2],
      ['~/bundle.tar.gz!x/inner.zip!d.log', 2],
    ]);
  });

  it('gives every record once and in order, whatever the inputs', async () => {
    const times = fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.array(times, { minLength: 1, maxLength: 6 }), async (inputs) => {
        const sorted = inputs.map((list) => list.toSorted((one, other) => one - other));
        sorted.forEach((list, index) => {
          write(`${index}.log`, log(list, `i${index}`));
        });
        const { bodies } = await merge(...sorted.map((_, index) => `${index}.log`));
        const all = sorted.flatMap((list, index) => list.map((time) => ({ time, body: `i${index} ${time}` })));
        expect(bodies).toEqual(all.sort((one, other) => one.time - other.time).map(({ body }) => body));
      }),
      { numRuns: 15 },
    );
  });

  it('keeps the order within an input, also where a clock was set back or lines have no time', async () => {
    write('a.log', `${log([10, 30, 20], 'a')}no time\n${log([40], 'a')}`);
    write('b.log', log([15, 25, 35], 'b'));
    const { bodies } = await merge('a.log', 'b.log');
    expect(bodies).toEqual(['a 10', 'b 15', 'b 25', 'a 30', 'a 20', 'no time', 'b 35', 'a 40']);
  });

  it('holds few inputs open when they follow one another', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `${index}.log`);
    names.forEach((name, index) => {
      write(name, log([index * 10, index * 10 + 9], 'x'));
    });
    const { bodies, said } = await merge(...names.toReversed());
    expect(said).toEqual([]);
    expect(bodies.slice(0, 3)).toEqual(['x 0', 'x 9', 'x 10']);
    expect(bodies).toHaveLength(600);
  });

  it('says so when too many inputs overlap, and loses nothing', async () => {
    const names = Array.from({ length: 260 }, (_, index) => `${index}.log`);
    for (const name of names) write(name, log([1, 1000], 'x'));
    const { bodies, said, problems } = await merge(...names);
    expect(bodies).toHaveLength(520);
    expect(problems).toBe(1);
    expect(said).toEqual([expect.stringMatching(/more than 256 inputs overlap in time/)]);
  });

  it('reports a cut once and merges what came before it', async () => {
    const bundle = tarOf([
      { name: 'a.log', content: log([10, 30], 'a') },
      { name: 'b.log', content: log([20, 40], 'b') },
    ]);
    write('cut.tar', bundle.subarray(0, 512 * 3 + 100));
    write('c.log', log([25], 'c'));
    const { bodies, said, problems } = await merge('cut.tar', 'c.log', 'none.log');
    expect(bodies.filter((body) => /^\w \d+$/.test(body))).toEqual(['a 10', 'b 20', 'c 25', 'a 30']);
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/none\.log: cannot be read/);
    expect(said[1]).toMatch(/cut\.tar.*reading broke off: the tar archive ends too early/);
    expect(problems).toBe(2);
  });
});
