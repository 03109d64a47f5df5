import type { AttributeValue, Evidence, InputName, Recognition } from '@cryptrail/mapper';

/**
 * The products' evidence under the names that OpenTelemetry's draft of an audit signal gave it (specification pull request 5059, closed in 2026, and
 * the proposal of an audit logging group, open). A draft: names may go, so they are written on request only. Values are as the product printed them.
 */
export function createAuditNames(): Evidence {
  return {
    check: (_, recognition, input) => ({
      attributes: new Map(recognition ? namesOf(recognition, input) : []),
      findings: [],
    }),
    finish: () => [],
  };
}

const ROW_PROTECTION = /^\d{1,3}:([12]):\d{1,10}:([0-9A-Fa-f]+)$/;
const ROW_ALGORITHMS: Readonly<Record<string, string>> = { 1: 'HMAC-SHA256', 2: 'SHA256-SIGNATURE' };

function namesOf({ record: { fields }, format, product }: Recognition, input: InputName): [string, AttributeValue][] {
  if (product.id === 'cesecore' && format.decoder === 'row') return rowNames(fields);
  const value = product.id === 'acra' ? fields.get('integrity')?.text : undefined;
  if (value === undefined || value === '') return [];
  return [
    ['audit.integrity.algorithm', 'HMAC-SHA256'],
    ['audit.integrity.value', value.replace(/ chain=new$/, '')],
    ...(input.path === undefined ? [] : [['audit.sequence.stream_id', input.path] as [string, string]]),
  ];
}

function rowNames(fields: Recognition['record']['fields']): [string, AttributeValue][] {
  const names: [string, AttributeValue][] = [];
  const [, kind = '', value] = ROW_PROTECTION.exec(fields.get('rowProtection')?.text ?? '') ?? [];
  if (value !== undefined)
    names.push(['audit.integrity.algorithm', ROW_ALGORITHMS[kind] ?? kind], ['audit.integrity.value', value]);
  const number = Number(fields.get('sequenceNumber')?.text ?? Number.NaN);
  if (Number.isSafeInteger(number)) names.push(['audit.sequence.number', number]);
  const node = fields.get('nodeId')?.text;
  if (node) names.push(['audit.sequence.stream_id', node]);
  return names;
}
