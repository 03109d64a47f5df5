import { products } from '@cryptrail/catalogue';
import { describe, expect, it } from 'vitest';
import { createPipeline, type LogRecord, type Pipeline, type PipelineOptions } from '../src/index.ts';
import { createRandom, mutate, type Random } from './fuzz/mutate.ts';
import { FUZZ_FORMATS } from './fuzz/seeds.ts';

const lines = Object.values(FUZZ_FORMATS).flatMap(({ lines: isLines, records }) => (isLines ? records : []));
const seeds = lines.map((line) => Buffer.from(line));
const ROUNDS = 6;

/** Whoever asks what is recognised has each record recognised: no plan stands in for that. */
const ONE_BY_ONE: PipelineOptions = { products, now: () => 1n, onRecognition() {} };

/** Everything that a record says, attributes in their order. */
function told(record: LogRecord | undefined): unknown {
  if (!record) return undefined;
  const { attributes, resource, ...parts } = record;
  return { ...parts, attributes: [...attributes], resource: [...resource.attributes] };
}

function compare(
  options: Partial<PipelineOptions>,
  read: (pipeline: Pipeline, text: string) => LogRecord | undefined,
  vary: Vary = otherDigits,
): number {
  const random = createRandom(5);
  const ordinary = createPipeline({ ...ONE_BY_ONE, ...options });
  const planned = createPipeline({ products, now: () => 1n, ...options });
  let records = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const line of seeds) {
      const text = String(round === 0 ? line : vary(line, random));
      const record = told(read(planned, text));
      expect(record).toEqual(told(read(ordinary, text)));
      if (record) records += 1;
    }
  }
  return records;
}

type Vary = (line: Buffer, random: Random) => Buffer | string;

/** Other digits mostly, so that the line is of the same kind as before. */
function otherDigits(line: Buffer, random: Random): Buffer {
  if (random.below(5) === 0) return Buffer.from(mutate(line, random, seeds));
  return line.map((byte) =>
    byte >= 0x30 && byte <= 0x39 && random.below(6) === 0 ? 0x30 + random.below(10) : byte,
  ) as Buffer;
}

/** The same line at another time, as far as it has seconds. */
function otherTimes(line: Buffer, random: Random): string {
  return String(line).replaceAll(/(?<=\d{2}:\d{2}:|\d{8})\d{2}/g, () => String(10 + random.below(50)));
}

describe('records that a plan makes', () => {
  it.each([
    {},
    { severity: 'catalogue', attack: true, blobs: true },
    { limits: { maxValueLength: 40, maxDetails: 3 } },
  ] as const)(
    'are those that are made one by one, of texts, with %j',
    (options) => {
      expect(compare(options, (pipeline, text) => pipeline.readText(text))).toBeGreaterThan(1000);
    },
    60_000,
  );

  it('are those that are made one by one, of texts that come again at other times', () => {
    expect(compare({}, (pipeline, text) => pipeline.readText(text), otherTimes)).toBeGreaterThan(1000);
  }, 60_000);

  it('are those that are made one by one, of parsed objects', () => {
    const parsed = (text: string): Record<string, unknown> | undefined => {
      try {
        const value: unknown = JSON.parse(text);
        return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
      } catch {
        return undefined;
      }
    };
    const records = compare({}, (pipeline, text) => {
      const value = parsed(text);
      return value && pipeline.readObject(value);
    });
    expect(records).toBeGreaterThan(50);
  }, 60_000);

  it('teach nothing about a line that was read before them', () => {
    const pipeline = createPipeline({ products, now: () => 1n });
    const members = { level: 'info', msg: 'Start serving', product: 'acra-server', unixTime: '1726560000.100' };
    const known = JSON.stringify(members);
    const broken = JSON.stringify({ code: 1300, ...members, product: 'web-shop' });
    for (let at = 0; at < 40; at += 1) pipeline.findText(known);
    for (const read of [() => pipeline.findText(` ${known}`), () => pipeline.findObject(members)]) {
      expect(pipeline.findText(broken)?.parseStatus).toBe('unparsed');
      expect(read()?.parseStatus).toBeUndefined();
      expect(pipeline.findText(broken)?.parseStatus).toBe('unparsed');
    }
  });

  it('are independent of each other and of those that follow', () => {
    const pipeline = createPipeline({ products, now: () => 1n });
    const text =
      '{"level":"info","msg":"Start serving","code":580,"unixTime":"1726560000.100","product":"acra-server","version":"0.95"}';
    const records = [1, 2, 3, 4, 5].map(() => pipeline.readText(text));
    const first = told(records[0]);
    for (const record of records) expect(told(record)).toEqual(first);
    pipeline.readText(text.replace('580', '581').replace('0.95', '0.96'));
    expect(told(records.at(-1))).toEqual(first);
  });
});
