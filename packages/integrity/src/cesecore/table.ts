import { groupBy } from '../group-by.ts';
import type { HashPort } from '../hash-port.ts';
import type { Finding, FindingClass } from './finding.ts';
import { type DeviceError, gapFindings, type WritingDevice } from './gap-causes.ts';
import { type ComparedEvent, compareLogAndTable } from './log-against-table.ts';
import { type OfficialElement, officialWalk } from './official.ts';
import { type AuditRow, holdsSeparator, protectedText } from './row.ts';
import { checkRow, type ProtectionKeys, type RowVerdict } from './row-protection.ts';
import { bySequence, checkSequences, type NodeSequences } from './sequences.ts';

const encoder = new TextEncoder();

/** The result of verifying a table; names as the command line prints them. */
export interface TableVerdict {
  readonly ok: boolean;
  readonly rows: number;
  readonly protection: Readonly<Record<RowVerdict, number>>;
  readonly bad_rows: readonly {
    readonly pk: string;
    readonly node: string;
    readonly sequence: bigint;
    readonly verdict: RowVerdict;
  }[];
  readonly nodes: Readonly<Record<string, NodeSequences>>;
  readonly log_only: readonly { readonly node: string; readonly time: string; readonly event: string }[];
  readonly table_only: readonly { readonly node: string; readonly sequence: bigint; readonly pk: string }[];
  readonly findings: readonly Finding[];
  readonly official: readonly OfficialElement[];
  /** Rows whose content is not there any more, e.g. redacted; only when there are such rows, which are in none of the counts of `protection`. */
  readonly not_verifiable?: readonly { readonly pk: string; readonly node: string; readonly sequence: bigint }[];
}

/** Where a row stands in its table. */
export type RowPlace = Pick<AuditRow, 'pk' | 'nodeId' | 'sequenceNumber' | 'timeStamp'>;

/** A row with what its log line would say. */
export interface TableRow extends AuditRow {
  readonly compared: ComparedEvent;
}

/** Events of one log, with the node they are of. */
export interface NodeLog {
  readonly node: string;
  readonly events: readonly ComparedEvent[];
  /** Errors of the database and the HSM that the same log tells of. */
  readonly errors?: readonly DeviceError[];
}

/** Collects rows, in any order and from overlapping pages, and gives the verdict on all of them. */
export interface TableVerifier {
  /** Adds a row; one that is there already (same pk, same content) is passed over. A promise for signatures that are checked so. */
  add(row: TableRow): Promise<void> | undefined;
  /** Adds a row of which only the place is known: its number counts, its protection cannot be checked. */
  addPlace(row: RowPlace): void;
  /** Counts a row that could not be read, and so could not be checked. */
  unreadable(): void;
  /** Highest number of each node so far, to be remembered for the next run. */
  highest(): Map<string, bigint>;
  /** The node whose rows most of these events of one log tell of; undefined when no node has more than half, or two have as many. */
  nodeOf(events: readonly ComparedEvent[]): string | undefined;
  /**
   * @param remembered Highest numbers of an earlier run: what is below them and gone is a lost tail.
   * @param device How the product wrote the rows. Default `parallel`, as the products do.
   */
  end(logs: readonly NodeLog[], remembered: ReadonlyMap<string, bigint>, device?: WritingDevice): TableVerdict;
}

/** What is kept of a row: its number, time and verdict, and what its log line would say. */
interface KeptRow {
  readonly pk: string;
  readonly nodeId: string;
  readonly sequenceNumber: bigint;
  readonly timeStamp: bigint;
  readonly verdict: RowVerdict | 'not_verifiable';
  readonly compared: ComparedEvent;
  readonly separator: boolean;
  readonly content: string;
}

