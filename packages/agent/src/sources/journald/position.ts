import type { ResumePoint } from '@cryptrail/mapper';
import { withEvidence } from '../position-evidence.ts';
import type { Position } from '../source.ts';

/** A place in a journal, as its cursor says it. */
export interface JournalPlace {
  readonly journal: string;
  /** Number of the entry. */
  readonly number: bigint;
  /** When it was written, in milliseconds since 1970. */
  readonly millis: number | undefined;
}

/** The position behind an entry: its cursor, and where evidence is verified, where that stands. */
export function journalPosition(cursor: string, resume: Pick<ResumePoint, 'evidence'>): Position {
  return resume.evidence === undefined ? cursor : withEvidence({ cursor }, resume);
}

/** The cursor of a saved position; undefined for what is none. */
export function cursorOf(position: Position | undefined): string | undefined {
  if (typeof position === 'string') return position;
  if (typeof position !== 'object' || position === null || !('cursor' in position)) return undefined;
  return typeof position.cursor === 'string' ? position.cursor : undefined;
}

/** `s=<journal>;i=<number of the entry, hex>;…;t=<microseconds since 1970, hex>;…` */
export function placeInJournal(cursor: string): JournalPlace | undefined {
  const [, journal, number] = /^s=([0-9a-f]{32});i=([0-9a-f]{1,16});/.exec(cursor) ?? [];
  if (journal === undefined || number === undefined) return undefined;
  const [, time] = /;t=([0-9a-f]{1,16})(?:;|$)/.exec(cursor) ?? [];
  const millis = time === undefined ? undefined : Number(BigInt(`0x${time}`) / 1000n);
  return { journal, number: BigInt(`0x${number}`), millis };
}
