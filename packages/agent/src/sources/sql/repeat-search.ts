import type { AuditTable } from './audit-table.ts';
import type { NodeCursor, RowPlace } from './node-cursor.ts';

/** Keys that are remembered; beyond that the search reaches less far back. */
const MOST_KNOWN = 20_000;

/**
 * Finds rows of another server with the same node name, whose numbers the reading has passed: by their time, as far back as the overlap reaches.
 * Needed only where no unique index forbids such rows.
 */
export class RepeatSearch {
  readonly #overlapMillis: bigint;
  readonly #pageRows: number;
  /** Delivered rows that the search meets again: key and time. */
  readonly #known: Map<string, bigint>;
  /** Rows that are older than this are no longer known one by one. */
  #knownFrom = 0n;
  /** What the position says of rows that were delivered before this start; gone after the first search. */
  #before: { readonly newest: bigint } | undefined;

  constructor({ high, newest, extras }: NodeCursor, overlapMillis: number, pageRows: number) {
    this.#overlapMillis = BigInt(overlapMillis);
    this.#pageRows = pageRows;
    this.#known = new Map(extras);
    this.#before = high === undefined ? undefined : { newest };
  }

  /** Rows were delivered. */
  remember(rows: readonly RowPlace[]): void {
    for (const { pk, time } of rows) this.#known.set(pk, time);
    if (this.#known.size <= MOST_KNOWN) return;
    let surplus = this.#known.size - MOST_KNOWN / 2;
    for (const [pk, time] of this.#known) {
      if (surplus <= 0) break;
      surplus -= 1;
      this.#known.delete(pk);
      if (time >= this.#knownFrom) this.#knownFrom = time + 1n;
    }
  }

  /** Keys of rows that were not delivered, one page at most. */
  async find(table: AuditTable, node: string, cursor: NodeCursor): Promise<string[]> {
    if (cursor.high === undefined) return [];
    const overlap = cursor.newest - this.#overlapMillis;
    const since = overlap > this.#knownFrom ? overlap : this.#knownFrom;
    const unknown: RowPlace[] = [];
    for (let from: { time: bigint; pk?: string } | undefined = { time: since }; from; ) {
      const places: RowPlace[] = await table.places(node, cursor.high, from, this.#pageRows);
      unknown.push(...places.filter(({ pk }) => !this.#known.has(pk)));
      const last = places.at(-1);
      const hasMore = places.length === this.#pageRows && last;
      from = hasMore ? { time: last.time, pk: last.pk } : undefined;
    }
    const fresh = this.#before ? await this.#undelivered(table, node, cursor, unknown, this.#before.newest) : unknown;
    for (const [pk, time] of this.#known) if (time < since) this.#known.delete(pk);
    cursor.forgetExtras(since);
    return fresh.slice(0, this.#pageRows).map(({ pk }) => pk);
  }

  /**
   * The first search after a start: a row that is not newer than the position, has no missing number and shares it with no other was delivered.
   * Of those that share one nobody can tell: they are delivered, perhaps again.
   */
  async #undelivered(table: AuditTable, node: string, cursor: NodeCursor, rows: readonly RowPlace[], newest: bigint) {
    const old = rows.filter(({ time, sequence }) => time <= newest && !cursor.isMissing(sequence));
    const numbers = old.map(({ sequence }) => sequence);
    const range = numbers.reduce(
      ({ from, to }, number) => ({ from: number < from ? number : from, to: number > to ? number : to }),
      { from: numbers[0] ?? 0n, to: numbers[0] ?? -1n },
    );
    const repeated = new Set(numbers.length === 0 ? [] : await table.repeated(node, range));
    const delivered = new Set(old.filter(({ sequence }) => !repeated.has(sequence)));
    for (const { pk, time } of delivered) this.#known.set(pk, time);
    this.#before = undefined;
    return rows.filter((row) => !delivered.has(row));
  }
}