/** Creates a verifier. Without keys no signature is checked, and the walk of the vendor's tool looks at numbers only. */
export function createTableVerifier(keys: ProtectionKeys, hash: HashPort): TableVerifier {
  const rows = new Map<string, KeptRow>();
  const findings: Finding[] = [];
  let unreadable = 0;

  function keep(row: TableRow, content: string, verdict: RowVerdict): undefined {
    const { pk, nodeId, sequenceNumber, timeStamp, compared } = row;
    rows.set(pk, { pk, nodeId, sequenceNumber, timeStamp, verdict, compared, separator: holdsSeparator(row), content });
  }

  return {
    add(row) {
      const content = contentHash(row, hash);
      const before = rows.get(row.pk);
      if (before) {
        if (before.content !== content) {
          findings.push({
            class: 'conflicting_copy',
            node: row.nodeId,
            sequence: row.sequenceNumber,
            pk: row.pk,
            message: 'two pages hold this row with different content',
          });
        }
        return undefined;
      }
      const verdict = checkRow(row, keys, hash);
      if (typeof verdict !== 'string') return verdict.then((settled) => keep(row, content, settled));
      return keep(row, content, verdict);
    },
    addPlace(row) {
      if (rows.has(row.pk)) return;
      const { pk, nodeId, sequenceNumber, timeStamp } = row;
      const compared = { ...NOTHING_TO_COMPARE, timeMillis: Number(timeStamp) };
      const place = { pk, nodeId, sequenceNumber, timeStamp, compared, separator: false, content: '' };
      rows.set(pk, { ...place, verdict: 'not_verifiable' });
    },
    unreadable() {
      unreadable += 1;
    },
    highest() {
      const highest = new Map<string, bigint>();
      for (const { nodeId, sequenceNumber } of rows.values()) {
        if (sequenceNumber > (highest.get(nodeId) ?? -1n)) highest.set(nodeId, sequenceNumber);
      }
      return highest;
    },
    nodeOf: (events) =>
      likeliestNode(
        events,
        groupBy(rows.values(), ({ nodeId }) => nodeId),
      ),
    end(logs, remembered, device = 'parallel') {
      if (unreadable > 0)
        findings.push({
          class: 'unreadable_row',
          node: '',
          message: `${unreadable} rows could not be read: they have no number or time, or break off, and were not checked`,
        });
      return judge(
        groupBy(rows.values(), ({ nodeId }) => nodeId),
        rows.size,
        logs,
        remembered,
        findings,
        keys.size > 0,
        device,
      );
    },
  };
}

const NOTHING_TO_COMPARE = { incomplete: true, event: '', status: null, admin: null, ids: [], details: new Map() };

/** A short fingerprint of what a copy of the row must repeat: all that is protected, and the protection. NULL and the empty text count as one, because some exports cannot tell them apart. */
function contentHash(row: AuditRow, hash: HashPort): string {
  const text = `${protectedText(row)}\n${row.rowProtection ?? ''}`;
  return String.fromCharCode(...hash.sha256(encoder.encode(text)).subarray(0, 16));
}

