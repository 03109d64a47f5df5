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
import { Failure } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { findInputs } from '../input/find-inputs.ts';
import type { Found } from '../input/member.ts';
import { readRecords } from '../input/read-records.ts';
import { deviceErrorOf } from './device-error.ts';
import type { ExportedRows } from './exported-rows.ts';
import { nodeHash } from './node-hash.ts';

/** Options of {@link verifyCesecore}. */
export interface CesecoreOptions {
  readonly rows: readonly string[] | ExportedRows;
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
  const counts = { records: 0, rows: 0 };
  const readRows = (found: AsyncIterable<Found> | Iterable<Found>) =>
    readAll(
      found,
      options,
      terminal,
      (recognition, record) => {
        if (recognition.format.decoder === 'row') counts.rows += 1;
        takeRow(recognition, record);
      },
      (record) => {
        counts.records += 1;
        if (record.parseStatus === 'unparsed') verifier.unreadable();
      },
    );
  let rows = 0;
  if ('member' in options.rows) {
    rows += await readRows([{ member: options.rows.member }]);
    for (const place of options.rows.places) verifier.addPlace(place);
  } else {
    for (const path of options.rows) {
      const before = { ...counts };
      rows += await readRows(findInputs([path], terminal, { excluded: new Set() }));
      if (counts.rows > before.rows || terminal.signal.aborted) continue;
      rows += 1;
      terminal.warn(noRows(path, counts.records - before.records));
    }
    // A table without a row is none that is whole: no verdict is given on it.
    if (counts.rows === 0 && !terminal.signal.aborted) throw new Failure('no row was read, so there is no verdict');
  }
  const logs: Log[] = [];
  let unread = 0;
  for (const path of options.logs) {
    const log: Log = { events: [], errors: [] };
    logs.push(log);
    const takeEvent = (recognition: Recognition, record: LogRecord) => {
      if (recognition.format.decoder !== 'row') log.events.push(comparedEvent(recognition, record));
    };
    unread += await readAll(
      findInputs([path], terminal, { excluded: new Set() }),
      options,
      terminal,
      takeEvent,
      (record) => {
        const error = deviceErrorOf(record);
        if (error) log.errors.push(error);
      },
    );
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

/** The wrong file was named, or the export went wrong. */
function noRows(path: string, records: number): string {
  const found = records === 0 ? 'nothing' : `${records} records that are none`;
  return `${path}: no row of AuditRecordData: found ${found}; expected a CSV or SQL export, or JSON Lines, with pk, nodeId, sequenceNumber, timeStamp and eventType`;
}

async function readAll(
  found: AsyncIterable<Found> | Iterable<Found>,
  { timeZone }: CesecoreOptions,
  terminal: Terminal,
  onRecognition: NonNullable<PipelineOptions['onRecognition']>,
  onRecord: (record: LogRecord) => void = () => undefined,
): Promise<number> {
  const pipeline = createPipeline({
    products,
    product: PRODUCT,
    onRecognition,
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  const { problems } = await readRecords(found, pipeline, {
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
