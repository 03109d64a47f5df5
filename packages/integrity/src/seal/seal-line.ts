import { toHex } from '../bytes.ts';
import type { HashPort } from '../hash-port.ts';

/** Where a record stood in its stream. */
export type SealedPlace = {
  readonly offset?: number;
  readonly number: number;
};

/** The first line of a seal, and of each run that goes on with it. */
export interface SealBegin {
  readonly type: 'begin';
  readonly version: 1;
  /** Raw Ed25519 key in hex. */
  readonly public_key: string;
  /** How the sources were read, to read them in the same way again. */
  readonly reading: Readonly<Record<string, string>>;
}

/** Records that follow one another in a stream. */
export interface SealSegment {
  readonly type: 'segment';
  readonly stream: string;
  /** Number of the segment in its stream, from 0. One that comes again replaces the earlier one and all behind it: the records were read again after a crash. */
  readonly segment: number;
  readonly records: number;
  readonly from: SealedPlace;
  readonly to: SealedPlace;
  /** Hash chain over the SHA-256 of each record, in hex. */
  readonly digest: string;
  /** The same over the keyed digests, when there is a key for them. */
  readonly keyed_digest?: string;
  /** SHA-256 of the head before and the digest: what stands for the stream up to here. */
  readonly head: string;
}

/** The last line of a run that came to its end. */
export interface SealEnd {
  readonly type: 'end';
  readonly streams: Readonly<
    Record<string, { readonly segments: number; readonly records: number; readonly head: string }>
  >;
}

/** What a line of a seal says. */
export type SealEntry = SealBegin | SealSegment | SealEnd;

/** A line as it stands in the file: its number, its time, the hash of the line before, and the signature over all that. */
export type SealLine = SealEntry & {
  readonly line: number;
  readonly time: string;
  readonly previous: string;
};

/** Before the first line. */
export const NO_LINE = '0'.repeat(64);

const encoder = new TextEncoder();

/** The text of a line with its signature. */
export function signLine(line: SealLine, sign: (data: Uint8Array) => Uint8Array): string {
  const text = JSON.stringify(line);
  return `${text.slice(0, -1)},"signature":"${toHex(sign(encoder.encode(text)))}"}`;
}

const SIGNATURE = /^(.*),"signature":"([0-9a-f]{128})"\}$/s;

/** What was signed, and the signature as hex; undefined for what is no line of a seal. */
export function splitLine(text: string): { readonly signed: string; readonly signature: string } | undefined {
  const [, head, signature] = SIGNATURE.exec(text) ?? [];
  return head === undefined || signature === undefined ? undefined : { signed: `${head}}`, signature };
}

/** What the next line holds of this one. */
export function lineHash(text: string, hash: HashPort): string {
  return toHex(hash.sha256(encoder.encode(text)));
}
