import type { FieldValue, Recognition } from '@cryptrail/mapper';
import type { AuditRow } from './row.ts';

/** The row with all that its protection covers; undefined for what is no row, or one without a number or time. */
export function readAuditRow({ record: { fields }, format }: Recognition): AuditRow | undefined {
  const number = wholeNumber(fields.get('sequenceNumber'));
  const time = wholeNumber(fields.get('timeStamp'));
  if (format.decoder !== 'row' || number === undefined || time === undefined) return undefined;
  const text = (name: string) => nullableText(fields.get(name));
  return {
    pk: text('pk') ?? '',
    nodeId: text('nodeId') ?? '',
    sequenceNumber: number,
    timeStamp: time,
    eventType: text('eventType') ?? '',
    eventStatus: text('eventStatus'),
    authToken: text('authToken'),
    service: text('service'),
    module: text('module'),
    customId: text('customId'),
    searchDetail1: text('searchDetail1'),
    searchDetail2: text('searchDetail2'),
    additionalDetails: text('additionalDetails'),
    rowProtection: text('rowProtection'),
  };
}

function nullableText(value: FieldValue | undefined): string | null {
  return value === undefined || value.kind === 'null' ? null : value.text;
}

function wholeNumber(value: FieldValue | undefined): bigint | undefined {
  return value && /^-?\d{1,19}$/.test(value.text) ? BigInt(value.text) : undefined;
}
