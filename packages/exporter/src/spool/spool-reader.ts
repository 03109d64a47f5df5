import { closeSync, openSync, readSync } from 'node:fs';
import { cutGroup } from '../otlp/cut-records.ts';
import type { EncodedGroup, EncodedLogs } from '../otlp/encoded-logs.ts';
import { HEAD, type Head, RECORDS, type ReadFrame, readFrame, readHead } from './frames.ts';
import { type Place, SEGMENT_MAGIC, type SegmentFolder } from './segments.ts';

/** Records of a spool, and where they end. */
export interface SpooledLogs {
  readonly logs: EncodedLogs;
  readonly end: Place;
}

const CHUNK_BYTES = 256 * 1024;

/** Longest frame: a record of an application, with everything in it. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** Reads a spool from a place to its end. */
export class SpoolReader {
  readonly #folder: SegmentFolder;
  readonly #onDamage: (message: string) => void;
  /** Records before it are acknowledged, and only passed over. */
  readonly #from: Place;
  #place: Place;
  #file: number | undefined;
  #head: Head | undefined;

  constructor(folder: SegmentFolder, from: Place, onDamage: (message: string) => void) {
    this.#folder = folder;
    this.#from = from;
    this.#onDamage = onDamage;
    this.#place = { segment: from.segment, offset: 0 };
  }

  /** The next records before `end`, a chunk at most; undefined when there are none. What is damaged is told and passed over up to the next segment. */
  read(end: Place): SpooledLogs | undefined {
    while (this.#place.segment < end.segment || this.#place.offset < end.offset) {
      const isLast = this.#place.segment === end.segment;
      const size = isLast ? end.offset : this.#folder.sizeOf(this.#place.segment);
      const limit = size ?? 0;
      if (size === undefined && this.#place.offset === 0) {
        this.#onDamage(`spool segment ${this.#place.segment} is missing; its records are lost`);
      }
      const found = this.#place.offset < limit ? this.#readChunk(limit) : undefined;
      if (found) return found;
      if (isLast) return undefined;
      this.#nextSegment();
    }
    return undefined;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #nextSegment(): void {
    this.close();
    this.#head = undefined;
    this.#place = { segment: this.#place.segment + 1, offset: 0 };
  }

  /** Records of one chunk; undefined when the segment has no more. */
  #readChunk(limit: number): SpooledLogs | undefined {
    if (this.#place.offset === 0 && !this.#begin(limit)) return undefined;
    for (let wanted = CHUNK_BYTES; this.#place.offset < limit; ) {
      const { segment, offset } = this.#place;
      const bytes = this.#bytes(offset, Math.min(wanted, limit - offset));
      const { groups, end, next } = this.#parse(bytes, offset);
      this.#place = { segment, offset: offset + end };
      if (groups.length > 0) return { logs: groups, end: this.#place };
      if (next === 'damaged' || (next && 'needs' in next && offset + end + next.needs > limit)) {
        this.#leave(limit);
        return undefined;
      }
      wanted = next && 'needs' in next ? Math.max(CHUNK_BYTES, next.needs) : CHUNK_BYTES;
    }
    return undefined;
  }

  #begin(limit: number): boolean {
    const { segment } = this.#place;
    this.#file ??= openSync(this.#folder.fileOf(segment), 'r');
    this.#place = { segment, offset: Math.min(limit, SEGMENT_MAGIC.length) };
    if (this.#bytes(0, SEGMENT_MAGIC.length).equals(SEGMENT_MAGIC)) return true;
    this.#leave(limit);
    return false;
  }

  /** What is left of the segment cannot be read. */
  #leave(limit: number): void {
    const { segment, offset } = this.#place;
    this.#onDamage(
      `spool segment ${segment}: ${limit - offset} bytes at its end, which a crash left incomplete or damaged, are passed over`,
    );
    this.#place = { segment, offset: limit };
  }

  #bytes(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    if (this.#file === undefined) return bytes.subarray(0, 0);
    const count = readSync(this.#file, bytes, 0, length, offset);
    return bytes.subarray(0, count);
  }

  /** Whole frames from the beginning of the bytes on; `next`: why it stopped, when not at the end. */
  #parse(bytes: Buffer, offset: number): { groups: EncodedGroup[]; end: number; next?: ReadFrame } {
    const groups: { head: Head; runs: Uint8Array[]; count: number }[] = [];
    let at = 0;
    let next: ReadFrame | undefined;
    while (at < bytes.length) {
      next = readFrame(bytes, at, MAX_FRAME_BYTES);
      if (next === 'damaged' || 'needs' in next) break;
      at = next.end;
      if (next.kind === HEAD) this.#head = readHead(next.content);
      else if (next.kind === RECORDS && this.#head && !this.#isAcknowledged(offset + at)) {
        const last = groups.at(-1);
        const count = countRecords(next.content);
        if (last?.head === this.#head) {
          last.runs.push(next.content);
          last.count += count;
        } else groups.push({ head: this.#head, runs: [next.content], count });
      }
      next = undefined;
    }
    const whole = groups.map(({ head, runs, count }) => ({ ...head, records: Buffer.concat(runs), count }));
    return { groups: whole, end: at, ...(next === undefined ? {} : { next }) };
  }

  #isAcknowledged(offset: number): boolean {
    return this.#place.segment === this.#from.segment && offset <= this.#from.offset;
  }
}

/** How many records a run has; they were written here, so they can be walked. */
function countRecords(records: Uint8Array): number {
  let count = 0;
  const all = { resource: records, scope: records, records, count: Number.MAX_SAFE_INTEGER };
  cutGroup(all, (seen) => {
    count = seen;
    return false;
  });
  return count;
}
