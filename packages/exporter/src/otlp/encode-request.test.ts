import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryRecord } from '../../test/log-records.ts';
import { decodeJson } from './decode-json.ts';
import { decodeProtobuf } from './decode-protobuf.ts';
import { encodeRequest } from './encode-request.ts';
import { joinGroups } from './join-groups.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { groupByResource } from './resource-runs.ts';
import { takeApart } from './take-apart.ts';
import { toOtlpJson } from './to-otlp-json.ts';
import { toOtlpProtobuf } from './to-otlp-protobuf.ts';
import type { ExportLogsServiceRequest } from './types.ts';

const records = fc.array(arbitraryRecord(), { maxLength: 8 });
const decode = (bytes: Uint8Array) => decodeProtobuf(bytes, Number.POSITIVE_INFINITY);

/** Everything that a foreign sender may put into a request. */
const FOREIGN: ExportLogsServiceRequest = {
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'a', value: { stringValue: 'b' } }], droppedAttributesCount: 2 },
      schemaUrl: 'https://example.com/resource',
      scopeLogs: [
        {
          scope: {
            name: 'theirs',
            version: '3',
            attributes: [{ key: 'k', value: { boolValue: false } }],
            droppedAttributesCount: 1,
          },
          schemaUrl: 'https://example.com/scope',
          logRecords: [
            {
              timeUnixNano: '18446744073709551615',
              observedTimeUnixNano: '0',
              severityNumber: 24,
              severityText: 'FATAL4',
              eventName: 'theirs.event',
              body: {
                kvlistValue: {
                  values: [
                    { key: 'list', value: { arrayValue: { values: [{ intValue: '-9223372036854775808' }, {}] } } },
                    { key: 'bytes', value: { bytesValue: 'AP8Q' } },
                    { key: 'number', value: { doubleValue: 'NaN' } },
                  ],
                },
              },
              attributes: [{ key: 'none', value: {} }],
              droppedAttributesCount: 4,
              flags: 257,
              traceId: 'a'.repeat(32),
              spanId: 'b'.repeat(16),
            },
          ],
        },
      ],
    },
  ],
};

describe('encodeRequest', () => {
  it('F02 gives the very bytes of our own encoder for our own records', () => {
    fc.assert(
      fc.property(records, (given) => {
        const batch = groupByResource(given);
        expect(joinGroups(encodeRequest(decode(toOtlpProtobuf(batch))))).toEqual(toOtlpProtobuf(batch));
        const line = JSON.stringify(toOtlpJson(batch));
        expect(decode(joinGroups(encodeRequest(decodeJson(line, 1e6))))).toEqual(JSON.parse(line));
      }),
    );
  });

  it('keeps everything that a foreign sender may say', () => {
    expect(decode(joinGroups(encodeRequest(FOREIGN)))).toEqual(FOREIGN);
  });
});

describe('takeApart', () => {
  const apart = (bytes: Uint8Array) => {
    const taken = takeApart(bytes);
    if (!taken.ok) throw new Error(taken.error.message);
    return taken.logs;
  };

  it('gives groups that make the same request again', () => {
    fc.assert(
      fc.property(records, (given) => {
        const bytes = toOtlpProtobuf(groupByResource(given));
        expect(joinGroups(apart(bytes))).toEqual(bytes);
      }),
    );
    expect(decode(joinGroups(apart(joinGroups(encodeRequest(FOREIGN)))))).toEqual(FOREIGN);
  });

  it('keeps fields of a record that it does not know', () => {
    const writer = new ProtobufWriter();
    writer.message(1, () => writer.message(2, () => writer.message(2, () => writer.string(99, 'of the future'))));
    const [group] = apart(writer.finish());
    expect(group?.count).toBe(1);
    expect(new TextDecoder().decode(group?.records)).toContain('of the future');
  });

  it('F05 refuses whatever has not the outline of a request, and never throws', () => {
    const bytes = joinGroups(encodeRequest(FOREIGN));
    for (let length = 1; length < bytes.length; length += 1) {
      expect(takeApart(bytes.subarray(0, length)).ok).toBe(false);
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (any) => void takeApart(any)));
  });
});
