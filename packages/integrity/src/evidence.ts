import type {
  Evidence,
  EvidenceFinding,
  EvidenceVerdict,
  FieldValue,
  Frame,
  InputName,
  Recognition,
  SavedState,
} from '@cryptrail/mapper';
import { createFileFollower, type FileFollower, type FollowedFinding } from './acra/follow.ts';
import { type ChainSnapshot, readSnapshot } from './acra/snapshot.ts';
import { readAuditRow } from './cesecore/read-row.ts';
import { type AuditRow, holdsSeparator } from './cesecore/row.ts';
import { checkRow, type ProtectionKeys, type RowVerdict } from './cesecore/row-protection.ts';
import { checkSequences, type NodeSequences, type SequencedRow } from './cesecore/sequences.ts';
import { groupBy } from './group-by.ts';
import type { HashPort } from './hash-port.ts';

/** Keys of the products whose evidence is verified; a product without them is left alone. */
export interface EvidenceOptions {
  readonly hash: HashPort;
  /** Audit log keys. */
  readonly acra?: { readonly keys: readonly Uint8Array[] };
  /**
   * Keys of the row protection; with none, numbers are looked at all the same. `numbers`: looks for gaps when all has been read; default true. An
   * agent that never has all leaves that to its source.
   */
  readonly cesecore?: { readonly keys: ProtectionKeys; readonly numbers?: boolean };
}

const NOTHING: EvidenceVerdict = { findings: [] };
/** Numbers of rows that are held to look for gaps at the end; beyond that the numbers are no longer looked at, and that is said. */
const MAX_ROWS = 2_000_000;
/** Findings of one kind and node that are told one by one. */
const MAX_FINDINGS = 1000;
const encoder = new TextEncoder();

/** The verifier that plugs into a pipeline: `cryptrail.integrity.status` on each record of a product, and events where something does not hold. */
export function createEvidence(options: EvidenceOptions): Evidence {
  const chain = options.acra && acraEvidence(options.acra.keys, options.hash);
  const table = options.cesecore && cesecoreEvidence(options.cesecore, options.hash);
  return {
    check(frame, recognition, input) {
      const product = recognition?.product.id;
      // A signed line that could not be read belongs to the chain all the same.
      if (chain && (product === 'acra' || product === undefined))
        return chain.check(frame, input, product !== undefined);
      return table && recognition && product === 'cesecore' ? table.check(recognition) : NOTHING;
    },
    finish: () => [...(chain?.finish() ?? []), ...(table?.finish() ?? [])],
    snapshot: (input) => chain?.snapshot(input),
    resume: (input, snapshot) => chain?.resume(input, snapshot),
  };
}

/** Files whose chains are followed at a time; beyond that the one that was read longest ago is given up. */
const MAX_FILES = 4096;
/** Files in which the beginning of a chain is looked for that goes on in another. */
const MAX_DONORS = 64;
/** First lines of chains that a snapshot remembers: it is saved often. */
const SNAPSHOT_FIRSTS = 16;

