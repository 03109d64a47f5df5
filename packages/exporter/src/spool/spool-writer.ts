import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { EncodedGroup } from '../otlp/encoded-logs.ts';
import { frame, HEAD, RECORDS, writeHead } from './frames.ts';
import { FILE_MODE, type Place, SEGMENT_MAGIC, type SegmentFolder } from './segments.ts';

const syncData = promisify(fdatasync);

/** The end of a spool, to which records are added. */
export class SpoolWriter {
  readonly #folder: SegmentFolder;
  readonly #segmentBytes: number;
  #segment: number;
  #file: number | undefined;
  #offset = 0;
  #lastHead: EncodedGroup | undefined;
  /** Segments that are full and not synced yet. */
  #unsynced: number[] = [];
  #hasNews = false;
  #syncing: Promise<void> = Promise.resolve();

  constructor(folder: SegmentFolder, segmentBytes: number, firstSegment: number) {
    this.#folder = folder;
    this.#segmentBytes = segmentBytes;
    this.#segment = firstSegment;
  }

  get end(): Place {
    return { segment: this.#segment, offset: this.#offset };
  }

  /**
   * Adds records. They are the system's when this returns, and survive the process; {@link sync} makes them survive the machine.
   *
   * @returns How many bytes it took. Throws the error of the system; nothing of the records is in the file then.
   */
  append(group: EncodedGroup): number {
    const hasRoom = this.#offset === 0 || this.#offset + group.records.length <= this.#segmentBytes;
    if (!hasRoom) this.rotate();
    const isNew = this.#file === undefined;
    const file = this.#opened();
    const head = this.#isSameHead(group) ? [] : [frame(HEAD, writeHead(group))];
    const bytes = Buffer.concat([...head, frame(RECORDS, group.records)]);
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(file, bytes, done, bytes.length - done, this.#offset + done);
      }
    } catch (error) {
      // The next head must not lean on one that is not there.
      this.#lastHead = undefined;
      ftruncateSync(file, this.#offset);
      throw error;
    }
    this.#offset += bytes.length;
    this.#lastHead = group;
    this.#hasNews = true;
    return bytes.length + (isNew ? SEGMENT_MAGIC.length : 0);
  }

  /** Ends the segment: what comes goes into a new one. */
  rotate(): void {
    if (this.#file === undefined) return;
    this.#unsynced.push(this.#file);
    this.#file = undefined;
    this.#segment += 1;
    this.#offset = 0;
    this.#lastHead = undefined;
  }

  /** Resolves when the disk has everything that was added before. One after the other: a later call never overtakes an earlier one. */
  sync(): Promise<void> {
    const synced = this.#syncing.then(() => this.#syncNow());
    this.#syncing = synced.catch(() => undefined);
    return synced;
  }

  async close(): Promise<void> {
    await this.sync().catch(() => undefined);
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  async #syncNow(): Promise<void> {
    const full = this.#unsynced;
    this.#unsynced = [];
    const hadNews = this.#hasNews;
    this.#hasNews = false;
    try {
      for (const file of full) await syncData(file);
      if (hadNews && this.#file !== undefined) await syncData(this.#file);
    } catch (error) {
      this.#hasNews = true;
      throw error;
    } finally {
      for (const file of full) closeSync(file);
    }
  }

  #opened(): number {
    if (this.#file !== undefined) return this.#file;
    const path = this.#folder.fileOf(this.#segment);
    const file = openSync(path, 'wx', FILE_MODE);
    try {
      writeSync(file, SEGMENT_MAGIC, 0, SEGMENT_MAGIC.length, 0);
    } catch (error) {
      closeSync(file);
      this.#folder.remove(this.#segment);
      throw error;
    }
    this.#file = file;
    this.#offset = SEGMENT_MAGIC.length;
    return file;
  }

  #isSameHead({ resource, scope, resourceSchemaUrl, scopeSchemaUrl }: EncodedGroup): boolean {
    const last = this.#lastHead;
    return (
      last?.resource === resource &&
      last.scope === scope &&
      last.resourceSchemaUrl === resourceSchemaUrl &&
      last.scopeSchemaUrl === scopeSchemaUrl
    );
  }
}
