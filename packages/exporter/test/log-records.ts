/** Made-up log records for the tests of this package: one at a time, or arbitrary ones for property tests. */
import { type AttributeValue, Double, type LogRecord, type Resource } from '@cryptrail/mapper';
import fc from 'fast-check';

export const acraServer = resource({ 'service.name': 'acra-server', 'service.version': '0.96.0' });
export const ejbca = resource({ 'service.name': 'ejbca', 'host.name': 'ca1.example.com' });

export function resource(attributes: Readonly<Record<string, AttributeValue>>): Resource {
  return { attributes: new Map(Object.entries(attributes)) };
}

/** A record with what is given, on top of a plain one. */
export function logRecord(
  given: Partial<Omit<LogRecord, 'attributes'>> & { attributes?: Readonly<Record<string, AttributeValue>> } = {},
): LogRecord {
  const { attributes = {}, ...rest } = given;
  return {
    timeUnixNano: 1_726_560_000_950_000_001n,
    observedTimeUnixNano: 1_726_560_001_000_000_000n,
    severityNumber: 13,
    severityText: 'warning',
    eventName: 'acra.decryptor.recognized_poison_record',
    body: 'Recognized poison record',
    resource: acraServer,
    product: 'acra',
    issues: [],
    ...rest,
    attributes: new Map(Object.entries(attributes)),
  };
}

const text = fc.string({ unit: 'binary', maxLength: 40 });
const time = fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }));
const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`)).filter((id) => !/^0+$/.test(id));

/** Every kind of value that a record may hold. */
export const attributeValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  text,
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double().map((value) => new Double(value)),
  fc.array(text, { maxLength: 4 }),
);

/** Values that the stock serializers carry without loss: no whole doubles, no integers beyond 2^53. */
export const plainAttributeValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  text,
  fc.boolean(),
  fc.maxSafeInteger(),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Number.isInteger(value))
    .map((value) => new Double(value)),
  fc.array(text, { maxLength: 4 }),
);

export function arbitraryRecord(value: fc.Arbitrary<AttributeValue> = attributeValue): fc.Arbitrary<LogRecord> {
  return fc.record(
    {
      timeUnixNano: time,
      observedTimeUnixNano: time,
      severityNumber: fc.integer({ min: 0, max: 24 }),
      severityText: text,
      eventName: fc.constantFrom('acra.censor.censor_query_is_not_allowed', 'cesecore.cert_creation'),
      body: text,
      traceId: hex(32),
      spanId: hex(16),
      attributes: fc
        .uniqueArray(fc.tuple(text, value), { selector: ([key]) => key, maxLength: 6 })
        .map((pairs) => new Map(pairs)),
      resource: fc.constantFrom(acraServer, ejbca),
      issues: fc.constant([]),
    },
    {
      requiredKeys: [
        'timeUnixNano',
        'observedTimeUnixNano',
        'severityNumber',
        'body',
        'attributes',
        'resource',
        'issues',
      ],
    },
  );
}
