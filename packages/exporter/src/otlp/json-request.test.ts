import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryRecord, logRecord } from '../../test/log-records.ts';
import { decodeProtobuf } from './decode-protobuf.ts';
import { encodeLogs } from './encode-logs.ts';
import type { EncodedGroup, EncodedLogs } from './encoded-logs.ts';
import { Fault } from './fault.ts';
import { joinGroups } from './join-groups.ts';
import { JsonRequest, requestJson } from './json-request.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { takeApart } from './take-apart.ts';
import { toOtlpJson, toOtlpJsonLine } from './to-otlp-json.ts';

const scope = { name: 'cryptrail', version: '1.2.3', schemaUrl: 'https://example.com/1.0.0' };
const records = fc.array(arbitraryRecord(), { minLength: 1, maxLength: 8 });
const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** One request of all groups, in their order. */
function jsonOf(logs: EncodedLogs): string {
  const request = new JsonRequest();
  for (const group of logs) request.add(group);
  return textOf(request.take());
}

/** A group of one record, made of fields as they stand on the wire. */
function groupOf(write: (writer: ProtobufWriter) => void): EncodedGroup {
  const writer = new ProtobufWriter();
  writer.message(2, () => write(writer));
  return { resource: new Uint8Array(), scope: new Uint8Array(), records: writer.take(), count: 1 };
}

/** What the decoder makes of the same request, or the fault that it tells. */
function decoded(logs: EncodedLogs): unknown {
  try {
    return decodeProtobuf(joinGroups(logs), Number.POSITIVE_INFINITY);
  } catch (fault) {
    return fault;
  }
}

function parsed(logs: EncodedLogs): unknown {
  try {
    return JSON.parse(textOf(requestJson(logs)));
  } catch (fault) {
    return fault;
  }
}

describe('JsonRequest', () => {
  it('writes of encoded records what is written of the records, byte by byte', () => {
    fc.assert(
      fc.property(records, (batch) => {
        expect(jsonOf(encodeLogs(batch, scope))).toBe(toOtlpJsonLine(batch, scope));
      }),
    );
  });

  it.each([
    ['quotes, controls and what is beyond ASCII', '"\\ \u0000\n\t\u001b\u007f ünï ☃ 😀 \u2028 \ufeff'],
    ['half a surrogate pair', 'a\ud800b'],
    ['nothing', ''],
    ['more than a short text', 'x"'.repeat(20_000)],
  ])('writes texts of %s as JSON.stringify does', (_, body) => {
    const batch = [logRecord({ body, attributes: { [body]: body, list: [body, ''] }, eventName: body })];
    expect(jsonOf(encodeLogs(batch))).toBe(toOtlpJsonLine(batch));
  });

  it.each([
    0,
    1,
    -1,
    127,
    128,
    2 ** 31,
    2 ** 41,
    2 ** 42,
    2 ** 53,
    -(2 ** 53),
    2n ** 63n - 1n,
    -(2n ** 63n),
    0.1,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])('writes the number %s to its last digit', (number) => {
    const batch = [logRecord({ attributes: { number } })];
    expect(jsonOf(encodeLogs(batch))).toBe(toOtlpJsonLine(batch));
  });

  it('has all that it writes escaped by whoever wants more escaped than JSON does', () => {
    const escaped = (json: string) => json.replaceAll('\u202e', '\\u202e');
    const request = new JsonRequest({}, escaped);
    for (const group of encodeLogs([logRecord({ body: 'abc\u202edef' })])) request.add(group);
    expect(textOf(request.take())).toContain('abc\\u202edef');
  });

  it('takes no more records than there is room for, and says where it stopped', () => {
    const batch = Array.from({ length: 5 }, (_, index) => logRecord({ body: `record ${index}` }));
    const [group] = encodeLogs(batch);
    if (!group) throw new Error('no group');
    const request = new JsonRequest({ maxRecords: 2 });
    const lines: string[] = [];
    for (let at = 0; at < group.records.length; ) {
      at = request.add(group, at);
      lines.push(textOf(request.take('\n')));
    }
    expect(lines).toEqual([0, 2, 4].map((from) => `${toOtlpJsonLine(batch.slice(from, from + 2))}\n`));
    expect(request.isEmpty).toBe(true);
    expect(textOf(request.take())).toBe('{"resourceLogs":[]}');
  });

  it('ends a request when its records are large enough, with at least one in it', () => {
    const request = new JsonRequest({ maxBytes: 10 });
    const [group] = encodeLogs([logRecord({ body: 'x'.repeat(100) }), logRecord({ body: 'y' })]);
    if (!group) throw new Error('no group');
    const at = request.add(group);
    expect(request.isFull).toBe(true);
    expect(at).toBeLessThan(group.records.length);
  });
});

describe('requestJson', () => {
  it('puts groups of one resource together, as the request in protobuf does', () => {
    fc.assert(
      fc.property(records, (batch) => {
        const logs = encodeLogs([...batch, ...batch], scope);
        expect(parsed(logs)).toEqual(JSON.parse(JSON.stringify(decoded(logs))));
      }),
    );
  });

  it.each<[string, (writer: ProtobufWriter) => void]>([
    ['fields that it does not know', (writer) => writer.string(15, 'new')],
    ['a field twice', (writer) => [writer.string(12, 'one'), writer.string(12, 'two')]],
    ['another order', (writer) => [writer.string(12, 'name'), writer.fixed64(1, 5n)]],
    ['flags', (writer) => writer.fixed32(8, 1)],
    ['a body of bytes', (writer) => writer.message(5, () => writer.bytes(7, Uint8Array.of(0, 255)))],
    ['an empty body', (writer) => writer.message(5, () => {})],
    ['a key without a value', (writer) => writer.message(6, () => writer.string(1, 'key'))],
    ['an id of another length', (writer) => writer.bytes(9, Uint8Array.of(1, 2, 3))],
  ])('writes a record of others with %s as the decoder reads it', (_, write) => {
    const logs = [groupOf(write)];
    const wanted = decoded(logs);
    if (wanted instanceof Fault) expect(parsed(logs)).toEqual(wanted);
    else expect(parsed(logs)).toEqual(JSON.parse(JSON.stringify(wanted)));
  });

  it('makes of any bytes what the decoder makes of them', () => {
    const seeds = encodeLogs([logRecord({ body: 'body', attributes: { text: 'a', number: 5, list: ['x'] } })]);
    const [seed] = seeds;
    if (!seed) throw new Error('no group');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(seed.records.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const bytes = seed.records.slice();
          for (const [at, byte] of changes) bytes[at] = byte;
          const taken = takeApart(joinGroups([{ ...seed, records: bytes }]));
          if (!taken.ok) return;
          const wanted = decoded(taken.logs);
          const made = parsed(taken.logs);
          if (wanted instanceof Fault) expect(made).toBeInstanceOf(Fault);
          else expect(made).toEqual(JSON.parse(JSON.stringify(wanted)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('agrees with toOtlpJson about records without a time, a severity or a name', () => {
    const batch = [logRecord({ timeUnixNano: 0n, severityNumber: 0, severityText: '', eventName: '' })];
    expect(parsed(encodeLogs(batch))).toEqual(toOtlpJson(batch));
  });
});
