import { products } from '@cryptrail/catalogue';
import {
  type ComparedEvent,
  createTableVerifier,
  type DeviceError,
  type NodeLog,
  type ProtectionKeys,
  readAuditRow,
  type TableRow,
  type TableVerdict,
  type WritingDevice,
} from '@cryptrail/integrity';
import {
  createPipeline,
  type FieldValue,
  type LogRecord,
  type PipelineOptions,
  type Recognition,
} from '@cryptrail/mapper';
import type { Terminal } from '../command-line/terminal.ts';
import { findInputs } from '../input/find-inputs.ts';
import { readRecords } from '../input/read-records.ts';
import { deviceErrorOf } from './device-error.ts';
import { nodeHash } from './node-hash.ts';

/** Options of {@link verifyCesecore}. */
export interface CesecoreOptions {
  readonly rows: readonly string[];
  readonly logs: readonly string[];
  readonly keys: ProtectionKeys;
  /** The node whose log the files are; without it the rows' only node is meant, else for each file the node that its lines tell of. */
  readonly node?: string;
  readonly timeZone?: string;
  /** How the product wrote the rows. */
  readonly device?: WritingDevice;
  /** Highest numbers of an earlier run. */
  readonly remembered: ReadonlyMap<string, bigint>;
}

const PRODUCT = 'cesecore';
const ID_COLUMNS = ['customId', 'searchDetail1', 'searchDetail2'];

/** Checks rows of AuditRecordData, and compares them with the log when one is given. */
export async function verifyCesecore(
  options: CesecoreOptions,
  terminal: Terminal,
): Promise<{ verdict: TableVerdict; highest: ReadonlyMap<string, bigint>; problems: number }> {
  const verifier = createTableVerifier(options.keys, nodeHash);
  const busy: Promise<void>[] = [];
  const takeRow = (recognition: Recognition, record: LogRecord) => {
    const row = tableRow(recognition, record);
    if (!row) return verifier.unreadable();
    const settling = verifier.add(row);
    if (settling) busy.push(settling);
  };
  const rows = await readAll(options.rows, options, terminal, takeRow, (record) => {
    if (record.parseStatus === 'unparsed') verifier.unreadable();
  });
  const logs: Log[] = [];
  let unread = 0;
  for (const path of options.logs) {
    const log: Log = { events: [], errors: [] };
    logs.push(log);
    const takeEvent = (recognition: Recognition, record: LogRecord) => {
      if (recognition.format.decoder !== 'row') log.events.push(comparedEvent(recognition, record));
    };
    unread += await readAll([path], options, terminal, takeEvent, (record) => {
      const error = deviceErrorOf(record);
      if (error) log.errors.push(error);
    });
  }
  await Promise.all(busy);
  const highest = verifier.highest();
  const [only] = highest.keys();
  const node = options.node ?? (highest.size === 1 ? only : undefined);
  const named = logs.map((log) => ({ node: node ?? verifier.nodeOf(log.events), ...log }));
  const lost = named.filter((log) => log.node === undefined).length;
  if (lost > 0)
    terminal.warn('the table holds several nodes: say with --node NAME whose log this is; the log was not compared');
  const verdict = verifier.end(joinLogs(named), options.remembered, options.device);
  return { verdict, highest, problems: rows + unread + lost };
}

/** What one file holds of the log of a node. */
interface Log {
  readonly events: ComparedEvent[];
  readonly errors: DeviceError[];
}

/** All logs of a node as one: a rotated log is several files. */
function joinLogs(logs: readonly (Log & { readonly node: string | undefined })[]): NodeLog[] {
  const byNode = new Map<string, Log>();
  for (const { node, events, errors } of logs) {
    if (node === undefined) continue;
    const before = byNode.get(node);
    byNode.set(node, {
      events: (before?.events ?? []).concat(events),
      errors: (before?.errors ?? []).concat(errors),
    });
  }
  return [...byNode].map(([node, log]) => ({ node, ...log }));
}

async function readAll(
  paths: readonly string[],
  { timeZone }: CesecoreOptions,
  terminal: Terminal,
  onRecognition: NonNullable<PipelineOptions['onRecognition']>,
  onRecord: (record: LogRecord) => void = () => undefined,
): Promise<number> {
  if (paths.length === 0) return 0;
  const pipeline = createPipeline({
    products,
    product: PRODUCT,
    onRecognition,
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  const { problems } = await readRecords(findInputs(paths, terminal, { excluded: new Set() }), pipeline, {
    record: (record) => void onRecord(record),
    warn: terminal.warn,
    signal: terminal.signal,
  });
  return problems;
}

/** A row with what its log line would say. */
function tableRow(recognition: Recognition, record: LogRecord): TableRow | undefined {
  const row = readAuditRow(recognition);
  return row && { ...row, compared: comparedEvent(recognition, record) };
}

function comparedEvent({ record: { fields, details } }: Recognition, record: LogRecord): ComparedEvent {
  return {
    incomplete: record.timeUnixNano === 0n || record.parseStatus !== undefined,
    timeMillis: Number(record.timeUnixNano / 1_000_000n),
    event: nullable(fields.get('eventType')) ?? '',
    status: nullable(fields.get('eventStatus')),
    admin: nullable(fields.get('authToken')),
    ids: ID_COLUMNS.map((name) => nullable(fields.get(name))),
    details: new Map([...details].filter(([, { kind }]) => PLAIN.has(kind)).map(([key, { text }]) => [key, text])),
  };
}

/** Kinds whose text is the same in the table and in the log. */
const PLAIN: ReadonlySet<string> = new Set(['text', 'string', 'int', 'boolean']);

function nullable(value: FieldValue | undefined): string | null {
  return value === undefined || value.kind === 'null' ? null : value.text;
}