function acraEvidence(keys: readonly Uint8Array[], hash: HashPort) {
  /** The one that was read last stands last. */
  const followers = new Map<InputName, FileFollower>();
  const firsts = new Set<string>();
  const left: FollowedFinding[] = [];

  function* latest(): Generator<FileFollower> {
    yield* [...followers.values()].reverse().slice(0, MAX_DONORS);
  }

  function open(input: InputName, resume?: ChainSnapshot): FileFollower {
    const follower = createFileFollower({ keys, hash, resume, firsts, others: latest });
    followers.set(input, follower);
    const [oldest] = followers;
    if (followers.size > MAX_FILES && oldest) {
      left.push(...oldest[1].end());
      followers.delete(oldest[0]);
    }
    return follower;
  }

  function followerOf(input: InputName): FileFollower {
    const known = followers.get(input);
    if (!known) return open(input);
    if (known !== recent) {
      followers.delete(input);
      followers.set(input, known);
    }
    return known;
  }

  let recent: FileFollower | undefined;
  return {
    check(frame: Frame, input: InputName, known: boolean): EvidenceVerdict {
      const line = frame.bytes && !frame.unwrapped ? frame.bytes : encoder.encode(frame.text);
      recent = followerOf(input);
      const { status, findings } = recent.line(line);
      return { ...(known ? { status } : {}), findings: findings.map(chainFinding) };
    },
    finish: () => [...left, ...[...followers.values()].flatMap((one) => one.end())].map(chainFinding),
    snapshot(input: InputName): SavedState | undefined {
      const snapshot = followers.get(input)?.snapshot(SNAPSHOT_FIRSTS);
      return snapshot && { ...snapshot, chain: null };
    },
    resume(input: InputName, state: SavedState): void {
      const read = readSnapshot(state);
      if (!read) return;
      // The input may have been read before in this run, and closed in between: it is the same chain.
      for (const follower of latest()) if (follower.stands(read)) follower.release();
      open(input, read);
    },
  };
}

const CHAIN_MESSAGES: Readonly<Record<FollowedFinding['kind'], string>> = {
  chain_broken: 'The value of this line does not fit: it, or what stands before it, was changed, or no key fits.',
  chain_start_missing: 'The log begins in the middle of a chain, which cannot be checked.',
  chain_repeated: 'This chain begins like an earlier one: it was copied, or read twice.',
  chain_out_of_order: 'This chain is older than the one before it.',
  chain_unfinished: 'A chain has no end mark: the service was killed, still runs, or lines were cut off.',
  unsigned_line_in_chain: 'Lines without a value stand before this one, inside a chain: they may have been put in.',
};

function chainFinding(found: FollowedFinding): EvidenceFinding {
  return finding(found.kind, CHAIN_MESSAGES[found.kind], {
    product: 'acra',
    reason: 'reason' in found ? found.reason : undefined,
    count: 'count' in found ? found.count : undefined,
  });
}

const STATUS: Readonly<Record<RowVerdict, string>> = {
  ok: 'verified',
  bad: 'failed',
  algorithm_mismatch: 'failed',
  malformed: 'failed',
  unprotected: 'unsigned',
  unknown_key: 'no_key',
};

interface SeenRow extends SequencedRow {
  readonly protection: boolean;
}

function cesecoreEvidence({ keys, numbers = true }: NonNullable<EvidenceOptions['cesecore']>, hash: HashPort) {
  const seen = new Map<string, SeenRow>();
  let unseen = 0;

  function remember({ pk, nodeId, sequenceNumber, timeStamp, rowProtection }: AuditRow): void {
    if (!numbers) return;
    if (seen.size < MAX_ROWS)
      seen.set(pk, { pk, nodeId, sequenceNumber, timeStamp, protection: rowProtection !== null });
    else unseen += 1;
  }

  function check(recognition: Recognition): EvidenceVerdict {
    if (recognition.format.decoder !== 'row') return { status: 'unsigned', findings: [] };
    const row = readAuditRow(recognition);
    if (!row)
      return {
        status: 'failed',
        findings: [finding('row_bad', 'This row has no number or time.', { product: 'cesecore', reason: 'malformed' })],
      };
    const before = seen.get(row.pk);
    remember(row);
    const verdict = checkRow(row, keys, hash);
    // Keys whose check is a promise are not for a pipeline, which waits for nothing.
    if (typeof verdict !== 'string') return { status: 'no_key', findings: [] };
    return { status: STATUS[verdict], findings: [...rowFindings(row, verdict), ...copyFindings(row, before)] };
  }

  return {
    check,
    finish(): EvidenceFinding[] {
      const nodes = groupBy(seen.values(), ({ nodeId }) => nodeId);
      const left =
        unseen === 0
          ? []
          : [
              finding('sequence_gap', `${unseen} rows beyond the first ${MAX_ROWS} were not looked at for gaps.`, {
                product: 'cesecore',
                count: unseen,
              }),
            ];
      return [...[...nodes].flatMap(([node, rows]) => nodeFindings(node, rows)), ...left];
    },
  };
}

