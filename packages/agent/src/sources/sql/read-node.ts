import type { LogRecord, Reader } from '@cryptrail/mapper';
import { withEvidence } from '../position-evidence.ts';
import type { Position, SourceContext } from '../source.ts';
import type { AuditTable, RowKey, TableRow } from './audit-table.ts';
import type { NodeCursor, NodePosition } from './node-cursor.ts';
import { Ended } from './problem.ts';
import { RepeatSearch } from './repeat-search.ts';
import { gapFindings, resetFinding } from './report.ts';

/** How rows are read. */
export interface ReadingRules {
  readonly pageRows: number;
  readonly overlapMillis: number;
  readonly gapAfterMillis: number;
  readonly now: () => number;
}

/** Texts of one page, so that rows with chains of certificates do not fill the memory. */
const PAGE_BYTES = 4 * 1024 * 1024;
/** A row over this is read with its texts cut. */
const ROW_BYTES = 16 * 1024 * 1024;
const CUT_LENGTH = 1024 * 1024;
/** Ranges of missing numbers that are asked for at a time. */
const RANGES_AT_A_TIME = 20;

/** Reads the rows of one node, page by page. */
export class NodeReader {
  readonly node: string;
  readonly cursor: NodeCursor;
  readonly #context: SourceContext;
  readonly #reader: Reader;
  readonly #rules: ReadingRules;
  #product: string | undefined;
  #anchorIsMissing = false;
  #gapsLookedAtMillis = Number.NEGATIVE_INFINITY;
  readonly #repeats: RepeatSearch;

  constructor(node: string, cursor: NodeCursor, context: SourceContext, reader: Reader, rules: ReadingRules) {
    this.node = node;
    this.cursor = cursor;
    this.#context = context;
    this.#reader = reader;
    this.#rules = rules;
    this.#repeats = new RepeatSearch(cursor, rules.overlapMillis, rules.pageRows);
  }

  /** Reads what was committed late and one page of what is new, and hands both on. Gives the number of rows. */
  async step(table: AuditTable): Promise<number> {
    const before = JSON.stringify(this.cursor.toPosition());
    const late = await this.#readMissing(table);
    const next = await this.#readNext(table);
    // Behind the newest rows only: while there is much to catch up with, it can wait.
    const repeated = next.length < this.#rules.pageRows && table.mayRepeat ? await this.#readRepeated(table) : [];
    const logs = this.#toRecords(table, [...late, ...next, ...repeated]);
    const gaps = this.cursor.closeHoles(this.#rules.now(), this.#rules.gapAfterMillis);
    for (const finding of gapFindings(this.node, gaps, this.#rules.gapAfterMillis, this.#product))
      await this.#hand(this.#context.report(finding));
    const position = this.cursor.toPosition();
    if (logs.length > 0 || JSON.stringify(position) !== before)
      await this.#hand(
        this.#context.push({ stream: streamOf(this.node), logs, position: this.#withEvidence(position) }),
      );
    return late.length + next.length + repeated.length;
  }

  /** Rows whose numbers were passed over, because they were not committed yet. */
  async #readMissing(table: AuditTable): Promise<TableRow[]> {
    const { cursor, node } = this;
    const { now, gapAfterMillis, pageRows } = this.#rules;
    const withGaps = now() - this.#gapsLookedAtMillis >= gapAfterMillis;
    if (withGaps) this.#gapsLookedAtMillis = now();
    const reported = cursor.gaps;
    const ranges = withGaps ? [...reported, ...cursor.holes] : cursor.holes;
    const rows: TableRow[] = [];
    for (let at = 0; at < ranges.length && rows.length < pageRows; at += RANGES_AT_A_TIME)
      rows.push(...(await table.inRanges(node, ranges.slice(at, at + RANGES_AT_A_TIME), pageRows)));
    const found = rows.filter((row) => {
      if (reported.some(({ from, to }) => from <= row.sequence && row.sequence <= to))
        this.#note(`row ${row.sequence} came after its number had been reported missing`);
      return cursor.fill(row);
    });
    if (table.mayRepeat) this.#repeats.remember(found);
    return found;
  }

  async #readNext(table: AuditTable): Promise<TableRow[]> {
    const { cursor, node } = this;
    const { pageRows, now } = this.#rules;
    const key = this.#key();
    const sizes = await table.sizes(node, key, pageRows + 1);
    const hasAnchor = key !== undefined && sizes[0]?.sequence === key.sequence && sizes[0].pk === key.pk;
    if (await this.#hasRestarted(table, hasAnchor)) return this.#readNext(table);
    const waiting = hasAnchor ? sizes.slice(1) : sizes;
    const [first] = waiting;
    if (!first) return [];
    const isHuge = first.bytes > ROW_BYTES;
    if (isHuge) this.#note(`row ${first.sequence} has ${first.bytes} bytes; its texts are cut`);
    const rows = await table.rows(node, key, isHuge ? 1 : fitting(waiting), isHuge ? CUT_LENGTH : undefined);
    for (const row of rows) cursor.take(row, now());
    if (table.mayRepeat) this.#repeats.remember(rows);
    return rows;
  }

  /** The last row delivered, where it is known. */
  #key(): RowKey | undefined {
    const { high, pk } = this.cursor;
    return high === undefined ? undefined : { sequence: high, pk };
  }