function judge(
  nodes: ReadonlyMap<string, KeptRow[]>,
  total: number,
  logs: readonly NodeLog[],
  remembered: ReadonlyMap<string, bigint>,
  before: readonly Finding[],
  keyed: boolean,
  device: WritingDevice,
): TableVerdict {
  const protection: Record<RowVerdict, number> = {
    ok: 0,
    bad: 0,
    unprotected: 0,
    unknown_key: 0,
    algorithm_mismatch: 0,
    malformed: 0,
  };
  const badRows: TableVerdict['bad_rows'][number][] = [];
  const notVerifiable: NonNullable<TableVerdict['not_verifiable']>[number][] = [];
  const sequences = new Map<string, NodeSequences>();
  const findings: Finding[] = [...before];
  const official: OfficialElement[] = [];
  for (const [node, list] of [...nodes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    list.sort(bySequence);
    for (const row of list) {
      if (row.verdict === 'not_verifiable') notVerifiable.push({ pk: row.pk, node, sequence: row.sequenceNumber });
      else protection[row.verdict] += 1;
      if (row.verdict !== 'ok' && row.verdict !== 'not_verifiable')
        badRows.push({ pk: row.pk, node, sequence: row.sequenceNumber, verdict: row.verdict });
    }
    const found = checkSequences(list);
    sequences.set(node, found);
    findings.push(
      ...rowFindings(node, list),
      ...sequenceFindings(node, found, list),
      ...tailFindings(node, found, remembered),
      ...gapFindings(
        node,
        found.gaps,
        list,
        logs.find((log) => log.node === node),
        device,
      ),
    );
    official.push(
      ...officialWalk(
        node,
        list.map((row) => ({ ...row, verdict: keyed ? checkedVerdict(row) : 'ok' })),
      ),
    );
  }
  for (const [node, highest] of remembered) {
    if (!nodes.has(node))
      findings.push({
        class: 'lost_tail',
        node,
        sequence: highest,
        message: `all rows of this node are gone; ${highest} was the highest number before`,
      });
  }
  const compared = logs.map((log) => compareNode(log, nodes.get(log.node) ?? [], sequences.get(log.node)));
  findings.push(...compared.flatMap((one) => one.findings));
  const logOnly = compared.flatMap((one) => one.logOnly);
  const tableOnly = compared.flatMap((one) => one.tableOnly);
  const numbered = [...sequences.values()];
  const broken =
    badRows.some(({ verdict }) => keyed && verdict !== 'unprotected') ||
    numbered.some(({ gaps, duplicates, resets }) => gaps.length + duplicates.length + resets.length > 0) ||
    findings.some(({ class: kind }) => !REMARKS.has(kind)) ||
    logOnly.length + tableOnly.length > 0;
  return {
    ok: !broken,
    rows: total,
    protection,
    bad_rows: badRows,
    nodes: Object.fromEntries(sequences),
    log_only: logOnly,
    table_only: tableOnly,
    findings,
    official,
    ...(notVerifiable.length === 0 ? {} : { not_verifiable: notVerifiable }),
  };
}

/** What is not known to be wrong counts as right. */
function checkedVerdict({ verdict }: KeptRow): RowVerdict {
  return verdict === 'not_verifiable' ? 'ok' : verdict;
}

/** Findings that alone are no break. */
const REMARKS: ReadonlySet<FindingClass> = new Set(['unprotected_rows', 'log_line_incomplete', 'gap_explained']);

/** Rows that give themselves away: the separator inside a value, and a protection that is gone beside neighbours that have theirs. */
function rowFindings(node: string, rows: readonly KeptRow[]): Finding[] {
  const findings: Finding[] = [];
  const firstProtected = rows
    .filter(({ verdict }) => verdict !== 'unprotected')
    .reduce<bigint | undefined>(
      (least, { timeStamp }) => (least === undefined || timeStamp < least ? timeStamp : least),
      undefined,
    );
  let early = 0;
  for (const row of rows) {
    const at = { node, sequence: row.sequenceNumber, pk: row.pk };
    if (row.separator)
      findings.push({
        class: 'separator_in_value',
        ...at,
        message:
          'a value holds the separator of the protected text: text may have moved between columns, which no protection shows',
      });
    if (row.verdict !== 'unprotected' || firstProtected === undefined) continue;
    if (row.timeStamp > firstProtected)
      findings.push({
        class: 'protection_removed',
        ...at,
        message: 'this row has no protection although rows before it have one',
      });
    else early += 1;
  }
  if (early > 0)
    findings.push({
      class: 'unprotected_rows',
      node,
      message: `${early} rows are from before the protection was switched on`,
    });
  return findings;
}

function sequenceFindings(node: string, { resets, duplicates }: NodeSequences, rows: readonly KeptRow[]): Finding[] {
  const findings: Finding[] = resets.map(({ sequence }) => ({
    class: 'sequence_reset',
    node,
    sequence,
    message:
      'reset: the numbers begin anew here while the time goes on: the rows before were deleted at some time, or the counter was',
  }));
  if (resets.length > 0) return findings;
  for (const { sequence, pks } of duplicates) {
    const [, pk] = pks;
    findings.push({
      class: 'twin_node',
      node,
      sequence,
      ...(pk === undefined ? {} : { pk }),
      message: `twin: ${pks.length} rows of this node have this number: two servers write under one node id, or a row was copied`,
    });
  }
  return rows.length === 0 ? [] : findings;
}

function tailFindings(node: string, { max }: NodeSequences, remembered: ReadonlyMap<string, bigint>): Finding[] {
  const before = remembered.get(node);
  if (before === undefined || before <= max) return [];
  return [
    {
      class: 'lost_tail',
      node,
      sequence: before,
      message: `the highest number is ${max}, and ${before} was there before: the last rows were deleted`,
    },
  ];
}

function likeliestNode(
  events: readonly ComparedEvent[],
  nodes: ReadonlyMap<string, readonly KeptRow[]>,
): string | undefined {
  const found = [...nodes].map(([node, rows]) => {
    const { lines, logOnly, differing } = compareWithRows(events, rows);
    return { node, told: lines.length - logOnly.length - differing.length, whole: lines.length };
  });
  const [first, second] = found.sort((a, b) => b.told - a.told);
  if (!first || first.told * 2 <= first.whole || first.told === second?.told) return undefined;
  return first.node;
}

function compareWithRows(events: readonly ComparedEvent[], rows: readonly KeptRow[]) {
  const comparable = rows.map((row) => ({
    ...row.compared,
    pk: row.pk,
    sequence: row.sequenceNumber,
    verdict: checkedVerdict(row),
  }));
  const { kept, outliers } = withoutOutliers(events.filter(({ incomplete }) => !incomplete));
  const lines = kept.sort((a, b) => a.timeMillis - b.timeMillis);
  return { lines, outliers, ...compareLogAndTable(lines, comparable) };
}

function compareNode({ node, events }: NodeLog, rows: readonly KeptRow[], numbers: NodeSequences | undefined) {
  const { outliers, logOnly, tableOnly, differing } = compareWithRows(events, rows);
  const findings: Finding[] = differing.map(({ row }) => ({
    class: 'row_differs_from_log',
    node,
    sequence: row.sequence,
    pk: row.pk,
    message: 'the log tells this event otherwise',
  }));
  for (const { timeMillis, event } of outliers) {
    const message = `a line of ${event} says ${new Date(timeMillis).toISOString()}, and the lines before and behind it are much older: it may be forged`;
    findings.push({ class: 'log_line_out_of_order', node, message });
  }
  const incomplete = events.filter((event) => event.incomplete).length;
  if (incomplete > 0)
    findings.push({
      class: 'log_line_incomplete',
      node,
      message: `${incomplete} lines of the log are cut or have no time, and were not compared`,
    });
  const missing = (numbers?.gaps ?? []).reduce((sum, { from, to }) => sum + to - from + 1n, 0n);
  const unexplained = BigInt(logOnly.length) - missing;
  if (unexplained > 0n) {
    findings.push({
      class: 'lost_tail',
      node,
      message: `${logOnly.length} lines of the log have no row, and only ${missing} numbers are missing: the last rows before a restart were deleted and their numbers used again`,
    });
  }
  return {
    findings,
    logOnly: logOnly.map(({ timeMillis, event }) => ({ node, time: new Date(timeMillis).toISOString(), event })),
    tableOnly: tableOnly.map(({ sequence, pk }) => ({ node, sequence, pk })),
  };
}

/** A single line that is more than this ahead of both its neighbours was not written between them. */
const OUTLIER_MILLIS = 60_000;

function withoutOutliers(events: readonly ComparedEvent[]): { kept: ComparedEvent[]; outliers: ComparedEvent[] } {
  const kept: ComparedEvent[] = [];
  const outliers: ComparedEvent[] = [];
  for (const [index, event] of events.entries()) {
    const before = kept.at(-1);
    const after = events[index + 1];
    const ahead = before && after && event.timeMillis - Math.max(before.timeMillis, after.timeMillis) > OUTLIER_MILLIS;
    (ahead ? outliers : kept).push(event);
  }
  return { kept, outliers };
}
