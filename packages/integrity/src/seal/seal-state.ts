import type { SealedPlace } from './seal-line.ts';

/** The segment of a stream that is not closed yet. */
export type OpenSegment = {
  readonly records: number;
  readonly bytes: number;
  readonly from: SealedPlace;
  readonly to: SealedPlace;
  readonly digest: string;
  readonly keyed: string | null;
  /** Milliseconds since 1970 at which it began. */
  readonly since: number;
};

/** Where one stream of a seal stands. */
export type StreamState = {
  readonly segments: number;
  readonly records: number;
  readonly head: string;
  readonly open: OpenSegment | null;
};

/** Where a sealer stands between two records, as plain JSON. No secret: it holds hashes only. */
export interface SealState {
  readonly version: 1;
  /** Lines written so far, and the hash of the last one. */
  readonly lines: number;
  readonly previous: string;
  readonly streams: Readonly<Record<string, StreamState>>;
}

const HEX = /^[0-9a-f]{64}$/;

/** A state of one stream that was read back; undefined for anything else. */
export function readStreamState(value: unknown): StreamState | undefined {
  if (!isObject(value) || !isCount(value.segments) || !isCount(value.records) || !isHash(value.head)) return undefined;
  const { segments, records, head, open } = value;
  if (open === null) return { segments, records, head, open: null };
  if (!isObject(open) || !isCount(open.records) || !isCount(open.bytes) || !isCount(open.since)) return undefined;
  const from = placeOf(open.from);
  const to = placeOf(open.to);
  if (!from || !to || !isHash(open.digest) || !(open.keyed === null || isHash(open.keyed))) return undefined;
  const { bytes, digest, keyed, since } = open;
  return { segments, records, head, open: { records: open.records, bytes, from, to, digest, keyed, since } };
}

function placeOf(value: unknown): SealedPlace | undefined {
  if (!isObject(value) || !isCount(value.number)) return undefined;
  if (value.offset === undefined) return { number: value.number };
  return isCount(value.offset) ? { offset: value.offset, number: value.number } : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && HEX.test(value);
}
