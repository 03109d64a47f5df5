import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { products } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPipeline } from '../src/index.ts';
import { createRandom, mutate } from './fuzz/mutate.ts';
import { FUZZ_FORMATS } from './fuzz/seeds.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'catalogue', 'products');
const pipeline = createPipeline({ products, now: () => 1n });

const lines = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.log'))
  .flatMap((path) => readFileSync(join(FIXTURES, path), 'utf8').split('\n'));

const seeds = Object.values(FUZZ_FORMATS).flatMap(({ records }) => records.map((record) => Buffer.from(record)));

describe('finding records of a product among others', () => {
  it('gives what reading gives, and nothing for what is of no product', () => {
    const found = lines.map((line) => pipeline.findText(line));
    const read = lines.map((line) => pipeline.readText(line));
    expect(found).toEqual(read.map((record) => (record?.product === undefined ? undefined : record)));
    expect(found.filter((record) => record !== undefined).length).toBeGreaterThan(100);
    expect(found.filter((record) => record === undefined).length).toBeGreaterThan(20);
  });

  it('does so for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.constantFrom(...lines).map((line) => line.slice(3)),
        ),
        (text) => {
          const read = pipeline.readText(text);
          expect(pipeline.findText(text)).toEqual(read?.product === undefined ? undefined : read);
        },
      ),
    );
  });

  it('does so for lines of products that are no longer whole, whatever stands round them', () => {
    const random = createRandom(3);
    const around = [
      '',
      '',
      '',
      ' ',
      '\t',
      '\u001b[0m',
      'web-1  | ',
      '\ufeff',
      '2026-10-24 22:53:26,511 INFO  [com.example.Service] (main) ',
    ];
    for (let round = 0; round < 3; round += 1) {
      for (const seed of seeds) {
        const text =
          around[random.below(around.length)] + mutate(seed, random, seeds).toString() + around[random.below(6)];
        const read = pipeline.readText(text);
        expect(pipeline.findText(text)).toEqual(read?.product === undefined ? undefined : read);
      }
    }
  }, 60_000);

  it('does so for parsed objects', () => {
    const members = { code: 587, level: 'warning', msg: 'Recognized poison record', product: 'acra-server' };
    expect(pipeline.findObject(members)).toEqual(pipeline.readObject(members));
    expect(pipeline.findObject({ answer: 42 })).toBeUndefined();
  });
});
