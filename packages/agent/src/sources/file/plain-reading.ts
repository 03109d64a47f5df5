import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Pipeline, Reader } from '@cryptrail/mapper';
import { bytesAt } from '../../input/file.ts';
import { giverOf, type RecordGiver } from '../record-giver.ts';
import type { SourceContext, Stretch } from '../source.ts';
import { ANCHOR_BYTES, bytesOf, HEAD_BYTES, holds, type Print, printOf } from './print.ts';
import type { SavedFile } from './saved-file.ts';

/** Bytes that are read at a time: some hundred records, so that a position is never far behind. */
const CHUNK_BYTES = 128 * 1024;

/** What came of a look for more. `changed`: what was read stands in the file no longer. */
export type Portion = { readonly logs: Stretch['logs'] } | 'end' | 'changed';

/** How bytes become records. */
export interface RecordWay extends Pick<SourceContext, 'encodes'> {
  readonly pipeline: Pipeline;
}

/** A plain file being read as far as it goes, again and again. */
export class PlainReading {
  readonly #handle: FileHandle;
  readonly #reader: Reader;
  readonly #giver: RecordGiver;
  /** Where the next byte stands. */
  #at: number;
  /** The bytes before it, by which it shows that the file is still the one that was read. */
  #before: Uint8Array;
  #headBytes: Uint8Array;
  #recent: { readonly from: number; readonly bytes: Uint8Array };

  private constructor(
    handle: FileHandle,
    [reader, giver]: readonly [Reader, RecordGiver],
    at: number,
    before: Uint8Array,
    headBytes: Uint8Array,
  ) {
    this.#handle = handle;
    this.#reader = reader;
    this.#giver = giver;
    this.#at = at;
    this.#before = before;
    this.#headBytes = headBytes;
    this.#recent = { from: at - before.length, bytes: before };
  }

  /** Goes on in an open file where reading stopped; undefined when it does not hold what was read. The handle is the caller's until then. */
  static async open(
    handle: FileHandle,
    file: SavedFile,
    { pipeline, encodes }: RecordWay,
  ): Promise<PlainReading | undefined> {
    const { path, head, anchor, resume } = file;
    if (!(await holds(handle, head)) || !(await holds(handle, anchor))) return undefined;
    const hole = resume.offset === 0 ? await holeOf(handle) : 0;
    const at = Math.max(resume.offset ?? 0, hole);
    const from = Math.max(0, at - ANCHOR_BYTES);
    const before = await bytesOf(handle, from, at - from);
    if (before.length < at - from) return undefined;
    const reader = pipeline.open({ name: basename(path), path }, hole > 0 ? { ...resume, offset: hole } : resume);
    return new PlainReading(
      handle,
      [reader, giverOf(reader, { encodes })],
      at,
      before,
      await bytesOf(handle, 0, HEAD_BYTES),
    );
  }

  /** The next bytes of the file, read together with those before them: no other file can be taken for this one in between. */
  async read(): Promise<Portion> {
    const known = this.#before.length;
    const bytes = await readSome(this.#handle, this.#at - known, known + CHUNK_BYTES);
    if (bytes.length < known || Buffer.compare(bytes.subarray(0, known), this.#before) !== 0) return 'changed';
    const chunk = bytes.subarray(known);
    if (chunk.length === 0) return 'end';
    if (this.#headBytes.length < HEAD_BYTES) this.#growHead(chunk);
    this.#recent = { from: this.#at - known, bytes };
    this.#at += chunk.length;
    this.#before = bytes.slice(-ANCHOR_BYTES);
    return { logs: this.#giver.push(chunk) };
  }

  /** Records that wait for more of their lines. */
  settle(): Stretch['logs'] {
    return this.#giver.settle();
  }

  /** What is left, a line that has not ended included. Nothing can be read afterwards. */
  end(): Stretch['logs'] {
    return this.#giver.end();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  get handle(): FileHandle {
    return this.#handle;
  }

  /** Bytes read, whether or not their records were given out. */
  get at(): number {
    return this.#at;
  }

  /** What is to be saved when the records given out so far are delivered. */
  get progress(): Pick<SavedFile, 'head' | 'anchor' | 'resume'> {
    return {
      head: printOf(this.#headBytes, 0),
      anchor: printOf(this.#before, this.#at - this.#before.length),
      resume: this.#reader.resume,
    };
  }

  /** Whether a file that is shorter than what was read ends with bytes that were read there: a copy that was made a moment before the last lines came. */
  async holdsBeginning(copy: FileHandle, size: number, head: Print): Promise<boolean> {
    const { from, bytes } = this.#recent;
    if (size <= from || size > this.#at || !(await holds(copy, head))) return false;
    const same = bytes.subarray(0, size - from);
    return Buffer.compare(await bytesOf(copy, from, same.length), same) === 0;
  }

  #growHead(chunk: Uint8Array): void {
    const missing = chunk.subarray(Math.max(0, this.#headBytes.length - this.#at), Math.max(0, HEAD_BYTES - this.#at));
    if (missing.length > 0) this.#headBytes = Buffer.concat([this.#headBytes, missing]);
  }
}

/** A few NUL before a line are padding, which is taken off. */
const MIN_HOLE_BYTES = 1024 * 1024;

/** How long the hole is that a file begins with whose writer went on at his old place after it was emptied; 0 without one. */
async function holeOf(handle: FileHandle): Promise<number> {
  let length = 0;
  for await (const chunk of bytesAt(handle.fd, 0)) {
    const end = chunk.findIndex((byte) => byte !== 0);
    if (end !== -1) return length + end < MIN_HOLE_BYTES ? 0 : length + end;
    length += chunk.length;
  }
  return 0;
}

async function readSome(handle: FileHandle, from: number, length: number): Promise<Uint8Array> {
  const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}
