import { toHex } from '../bytes.ts';
import type { HashPort } from '../hash-port.ts';
import { fold, NOTHING_FOLDED } from './fold.ts';
import type { SealSegment } from './seal-line.ts';

/** What stands for a record: its hash, and its keyed digest; undefined for what is not to be had (redacted, not exported). */
export interface Leaf {
  readonly plain: Uint8Array | undefined;
  readonly keyed: Uint8Array | undefined;
}

/** What became of a segment: `altered` has as many records as before, `missing` fewer, `inserted` more. */
export type BrokenKind = 'altered' | 'missing' | 'inserted';

/** A segment that is not what was sealed. */
export interface BrokenSegment {
  readonly segment: number;
  readonly class: BrokenKind;
  readonly from: SealSegment['from'];
  readonly to: SealSegment['to'];
  readonly expected: number;
  readonly found: number;
}

/** What a stream turned out to be. */
export interface StreamVerdict {
  readonly segments: number;
  /** Records that were sealed. */
  readonly records: number;
  readonly verified: number;
  readonly broken: readonly BrokenSegment[];
  /** Numbers of segments of which records are not to be had. */
  readonly not_verifiable: readonly number[];
  /** Records behind the last segment: they came later, or were put in. */
  readonly unsealed: number;
}

/** Compares the records of one stream with its segments. */
export interface StreamMatcher {
  add(leaf: Leaf): void;
  end(): StreamVerdict;
}

/** Segments behind a broken one of which the beginning is looked for. */
const LOOK_AHEAD = 3;
/** Records beyond the expected ones that are held to find it. */
const SLACK = 2000;
/** Hashes that may be spent on finding beginnings, in one stream: beyond that segments are taken by their count. */
const MAX_WORK = 10_000_000;

/**
 * Compares in one pass; holds the records of a few segments. Behind a broken segment the beginning of the next whole one is looked for, so that one
 * record that is altered, missing or put in breaks one segment and no more.
 */
export function createStreamMatcher(segments: readonly SealSegment[], hash: HashPort): StreamMatcher {
  const broken: BrokenSegment[] = [];
  const notVerifiable: number[] = [];
  let verified = 0;
  let at = 0;
  let work = 0;
  let unsealed = 0;
  let held: Leaf[] = [];

  /** undefined: cannot be told. */
  function fits(segment: SealSegment, from: number): boolean | undefined {
    const leaves = held.slice(from, from + segment.records);
    if (leaves.length < segment.records) return false;
    work += leaves.length;
    const plain = folded(
      leaves.map((leaf) => leaf.plain),
      hash,
    );
    if (plain !== undefined) return plain === segment.digest;
    const keyed =
      segment.keyed_digest === undefined
        ? undefined
        : folded(
            leaves.map((leaf) => leaf.keyed),
            hash,
          );
    return keyed === undefined ? undefined : keyed === segment.keyed_digest;
  }

  /** How many records stand where a broken segment was: up to the beginning of the nearest whole one behind it. */
  function span(): number {
    const expected = segments[at]?.records ?? 0;
    const next = segments.slice(at + 1, at + 1 + LOOK_AHEAD);
    // Where the segments would begin if only the first were longer or shorter: the smallest difference first.
    for (let shift = 0; shift <= Math.max(expected, SLACK) && work < MAX_WORK; shift += 1) {
      for (const difference of shift === 0 ? [0] : [-shift, shift]) {
        let from = expected + difference;
        for (const segment of next) {
          if (from >= 0 && from + segment.records <= held.length && fits(segment, from))
            return Math.max(0, from - skipped(segment));
          from += segment.records;
        }
      }
    }
    return Math.min(expected, held.length);
  }

  /** Records of the segments between the broken one and this. */
  function skipped(segment: SealSegment): number {
    const between = segments.slice(at + 1, segments.indexOf(segment));
    return between.reduce((sum, { records }) => sum + records, 0);
  }

  function settle(ended: boolean): void {
    for (let segment = segments[at]; segment; segment = segments[at]) {
      if (held.length < segment.records && !ended) return;
      const verdict = fits(segment, 0);
      let taken = segment.records;
      if (verdict === true) verified += segment.records;
      else if (verdict === undefined) notVerifiable.push(segment.segment);
      else {
        const ahead = segments.slice(at, at + 1 + LOOK_AHEAD).reduce((sum, { records }) => sum + records, SLACK);
        if (held.length < ahead && !ended) return;
        taken = at + 1 < segments.length ? span() : Math.min(segment.records, held.length);
        broken.push(brokenSegment(segment, taken));
      }
      held = held.slice(taken);
      at += 1;
    }
  }

  return {
    add(leaf) {
      if (at >= segments.length) {
        unsealed += 1;
        return;
      }
      held.push(leaf);
      if (held.length % 512 === 0) settle(false);
    },
    end() {
      settle(true);
      return {
        segments: segments.length,
        records: segments.reduce((sum, { records }) => sum + records, 0),
        verified,
        broken,
        not_verifiable: notVerifiable,
        unsealed: unsealed + held.length,
      };
    },
  };
}

function brokenSegment({ segment, records, from, to }: SealSegment, found: number): BrokenSegment {
  const kind = found === records ? 'altered' : found < records ? 'missing' : 'inserted';
  return { segment, class: kind, from, to, expected: records, found };
}

function folded(leaves: readonly (Uint8Array | undefined)[], hash: HashPort): string | undefined {
  let chain = NOTHING_FOLDED;
  for (const leaf of leaves) {
    if (leaf === undefined) return undefined;
    chain = fold(chain, leaf, hash);
  }
  return toHex(chain);
}
