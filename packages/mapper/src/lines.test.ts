import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { products } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as acra from '../products/acra/lines.generated.ts';
import * as aqtive from '../products/aqtive/lines.generated.ts';
import * as cesecore from '../products/cesecore/lines.generated.ts';
import { createPipeline } from './index.ts';
import { cef, createLines, logfmt, messages, terminal } from './lines.ts';
import { unwrapOne } from './unwrap/unwrapper.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'catalogue', 'products');
const options = { products, now: () => 1n };
const pipeline = createPipeline(options);
const lines = createLines({ ...options, formats: [cef, logfmt, terminal, messages] });

const logs = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.log'))
  .flatMap((path) => readFileSync(join(FIXTURES, path), 'utf8').split('\n'));
/** What a wrapper holds is no line of the program itself. */
function isWrapped(text: string): boolean {
  const frame = { text, position: { number: 1 }, byteLength: text.length };
  return unwrapOne(frame) !== frame;
}

describe('finding records among the lines of a program', () => {
  it('gives what a pipeline gives', () => {
    const own = logs.filter((line) => !isWrapped(line));
    const found = own.map((line) => lines.findText(line));
    expect(found).toEqual(own.map((line) => pipeline.findText(line)));
    expect(found.filter((record) => record !== undefined).length).toBeGreaterThan(100);
    expect(found.filter((record) => record === undefined).length).toBeGreaterThan(20);
  });

  it('does so for broken lines', () => {
    fc.assert(
      fc.property(fc.constantFrom(...logs.filter((line) => !isWrapped(line))), fc.nat(400), (line, length) => {
        const cut = line.slice(0, length);
        fc.pre(!isWrapped(cut));
        expect(lines.findText(cut)).toEqual(pipeline.findText(cut));
      }),
    );
  });

  it('does so for parsed objects', () => {
    const members = { code: 587, level: 'warning', msg: 'Recognized poison record', product: 'acra-server' };
    expect(lines.findObject(members)).toEqual(pipeline.findObject(members));
    expect(lines.findObject(members)?.eventName).toBe('acra.decryptor.recognized_poison_record');
    expect(lines.findObject({ answer: 42 })).toBeUndefined();
  });

  it('reads no format that is not named, JSON apart', () => {
    const json = '{"code":587,"level":"warning","msg":"Recognized poison record","product":"acra-server"}';
    const text =
      'time="2024-09-17T08:00:00Z" level=warning msg="Recognized poison record" code=587 product=acra-server';
    const alone = createLines(options);
    expect(alone.findText(json)?.eventName).toBe('acra.decryptor.recognized_poison_record');
    expect(alone.findText(text)).toBeUndefined();
    expect(createLines({ ...options, formats: [logfmt] }).findText(text)?.eventName).toBe(
      'acra.decryptor.recognized_poison_record',
    );
  });

  it('takes secrets out as a pipeline does', () => {
    const line = '{"code":587,"level":"warning","msg":"password=hunter2","product":"acra-server","api_key":"hunter2"}';
    expect(
      JSON.stringify(lines.findText(line), (_, value) =>
        typeof value === 'bigint' ? `${value}` : value instanceof Map ? [...value] : value,
      ),
    ).not.toContain('hunter2');
  });
});

const own = [
  { product: 'acra', found: acra.createLines({ formats: [acra.cef, acra.logfmt, acra.terminal], original: true }) },
  { product: 'aqtive', found: aqtive.createLines({ original: true }) },
  { product: 'cesecore', found: cesecore.createLines({ formats: [cesecore.messages], original: true }) },
];

describe('lines of one product', () => {
  it.each(own)('give of $product what lines of all products give', ({ product, found }) => {
    const all = createLines({ products, formats: [cef, logfmt, terminal, messages], original: true });
    const texts = logs.filter((line) => all.findText(line)?.product === product);
    const unobserved = (record: object | undefined) => record && { ...record, observedTimeUnixNano: 0n };
    expect(texts.map((line) => unobserved(found.findText(line)))).toEqual(
      texts.map((line) => unobserved(all.findText(line))),
    );
    expect(texts.length).toBeGreaterThan(20);
  });

  it('find nothing in lines of others', () => {
    const json = '{"code":587,"level":"warning","msg":"Recognized poison record","product":"acra-server"}';
    expect(cesecore.createLines({ formats: [cesecore.messages] }).findText(json)).toBeUndefined();
    expect(aqtive.createLines().findText(json)).toBeUndefined();
  });
});
