import type { Cell } from '@cryptrail/mapper';
import type { Database } from './database.ts';
import type { Range, RowPlace } from './node-cursor.ts';
import { Unusable } from './problem.ts';

/** A row with where it stands. */
export interface TableRow extends RowPlace {
  readonly cells: readonly Cell[];
}

/** The statements about one table, in the names and the words of its database. */
export interface AuditTable {
  /** All columns, as the table names them, in the order of {@link TableRow.cells}. */
  readonly columns: readonly string[];
  /** Two rows of a node may have one number, because no index forbids it. */
  readonly mayRepeat: boolean;
  /** What its indexes lack, for people; undefined when all is well. */
  readonly advice: string | undefined;
  /** The next name of a node in the order of the database; `after` undefined: the first. */
  nextNode(after: string | undefined): Promise<string | undefined>;
  highest(node: string): Promise<bigint | undefined>;
  /** The sizes of the next rows, from the row at the position itself on. */
  sizes(node: string, from: RowKey | undefined, limit: number): Promise<RowSize[]>;
  /** Rows behind the position. `cut`: no more of each text than this. */
  rows(node: string, after: RowKey | undefined, limit: number, cut?: number): Promise<TableRow[]>;
  /** Rows with numbers in the ranges. */
  inRanges(node: string, ranges: readonly Range[], limit: number): Promise<TableRow[]>;
  /** Where the rows with numbers up to `high` and times from `time` on stand, in the order of time. */
  places(node: string, high: bigint, from: { time: bigint; pk?: string }, limit: number): Promise<RowPlace[]>;
  /** Numbers in the range that more than one row has. */
  repeated(node: string, range: Range): Promise<bigint[]>;
  byKeys(node: string, keys: readonly string[]): Promise<TableRow[]>;
  /** The lowest number up to `high` of a row that is newer than `time`. */
  lowestNewer(node: string, high: bigint, time: bigint): Promise<bigint | undefined>;
}

/** A place in the order of a node's rows. */
export interface RowKey {
  readonly sequence: bigint;
  readonly pk: string;
}

/** A row that was not read yet. */
export interface RowSize extends RowKey {
  /** Bytes of its texts. */
  readonly bytes: number;
}

const NEEDED = ['pk', 'nodeid', 'sequencenumber', 'timestamp'] as const;
type Needed = (typeof NEEDED)[number];
/** Columns that are no text. */
const NUMBERS: ReadonlySet<string> = new Set(['sequencenumber', 'timestamp', 'rowversion']);