  /**
   * The row that was read last is asked for again with every page. When it is gone, rows were deleted at the end, or this is a replica that
   * lags behind. If there are rows with passed numbers and later times, the numbering began anew: it is read from there.
   */
  async #hasRestarted(table: AuditTable, hasAnchor: boolean): Promise<boolean> {
    const { cursor, node } = this;
    if (hasAnchor || cursor.high === undefined || cursor.pk === '') {
      if (this.#anchorIsMissing && hasAnchor) this.#note('the row that was read last is back');
      if (hasAnchor) this.#anchorIsMissing = false;
      return false;
    }
    const lowest = await table.lowestNewer(node, cursor.high, cursor.newest);
    if (lowest === undefined) {
      if (!this.#anchorIsMissing)
        this.#note(
          `row ${cursor.high}, which was read last, is gone: rows were deleted, or this is a replica that lags behind`,
        );
      this.#anchorIsMissing = true;
      return false;
    }
    this.#anchorIsMissing = false;
    cursor.restartAt(lowest);
    await this.#hand(this.#context.report(resetFinding(node, lowest, this.#product)));
    return true;
  }

  async #readRepeated(table: AuditTable): Promise<TableRow[]> {
    const { cursor, node } = this;
    const keys = await this.#repeats.find(table, node, cursor);
    if (keys.length === 0) return [];
    const rows = await table.byKeys(node, keys);
    for (const row of rows) if (!cursor.fill(row)) cursor.takeExtra(row);
    this.#repeats.remember(rows);
    return rows;
  }

  #toRecords(table: AuditTable, rows: readonly TableRow[]): LogRecord[] {
    const records = rows.flatMap(({ cells }) => this.#reader.pushRow(table.columns, cells));
    this.#product = records.findLast(({ product }) => product !== undefined)?.product ?? this.#product;
    return records;
  }

  /** What the agent refuses is no fault of the database. */
  async #hand(taken: Promise<void>): Promise<void> {
    await taken.catch((cause: unknown) => {
      throw new Ended('the agent ends', { cause });
    });
  }

  /** Before the first row there is nothing to go on from. */
  #withEvidence(position: NodePosition | null): Position {
    return position && withEvidence(position, this.#reader.resume);
  }

  #note(message: string): void {
    this.#context.note(`node ${JSON.stringify(this.node)}: ${message}`);
  }
}

/** Name of the stream of a node. */
export function streamOf(node: string): string {
  return `node:${node}`;
}

/** How many of the rows make a page that is not too big; one at least. */
function fitting(sizes: readonly { readonly bytes: number }[]): number {
  let bytes = 0;
  const tooMany = sizes.findIndex((size) => {
    bytes += size.bytes;
    return bytes > PAGE_BYTES;
  });
  return tooMany === -1 ? sizes.length : Math.max(tooMany, 1);
}
