import { createPipeline, type LogRecord, type PipelineOptions } from '@cryptrail/mapper';
import { flattenRecord } from '../flatten-record.ts';
import { productIds, readProduct } from '../product-tables.ts';

/** CESeCore's tables. */
export const cesecore = readProduct('cesecore');
const products = productIds().map(readProduct);

/** The records that lines become when nothing is said about what they are. */
export function convert(text: string, options: Partial<PipelineOptions> = {}): LogRecord[] {
  const reader = createPipeline({ products, now: () => 1n, ...options }).open();
  return [...reader.push(new TextEncoder().encode(text)), ...reader.end()];
}

/** The one record that a text becomes. */
export function convertOne(text: string, options: Partial<PipelineOptions> = {}): LogRecord {
  const [record, ...more] = convert(text, options);
  if (!record || more.length > 0) throw new Error(`${more.length + (record ? 1 : 0)} records`);
  return record;
}

/** Every text that leaves with a record. */
export function textsOf(record: LogRecord): string {
  return JSON.stringify([flattenRecord(record), record.issues]);
}

/** Values of an audit event; what is left out has a value that says nothing. */
export interface AuditEvent {
  readonly event?: string;
  readonly status?: string;
  readonly module?: string;
  readonly service?: string;
  readonly admin?: string;
  readonly customId?: string;
  readonly detail1?: string;
  readonly detail2?: string;
  readonly details?: Readonly<Record<string, string>>;
}

const EJBCA_LAYOUT = '2026-10-24 20:53:26,511 INFO  [org.cesecore.audit.impl.log4j.Log4jDevice] (default task-1) ';
const SIGNSERVER_LAYOUT =
  '2026-11-02 06:01:05,129 INFO  [org.signserver.server.log.SignServerLog4jDevice] (default task-1) ';

/** A line as EJBCA's text device writes it. */
export function ejbcaLine(event: AuditEvent): string {
  const { status = 'SUCCESS', module = 'CA', service = 'CORE', admin = '', customId = '' } = event;
  const columns = [
    event.event ?? 'CA_EDITING',
    status,
    module,
    service,
    admin,
    customId,
    event.detail1 ?? '',
    event.detail2 ?? '',
  ];
  const details = Object.entries(event.details ?? {}).map(([key, value]) => `${key}=${value}`);
  return `${EJBCA_LAYOUT}2026-10-24 22:53:26+02:00;${[...columns, ...details].join(';')}`;
}

/** A line as SignServer's text device writes it. */
export function signserverLine(event: AuditEvent): string {
  const { status = 'SUCCESS', module = 'WORKER_CONFIG', admin = 'null', customId = 'null' } = event;
  const details = Object.entries(event.details ?? {}).map(([key, value]) => `${key}: ${value}; `);
  return (
    `${SIGNSERVER_LAYOUT}EVENT: ${event.event ?? 'SET_WORKER_CONFIG'}; OUTCOME: ${status}; MODULE: ${module}; ADMINISTRATOR: ${admin}; ` +
    `ISSUER: ${customId}; SERIAL_NUMBER: ${event.detail1 ?? 'null'}; WORKER_ID: ${event.detail2 ?? 'null'}; ${details.join('')}REPLY_TIME:1793595665129`
  );
}

/** A row of the audit table as JSON Lines. */
export function row(columns: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    pk: '24861ebf7f00010106e5a024d82c694d',
    additionalDetails: null,
    authToken: 'C=SE, O=My Organization, CN=Admin 1',
    customId: null,
    eventStatus: 'SUCCESS',
    eventType: 'SET_GLOBAL_PROPERTY',
    module: 'GLOBAL_CONFIG',
    nodeId: 'dsstsa1.example.com',
    rowProtection: null,
    rowVersion: 0,
    searchDetail1: null,
    searchDetail2: null,
    sequenceNumber: 12,
    service: 'SIGNSERVER',
    timeStamp: 1359550503607,
    ...columns,
  });
}