function rowFindings(row: AuditRow, verdict: RowVerdict): EvidenceFinding[] {
  const place = rowPlace(row);
  const findings: EvidenceFinding[] = [];
  if (STATUS[verdict] === 'failed')
    findings.push(finding('row_bad', 'The protection of this row does not fit it.', { ...place, reason: verdict }));
  if (holdsSeparator(row))
    findings.push(
      finding('separator_in_value', 'A value of this row holds the separator of the protected text.', place),
    );
  return findings;
}

function copyFindings(row: AuditRow, before: SeenRow | undefined): EvidenceFinding[] {
  if (
    !before ||
    (before.sequenceNumber === row.sequenceNumber && before.nodeId === row.nodeId && before.timeStamp === row.timeStamp)
  )
    return [];
  return [
    finding('conflicting_copy', 'Another row had this key before, with another number, node or time.', rowPlace(row)),
  ];
}

function rowPlace({ nodeId, sequenceNumber, pk }: SequencedRow) {
  return { product: 'cesecore', node: nodeId, sequence: sequenceNumber, record: pk };
}

function nodeFindings(node: string, rows: readonly SeenRow[]): EvidenceFinding[] {
  const { gaps, duplicates, resets, clock_steps: steps } = checkSequences(rows);
  return [
    ...gaps.slice(0, MAX_FINDINGS).map((gap) => gapFinding(node, gap)),
    ...duplicates.slice(0, MAX_FINDINGS).map(({ sequence, pks }) =>
      finding('duplicate_sequence', `${pks.length} rows have the number ${sequence}.`, {
        product: 'cesecore',
        node,
        sequence,
        count: pks.length,
      }),
    ),
    ...resets.map(({ sequence }) =>
      finding('sequence_reset', `The numbers begin anew at ${sequence}, while the time goes on.`, {
        product: 'cesecore',
        node,
        sequence,
      }),
    ),
    ...steps.slice(0, MAX_FINDINGS).map(({ sequence, pk, back_ms: back }) =>
      finding('clock_step', `The time of row ${sequence} is ${back} ms before that of the row before it.`, {
        product: 'cesecore',
        node,
        sequence,
        record: pk,
      }),
    ),
    ...removedProtections(rows),
  ];
}

function gapFinding(node: string, { from, to }: NodeSequences['gaps'][number]): EvidenceFinding {
  const count = to - from + 1n;
  const message = count === 1n ? `The number ${from} is missing.` : `The numbers ${from} to ${to} are missing.`;
  return finding('sequence_gap', message, { product: 'cesecore', node, sequence: from, last_sequence: to, count });
}

/** Rows without protection behind the first that has one; what is older may be from before it was switched on. */
function removedProtections(rows: readonly SeenRow[]): EvidenceFinding[] {
  const first = rows.reduce<bigint | undefined>(
    (least, { protection, timeStamp }) =>
      protection && (least === undefined || timeStamp < least) ? timeStamp : least,
    undefined,
  );
  return rows
    .filter(({ protection, timeStamp }) => first !== undefined && !protection && timeStamp > first)
    .slice(0, MAX_FINDINGS)
    .map((row) =>
      finding('row_unprotected', 'This row has no protection although a row before it has one.', rowPlace(row)),
    );
}

function finding(
  kind: string,
  message: string,
  values: Readonly<Record<string, string | number | bigint | undefined>>,
): EvidenceFinding {
  const fields = new Map<string, FieldValue>();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined)
      fields.set(name, { kind: typeof value === 'string' ? 'string' : 'int', text: String(value) });
  return { event: `cryptrail.integrity.${kind}`, message, fields };
}
