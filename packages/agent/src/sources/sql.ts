import { createBackOff, pause } from './back-off.ts';
import type { SqlOptions } from './options.ts';
import { evidenceOf } from './position-evidence.ts';
import type { Source, SourceContext } from './source.ts';
import { type DatabaseAddress, parseAddress } from './sql/address.ts';
import { type AuditTable, findTable } from './sql/audit-table.ts';
import { type Database, openDatabase } from './sql/database.ts';
import { NodeCursor } from './sql/node-cursor.ts';
import { Ended, problemOf, Unusable } from './sql/problem.ts';
import { createProgress } from './sql/progress.ts';
import { NodeReader, type ReadingRules, streamOf } from './sql/read-node.ts';

const DEFAULTS = {
  table: 'AuditRecordData',
  pollIntervalMillis: 10_000,
  pageRows: 1000,
  overlapMillis: 300_000,
  gapAfterMillis: 300_000,
};

/** A word, or two with a dot between; the quotes of either database may stand round them. */
const TABLE_NAME = /^(["`]?[A-Za-z_][\w$]*["`]?\.)?["`]?[A-Za-z_][\w$]*["`]?$/;

/** Longest time without the database after which reading until idle is given up. */
const IDLE_PATIENCE_MILLIS = 300_000;

/**
 * The rows of a table of audit records in PostgreSQL, MariaDB or MySQL, of every node in the order of its numbers, also those that are committed late.
 * Reads only. Throws when the options cannot be understood; the message repeats nothing of the credentials.
 *
 * @param now - Milliseconds since 1970; default the clock.
 * @example
 * ```ts
 * await openSqlSource({ url: 'postgres://reader:secret@db/ejbca', application: 'ejbca' }).run(context);
 * ```
 */
export function openSqlSource(options: SqlOptions, now: () => number = Date.now): Source {
  const address = parseAddress(options.url);
  const { table, pollIntervalMillis, ...rest } = { ...DEFAULTS, ...given(options) };
  if (!TABLE_NAME.test(table)) throw new Error('table: expected a name, or a schema and a name with a dot between');
  const { pageRows, overlapMillis, gapAfterMillis } = rest;
  return {
    id: options.id ?? `sql:${address.shown}/${table}`,
    type: 'sql',
    run: (context) =>
      readTable(context, address, { table, pollIntervalMillis, pageRows, overlapMillis, gapAfterMillis, now }),
  };
}

function given({
  table,
  pollIntervalMillis,
  pageRows,
  overlapMillis,
  gapAfterMillis,
}: SqlOptions): Partial<typeof DEFAULTS> {
  const all = { table, pollIntervalMillis, pageRows, overlapMillis, gapAfterMillis };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

interface Rules extends ReadingRules {
  readonly table: string;
  readonly pollIntervalMillis: number;
}

/** Connects, reads, and connects again when the connection breaks, until the signal or until idle. */
async function readTable(context: SourceContext, address: DatabaseAddress, rules: Rules): Promise<void> {
  const { signal, untilIdle } = context;
  const backOff = createBackOff(500, 30_000);
  const reading = createReading(context, rules);
  let wasConnected = false;
  let brokenSince: number | undefined;
  let told = '';
  const onConnected = () => {
    if (brokenSince !== undefined) context.note(`${address.shown}: connected again`);
    wasConnected = true;
    brokenSince = undefined;
    told = '';
    backOff.reset();
  };
  while (!signal.aborted) {
    try {
      await readConnection(reading, context, address, rules, onConnected);
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Ended) throw error.cause;
      const { message, lasting } = problemOf(error, address);
      brokenSince ??= rules.now();
      const isOver = untilIdle && rules.now() - brokenSince > IDLE_PATIENCE_MILLIS;
      if (isOver || (lasting && !wasConnected)) throw new Error(`${address.shown}: ${message}`);
      if (message !== told) context.note(`${address.shown}: ${message}; trying again`);
      told = message;
      await pause(backOff.next(), signal);
    }
  }
}

async function readConnection(
  reading: Reading,
  context: SourceContext,
  address: DatabaseAddress,
  rules: Rules,
  onConnected: () => void,
) {
  const { signal, untilIdle } = context;
  const database = await openDatabase(address);
  try {
    const table = await findTable(database, rules.table);
    onConnected();
    reading.advise(table);
    while (!signal.aborted) {
      const rows = await reading.round(table);
      if (rows > 0) continue;
      if (untilIdle) return;
      await pause(rules.pollIntervalMillis, signal);
    }
  } finally {
    await closeIn(database, 2000);
  }
}

async function closeIn(database: Database, millis: number): Promise<void> {
  const ended = new AbortController();
  await Promise.race([database.close(), pause(millis, ended.signal)]);
  ended.abort();
}

interface Reading {
  /** Reads a page of each node; gives the number of rows. */
  round(table: AuditTable): Promise<number>;
  /** Says once what the table lacks. */
  advise(table: AuditTable): void;
}

/** What outlives a connection: how far each node was read. */
function createReading(context: SourceContext, rules: Rules): Reading {
  const pipeline = context.createPipeline();
  const nodes = new Map<string, NodeReader>();
  const progress = createProgress(context, rules.now);
  let lookedMillis = Number.NEGATIVE_INFINITY;
  let advised = '';

  function open(node: string): NodeReader {
    const saved = context.positions.get(streamOf(node));
    const cursor = NodeCursor.from(saved);
    const name = JSON.stringify(node);
    if (!cursor) throw new Unusable(`the saved position of node ${name} is not of this version; see cryptrail state`);
    if (saved === undefined) context.note(`found node ${name}`);
    // Rows of each node are a log of their own, whose evidence goes on where it stood.
    const reader = pipeline.open({}, { offset: 0, number: 1, ...evidenceOf(saved) });
    return new NodeReader(node, cursor, context, reader, rules);
  }

  async function findNodes(table: AuditTable): Promise<void> {
    if (Math.abs(rules.now() - lookedMillis) < rules.pollIntervalMillis) return;
    for (let node = await table.nextNode(undefined); node !== undefined; node = await table.nextNode(node))
      if (!nodes.has(node)) nodes.set(node, open(node));
    lookedMillis = rules.now();
  }

  return {
    async round(table) {
      await findNodes(table);
      let total = 0;
      const behind: NodeReader[] = [];
      for (const node of nodes.values()) {
        if (context.signal.aborted) return total;
        const rows = await node.step(table);
        if (rows >= rules.pageRows / 2) behind.push(node);
        total += rows;
      }
      await progress.tell(total, behind, table);
      return total;
    },
    advise({ advice }) {
      if (advice !== undefined && advice !== advised) context.note(advice);
      advised = advice ?? '';
    },
  };
}
