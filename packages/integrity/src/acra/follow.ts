import { toHex } from '../bytes.ts';
import type { HashPort } from '../hash-port.ts';
import { beginChain, type Ratchet, turn } from './ratchet.ts';
import { detectFormat, readEntry, type SignedEntry } from './read-entry.ts';
import { type ChainSnapshot, latestFirsts, ratchetOf, ratchetText } from './snapshot.ts';

/** What a line of a log that is being followed turned out to be. */
export type FollowedStatus =
  /** Its value fits the line and all before it. */
  | 'verified'
  /** Its value does not fit. */
  | 'failed'
  /** It carries no value. */
  | 'unsigned'
  /** It carries one, but what came before is not known: it cannot be checked. */
  | 'unanchored'
  /** There is no key. */
  | 'no_key';

/** What following a log gives away. */
export type FollowedFinding =
  | { readonly kind: 'chain_broken'; readonly reason: 'does_not_fit' | 'no_hex' }
  | { readonly kind: 'chain_start_missing' | 'chain_repeated' | 'chain_out_of_order' }
  | { readonly kind: 'chain_unfinished'; readonly reason: 'new_chain' | 'input_ended' }
  | { readonly kind: 'unsigned_line_in_chain'; readonly count: number };

/** A line's status, and what it gave away. */
export interface Followed {
  readonly status: FollowedStatus;
  readonly findings: readonly FollowedFinding[];
}

/** Follows the chain of a log line by line, for as long as it goes on. Unlike the official verifier it goes on behind a break: at the next start of a chain it is sure again. */
export interface ChainFollower {
  line(line: Uint8Array): Followed;
  /** No more lines for now. */
  end(): readonly FollowedFinding[];
  /** Where the follower stands; with only the latest `firsts` first lines, if so many. A secret, see {@link ChainSnapshot}. */
  snapshot(firsts?: number): ChainSnapshot;
}

/** A follower that others can take a chain over from: a chain goes over several files when they are rotated. */
export interface FileFollower extends ChainFollower {
  /** Where its chain stands, with the unsigned lines behind it; undefined when there is none, or another file has it now. */
  readonly held: HeldChain | undefined;
  /** Its chain goes on in another file: it says nothing more of it. */
  release(): void;
  /** Whether it stands where a snapshot was taken. */
  stands(at: ChainSnapshot): boolean;
}

/** A chain at the end of what was read of a file. */
export interface HeldChain {
  readonly ratchet: Ratchet;
  readonly unsigned: number;
  readonly latest: number | undefined;
}

/** What followers of several files share. */
export interface FollowerOptions {
  readonly keys: readonly Uint8Array[];
  readonly hash: HashPort;
  readonly resume?: ChainSnapshot | undefined;
  /** First lines of chains seen in any of the files, to see a chain that was copied. */
  readonly firsts?: Set<string>;
  /** Followers whose chain may go on in this file, the likeliest first. */
  readonly others?: () => Iterable<FileFollower>;
}

/** First lines of chains remembered, to see a chain that was copied. */
const MAX_FIRSTS = 100_000;
const NOTHING: readonly FollowedFinding[] = [];

/** Creates a follower for one log, or for files of it in the order of writing. */
export function createChainFollower(
  keys: readonly Uint8Array[],
  hash: HashPort,
  resume?: ChainSnapshot,
): ChainFollower {
  return createFileFollower({ keys, hash, resume });
}

