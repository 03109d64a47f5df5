import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { products } from '@cryptrail/catalogue';
import { createPipeline, type LogRecord } from '@cryptrail/mapper';
import { LoggerProvider, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventCodeProcessor, toReadableLogRecord } from '../src/index.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'catalogue', 'products');
/** Whoever asks what is recognised has each record made one by one. */
const ordinary = createPipeline({ products, now: () => 0n, onRecognition() {} });

const lines = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.log'))
  .flatMap((path) => readFileSync(join(FIXTURES, path), 'utf8').split('\n'));

let emitted: ReadableLogRecord | undefined;
const last = { onEmit: keep, forceFlush: async () => {}, shutdown: async () => {} };
const logger = new LoggerProvider({ processors: [new EventCodeProcessor(), last] }).getLogger('test');

function keep(record: ReadableLogRecord): void {
  emitted = record;
}

/** What a record says, attributes in their order. */
function told(record: ReadableLogRecord | undefined): unknown {
  const { body, eventName, severityNumber, severityText, hrTime, attributes = {}, spanContext } = record ?? {};
  return { body, eventName, severityNumber, severityText, hrTime, spanContext, attributes: Object.entries(attributes) };
}

/** Holds what the SDK carries on against what the pipeline makes of the text in the ordinary way. */
function expectSame(text: string): void {
  expectRecord(text, ordinary.findText(text));
}

function expectRecord(body: string | Record<string, string>, record: LogRecord | undefined): void {
  logger.emit({ body, timestamp: [0, 0] });
  expect(told(emitted)).toEqual(
    record ? told(toReadableLogRecord(record)) : { ...(told(undefined) as object), body, hrTime: [0, 0] },
  );
}

/** The members of a line, when it is a JSON object. */
function membersOf(line: string): Record<string, string>[] {
  try {
    return line.startsWith('{') ? [JSON.parse(line)] : [];
  } catch {
    return [];
  }
}

describe('a record that the processor completes', () => {
  it('F03 is what the pipeline makes of its body, also when the body comes again', () => {
    for (let round = 0; round < 5; round += 1)
      for (const line of lines)
        expectSame(line.replaceAll(/\d{3}(?!\d)/g, (digits) => (digits > '600' ? `7${round}1` : digits)));
  }, 60_000);

  it('is what it makes of a parsed body', () => {
    const bodies = lines.flatMap(membersOf);
    const values = ['"', '\\', '\ud800', '{', 'a b', -0, 1e21, 0.1, 2 ** 53, Number.NaN, null, undefined, {}, [1], 7n];
    expect(bodies.length).toBeGreaterThan(50);
    for (const odd of [undefined, ...values]) {
      for (const [at, members] of bodies.entries()) {
        const [name = ''] = Object.keys(members).slice(at % 7);
        const body = { ...members, ...(odd === undefined ? {} : { [name]: odd }) } as Record<string, string>;
        expectRecord(body, ordinary.findObject(body));
      }
    }
  }, 60_000);

  it('is that for any text', () => {
    const line = fc.constantFrom(...lines);
    const changed = fc
      .tuple(line, fc.nat(), fc.string())
      .map(([text, at, more]) => text.slice(0, at % (text.length + 1)) + more + text.slice(at % (text.length + 1)));
    const cut = fc.tuple(line, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1)));
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), line, changed, cut), expectSame), { numRuns: 2000 });
  }, 60_000);
});