/** Finds the table, by any case of its name, and what it is made of. Throws {@link Unusable} when it is not there or lacks a column. */
export async function findTable(database: Database, name: string): Promise<AuditTable> {
  const [first = '', second] = name.replaceAll(/["`]/g, '').split('.');
  const [schema, table] = second === undefined ? [undefined, first] : [first, second];
  const { rows } = await database.query(database.dialect.columns, [table.toLowerCase()]);
  const found = Map.groupBy(rows, ([inSchema, inTable]) => JSON.stringify([inSchema, inTable]));
  const candidates = [...found.values()].filter(
    ([row]) => schema === undefined || row?.[0]?.toLowerCase() === schema.toLowerCase(),
  );
  const own = candidates.find(([row]) => row?.[3] === '1') ?? (candidates.length === 1 ? candidates[0] : undefined);
  const [[inSchema, inTable] = []] = own ?? [];
  if (!own || typeof inSchema !== 'string' || typeof inTable !== 'string')
    throw new Unusable(missing(name, candidates));
  const columns = own.map(([, , column]) => column ?? '');
  const lacking = NEEDED.filter((needed) => !columns.some((column) => column.toLowerCase() === needed));
  if (lacking.length > 0) throw new Unusable(`the table ${name} has no column ${lacking.join(', ')}`);
  const indexes = await database.query(database.dialect.indexes, [inSchema, inTable]);
  return createTable(
    database,
    `${database.dialect.quote(inSchema)}.${database.dialect.quote(inTable)}`,
    columns,
    readIndexes(indexes.rows),
  );
}

function missing(name: string, candidates: readonly (readonly (readonly Cell[])[])[]): string {
  if (candidates.length < 2) return `there is no table ${name}, or no right to read it`;
  const schemas = candidates.map(([row]) => row?.[0]).join(', ');
  return `there are several tables ${name}; write the schema before it (${schemas})`;
}

interface Index {
  readonly columns: readonly string[];
  readonly unique: boolean;
}

function readIndexes(rows: readonly (readonly Cell[])[]): Index[] {
  return [...Map.groupBy(rows, ([name]) => name).values()].map((parts) => ({
    columns: parts.map(([, , column]) => (column ?? '').toLowerCase()),
    unique: parts.every(([, unique]) => unique === '1'),
  }));
}

const hasPrefix = ({ columns }: Index, names: readonly string[]) =>
  names.every((name, place) => columns[place] === name);

function createTable(
  database: Database,
  table: string,
  columns: readonly string[],
  indexes: readonly Index[],
): AuditTable {
  const { dialect } = database;
  const named = new Map(columns.map((column) => [column.toLowerCase(), dialect.quote(column)]));
  const name = (column: Needed) => named.get(column) ?? column;
  const [pk, node, sequence, time] = NEEDED.map(name) as [string, string, string, string];
  const place = (column: Needed) => columns.findIndex((one) => one.toLowerCase() === column);
  const [pkAt, sequenceAt, timeAt] = [place('pk'), place('sequencenumber'), place('timestamp')];
  const all = columns.map((column) => dialect.quote(column)).join(', ');
  const texts = columns.filter((column) => !NUMBERS.has(column.toLowerCase()));
  const bytes = texts.map((column) => `COALESCE(OCTET_LENGTH(${dialect.quote(column)}), 0)`).join(' + ');
  const repeats = !indexes.some(
    ({ columns: of, unique }) =>
      unique && of.length === 2 && hasPrefix({ columns: [...of].sort(), unique }, ['nodeid', 'sequencenumber']),
  );

  async function read(statement: string, values: readonly string[]): Promise<TableRow[]> {
    const { rows } = await database.query(statement, values);
    return rows.map((cells) => ({
      pk: cells[pkAt] ?? '',
      sequence: BigInt(cells[sequenceAt] ?? 0),
      time: BigInt(cells[timeAt] ?? 0),
      cells,
    }));
  }

  async function one(statement: string, values: readonly string[]): Promise<string | undefined> {
    const { rows } = await database.query(statement, values);
    return rows[0]?.[0] ?? undefined;
  }

  const digits = (text: string | undefined) => (text === undefined ? undefined : BigInt(text));
  const cutTo = (length: number) =>
    columns
      .map((column) => (texts.includes(column) ? `LEFT(${dialect.quote(column)}, ${length})` : dialect.quote(column)))
      .join(', ');

  /** Where numbers may repeat, the key tells rows apart; elsewhere it would make MariaDB sort all that is left for every page. */
  const order = repeats ? `${sequence}, ${pk}` : sequence;

  /** What comes behind a place, or with `at` from it on. */
  function behind(key: RowKey | undefined, at: boolean): { clause: string; values: string[] } {
    if (!key) return { clause: '', values: [] };
    const number = String(key.sequence);
    if (!repeats) return { clause: ` AND ${sequence} ${at ? '>=' : '>'} ${dialect.number(2)}`, values: [number] };
    const isBehind = `${sequence} > ${dialect.number(3)} OR ${pk} ${at ? '>=' : '>'} ${dialect.text(4)}`;
    return {
      clause: ` AND ${sequence} >= ${dialect.number(2)} AND (${isBehind})`,
      values: [number, number, key.pk],
    };
  }

  return {
    columns,
    mayRepeat: repeats,
    advice: adviceFor(indexes, repeats),
    nextNode: (after) =>
      after === undefined
        ? one(`SELECT ${node} FROM ${table} ORDER BY ${node} LIMIT 1`, [])
        : one(`SELECT ${node} FROM ${table} WHERE ${node} > ${dialect.text(1)} ORDER BY ${node} LIMIT 1`, [after]),
    highest: async (of) =>
      digits(await one(`SELECT MAX(${sequence}) FROM ${table} WHERE ${node} = ${dialect.text(1)}`, [of])),
    async sizes(of, from, limit) {
      const { clause, values } = behind(from, true);
      const statement = `SELECT ${sequence}, ${pk}, ${bytes} FROM ${table} WHERE ${node} = ${dialect.text(1)}${clause} ORDER BY ${order} LIMIT ${limit}`;
      const { rows } = await database.query(statement, [of, ...values]);
      return rows.map(([number, key, size]) => ({ sequence: BigInt(number ?? 0), pk: key ?? '', bytes: Number(size) }));
    },
    rows(of, after, limit, cut) {
      const { clause, values } = behind(after, false);
      const wanted = cut === undefined ? all : cutTo(cut);
      const statement = `SELECT ${wanted} FROM ${table} WHERE ${node} = ${dialect.text(1)}${clause} ORDER BY ${order} LIMIT ${limit}`;
      return read(statement, [of, ...values]);
    },
    inRanges(of, ranges, limit) {
      const parts = ranges.map(
        (_, at) => `${sequence} BETWEEN ${dialect.number(at * 2 + 2)} AND ${dialect.number(at * 2 + 3)}`,
      );
      const statement = `SELECT ${all} FROM ${table} WHERE ${node} = ${dialect.text(1)} AND (${parts.join(' OR ')}) ORDER BY ${order} LIMIT ${limit}`;
      return read(statement, [of, ...ranges.flatMap(({ from, to }) => [String(from), String(to)])]);
    },
    async places(of, high, from, limit) {
      const head = `SELECT ${pk}, ${sequence}, ${time} FROM ${table} WHERE ${node} = ${dialect.text(1)} AND ${sequence} <= ${dialect.number(2)} AND ${time} >= ${dialect.number(3)}`;
      const tail = ` ORDER BY ${time}, ${pk} LIMIT ${limit}`;
      const number = String(from.time);
      const key = from.pk === undefined ? '' : ` AND (${time} > ${dialect.number(4)} OR ${pk} > ${dialect.text(5)})`;
      const values = [of, String(high), number, ...(from.pk === undefined ? [] : [number, from.pk])];
      const { rows } = await database.query(head + key + tail, values);
      return rows.map(([key_, number_, at]) => ({
        pk: key_ ?? '',
        sequence: BigInt(number_ ?? 0),
        time: BigInt(at ?? 0),
      }));
    },
    async repeated(of, { from, to }) {
      const { rows } = await database.query(
        `SELECT ${sequence} FROM ${table} WHERE ${node} = ${dialect.text(1)} AND ${sequence} BETWEEN ${dialect.number(2)} AND ${dialect.number(3)} GROUP BY ${sequence} HAVING COUNT(*) > 1`,
        [of, String(from), String(to)],
      );
      return rows.map(([number]) => BigInt(number ?? 0));
    },
    byKeys(of, keys) {
      const places = keys.map((_, at) => dialect.text(at + 2)).join(', ');
      return read(
        `SELECT ${all} FROM ${table} WHERE ${node} = ${dialect.text(1)} AND ${pk} IN (${places}) ORDER BY ${sequence}, ${pk}`,
        [of, ...keys],
      );
    },
    lowestNewer: async (of, high, newer) =>
      digits(
        await one(
          `SELECT MIN(${sequence}) FROM ${table} WHERE ${node} = ${dialect.text(1)} AND ${sequence} <= ${dialect.number(2)} AND ${time} > ${dialect.number(3)}`,
          [of, String(high), String(newer)],
        ),
      ),
  };
}

function adviceFor(indexes: readonly Index[], repeats: boolean): string | undefined {
  if (!indexes.some((index) => hasPrefix(index, ['nodeid', 'sequencenumber'])))
    return 'the table has no index on (nodeId, sequenceNumber), so every look reads all of it; docs/sources-sql.md has the statement';
  const hasTime = indexes.some((index) => hasPrefix(index, ['nodeid', 'timestamp']));
  if (repeats && !hasTime)
    return 'no unique index on (nodeId, sequenceNumber) keeps numbers from being used twice, and none on (nodeId, timeStamp) helps to find such rows; docs/sources-sql.md has the statements';
  return undefined;
}