/** Creates a follower for one of several files. A file that begins in the middle of a chain goes on with the chain of another that fits. */
export function createFileFollower(options: FollowerOptions): FileFollower {
  const { keys, hash, resume, firsts = new Set<string>(), others = () => [] } = options;
  let ratchet: Ratchet | undefined = resume && ratchetOf(resume);
  let ended = resume?.ended ?? true;
  let latest = resume?.latest ?? undefined;
  let told = ratchet !== undefined;
  let unsigned = 0;
  for (const first of resume?.firsts ?? []) firsts.add(first);

  function broken(reason: 'does_not_fit' | 'no_hex', before: readonly FollowedFinding[] = NOTHING): Followed {
    ratchet = undefined;
    ended = true;
    told = true;
    unsigned = 0;
    return { status: 'failed', findings: [...before, { kind: 'chain_broken', reason }] };
  }

  function begins(entry: SignedEntry): Followed {
    const findings: FollowedFinding[] = [];
    if (ratchet && !ended) findings.push({ kind: 'chain_unfinished', reason: 'new_chain' });
    const begun = beginChain(keys, entry, hash);
    if (!begun) return broken('does_not_fit', findings);
    const id = toHex(entry.integrity);
    const time = entry.time();
    if (firsts.has(id)) findings.push({ kind: 'chain_repeated' });
    else if (firsts.size < MAX_FIRSTS) firsts.add(id);
    if (latest !== undefined && time !== undefined && time < latest) findings.push({ kind: 'chain_out_of_order' });
    latest = time ?? latest;
    return fits(begun.ratchet, entry, findings);
  }

  function goesOn(from: Ratchet, entry: SignedEntry): Followed {
    const next = turn(from, entry, hash);
    if (!next) return broken('does_not_fit');
    return fits(next, entry, unsigned === 0 ? NOTHING : [{ kind: 'unsigned_line_in_chain', count: unsigned }]);
  }

  function fits(next: Ratchet, entry: SignedEntry, findings: readonly FollowedFinding[]): Followed {
    ratchet = next;
    ended = entry.last;
    unsigned = 0;
    told = true;
    return { status: 'verified', findings };
  }

  /** A signed line in the middle of a chain whose beginning is not known. */
  function unanchored(entry: SignedEntry): Followed {
    // A first line whose mark was taken off is still the first line: that of a log that was never read.
    const begun = told ? undefined : beginChain(keys, entry, hash);
    if (begun) return fits(begun.ratchet, entry, NOTHING);
    for (const other of told ? [] : others()) {
      const { held } = other;
      const next = held && turn(held.ratchet, entry, hash);
      if (!held || !next) continue;
      other.release();
      latest = held.latest;
      const count = held.unsigned + unsigned;
      return fits(next, entry, count === 0 ? NOTHING : [{ kind: 'unsigned_line_in_chain', count }]);
    }
    const findings: readonly FollowedFinding[] = told ? NOTHING : [{ kind: 'chain_start_missing' }];
    told = true;
    return { status: 'unanchored', findings };
  }

  return {
    line(line) {
      const entry = readEntry(line, detectFormat(line));
      if (entry.kind === 'empty') return { status: 'unsigned', findings: NOTHING };
      // A line that is no JSON carries no value; whether it belongs there the next signed line tells.
      if (entry.kind === 'unsigned' || (entry.kind === 'refused' && entry.class === 'unreadable_line')) {
        unsigned += 1;
        return { status: 'unsigned', findings: NOTHING };
      }
      if (keys.length === 0) return { status: 'no_key', findings: NOTHING };
      if (entry.kind === 'refused') return broken('no_hex');
      if (entry.first) return begins(entry);
      return ratchet ? goesOn(ratchet, entry) : unanchored(entry);
    },
    end: () => (ratchet && !ended ? [{ kind: 'chain_unfinished', reason: 'input_ended' }] : NOTHING),
    get held() {
      return ratchet && { ratchet, unsigned, latest };
    },
    release() {
      ratchet = undefined;
      ended = true;
    },
    stands: (at) =>
      ratchet !== undefined &&
      at.ratchet !== null &&
      ratchetText(ratchet).key === at.ratchet.key &&
      ratchetText(ratchet).previous === at.ratchet.previous,
    snapshot: (most) => ({
      version: 1,
      ratchet: ratchet ? ratchetText(ratchet) : null,
      ended,
      chain: null,
      latest: latest ?? null,
      firsts: latestFirsts(firsts, most),
    }),
  };
}
