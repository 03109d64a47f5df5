import type { EncodedGroup } from '../otlp/encoded-logs.ts';
import { lockFolder } from './folder-lock.ts';
import { type Place, SegmentFolder } from './segments.ts';
import { type SpooledLogs, SpoolReader } from './spool-reader.ts';
import { SpoolWriter } from './spool-writer.ts';

/** Where records wait on disk, and how many. */
export interface SpoolOptions {
  /** Folder of this process alone; made when it is not there. */
  readonly dir: string;
  /** Most bytes on disk; what comes when they are used up is not kept. Default 1 GiB. */
  readonly maxBytes?: number | undefined;
}

const MAX_BYTES = 1024 ** 3;
const SEGMENT_BYTES = 8 * 1024 ** 2;
/** A segment whose records are all acknowledged is given up early from here on: the disk is the application's. */
const EARLY_BYTES = 1024 ** 2;

/**
 * Records on disk between an application and its backend, in order. What was added is read back from a place behind which nothing is acknowledged;
 * after a crash that is at most what was under way.
 */
export class Spool {
  readonly #folder: SegmentFolder;
  readonly #maxBytes: number;
  readonly #release: () => void;
  readonly #writer: SpoolWriter;
  readonly #reader: SpoolReader;
  readonly #acknowledged: ReturnType<SegmentFolder['openAcknowledged']>;
  /** What was read and not acknowledged, oldest first. */
  readonly #underWay: { readonly end: Place; isDone: boolean }[] = [];
  #first: number;
  #bytes: number;
  #isReadToEnd = false;

  private constructor(
    folder: SegmentFolder,
    maxBytes: number,
    release: () => void,
    onDamage: (message: string) => void,
  ) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#release = release;
    const segments = folder.list();
    const from = startOf(segments, folder.readAcknowledged());
    for (const segment of segments) if (segment < from.segment) folder.remove(segment);
    this.#first = from.segment;
    this.#bytes = segments.reduce((sum, segment) => sum + (folder.sizeOf(segment) ?? 0), 0);
    const next = Math.max(from.segment, (segments.at(-1) ?? 0) + 1);
    this.#writer = new SpoolWriter(folder, Math.min(SEGMENT_BYTES, Math.ceil(maxBytes / 4)), next);
    this.#reader = new SpoolReader(folder, from, onDamage);
    this.#acknowledged = folder.openAcknowledged();
  }

  /**
   * Opens a spool and takes its folder for this process.
   *
   * @param onDamage Told of bytes that cannot be read.
   * @throws {ExporterError} `spool_in_use` when another process has it.
   */
  static async open({ dir, maxBytes = MAX_BYTES }: SpoolOptions, onDamage: (message: string) => void): Promise<Spool> {
    const folder = new SegmentFolder(dir);
    const release = await lockFolder(dir);
    try {
      return new Spool(folder, maxBytes, release, onDamage);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether everything that was added was read and acknowledged. */
  get isEmpty(): boolean {
    return this.#underWay.length === 0 && this.#isReadToEnd;
  }

  /** Adds records. False when there is no room for them. Throws the error of the system when they cannot be written. */
  append(group: EncodedGroup): boolean {
    if (this.#bytes + group.records.length > this.#maxBytes) return false;
    this.#bytes += this.#writer.append(group);
    this.#isReadToEnd = false;
    return true;
  }

  /** Resolves when the disk has everything that was added before. */
  sync(): Promise<void> {
    return this.#writer.sync();
  }

  /** The next records, and what to call when they are settled; undefined when there are none at the moment. */
  read(): { readonly logs: SpooledLogs['logs']; readonly acknowledge: () => void } | undefined {
    const found = this.#reader.read(this.#writer.end);
    if (!found) {
      this.#isReadToEnd = true;
      return undefined;
    }
    const entry = { end: found.end, isDone: false };
    this.#underWay.push(entry);
    return {
      logs: found.logs,
      acknowledge: () => {
        entry.isDone = true;
        this.#advance();
      },
    };
  }

  /** Syncs, closes, and gives the folder free. Nothing is left on disk when everything was acknowledged. */
  async close(): Promise<void> {
    await this.#writer.close();
    if (this.isEmpty) this.#forget(this.#writer.end.segment + 1);
    this.#reader.close();
    this.#acknowledged.close();
    this.#release();
  }

  /** Moves the place of what is acknowledged, and deletes segments before it. */
  #advance(): void {
    let end: Place | undefined;
    for (let first = this.#underWay[0]; first?.isDone; first = this.#underWay[0]) {
      end = first.end;
      this.#underWay.shift();
    }
    if (!end) return;
    const written = this.#writer.end;
    if (this.isEmpty && written.offset >= EARLY_BYTES) this.#writer.rotate();
    try {
      this.#acknowledged.write(end);
    } catch {
      // The place before it stays: after a restart these come again.
    }
    this.#forget(this.isEmpty ? this.#writer.end.segment : end.segment);
  }

  #forget(before: number): void {
    for (; this.#first < before; this.#first += 1) {
      this.#bytes -= this.#folder.sizeOf(this.#first) ?? 0;
      this.#folder.remove(this.#first);
    }
  }
}

/** Where reading begins: at what is acknowledged, or at the oldest segment. */
function startOf(segments: readonly number[], acknowledged: Place | undefined): Place {
  const [oldest] = segments;
  if (oldest === undefined) return { segment: (acknowledged?.segment ?? 0) + 1, offset: 0 };
  if (acknowledged && acknowledged.segment >= oldest && segments.includes(acknowledged.segment)) return acknowledged;
  const next = acknowledged && segments.find((segment) => segment > acknowledged.segment);
  return { segment: next ?? oldest, offset: 0 };
}
