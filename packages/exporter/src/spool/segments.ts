import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** A place in a spool: behind a frame. */
export interface Place {
  readonly segment: number;
  readonly offset: number;
}

/** Every segment begins so; another version of the format will have another number. */
export const SEGMENT_MAGIC = Buffer.from('CTSPOOL1');

/** Records of an application are nobody else's. */
export const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

const NAME = /^spool-(\d{8})$/;
const ACKNOWLEDGED_FILE = 'acknowledged';
const ACKNOWLEDGED_BYTES = 16;

/** The files of a spool. */
export class SegmentFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true, mode: FOLDER_MODE });
  }

  fileOf(segment: number): string {
    return join(this.path, `spool-${String(segment).padStart(8, '0')}`);
  }

  /** Numbers of the segments that are there, ascending. */
  list(): number[] {
    return readdirSync(this.path)
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((one, other) => one - other);
  }

  /** Undefined when there is no such segment. */
  sizeOf(segment: number): number | undefined {
    return statSync(this.fileOf(segment), { throwIfNoEntry: false })?.size;
  }

  remove(segment: number): void {
    rmSync(this.fileOf(segment), { force: true });
  }

  /** Up to where everything is acknowledged; undefined when that is not known: then everything there is comes again. */
  readAcknowledged(): Place | undefined {
    try {
      const bytes = readFileSync(join(this.path, ACKNOWLEDGED_FILE));
      if (bytes.length < ACKNOWLEDGED_BYTES || crc32(bytes.subarray(0, 12)) !== bytes.readUInt32LE(12))
        return undefined;
      return { segment: bytes.readUInt32LE(0), offset: Number(bytes.readBigUInt64LE(4)) };
    } catch {
      return undefined;
    }
  }

  /** Opens the file of the acknowledged place. It is written in one piece and not synced: an older one only repeats records. */
  openAcknowledged(): { write(place: Place): void; close(): void } {
    const file = openSync(join(this.path, ACKNOWLEDGED_FILE), 'a+', FILE_MODE);
    closeSync(file);
    const handle = openSync(join(this.path, ACKNOWLEDGED_FILE), 'r+');
    const bytes = Buffer.alloc(ACKNOWLEDGED_BYTES);
    return {
      write({ segment, offset }) {
        bytes.writeUInt32LE(segment, 0);
        bytes.writeBigUInt64LE(BigInt(offset), 4);
        bytes.writeUInt32LE(crc32(bytes.subarray(0, 12)), 12);
        writeSync(handle, bytes, 0, bytes.length, 0);
      },
      close: () => closeSync(handle),
    };
  }
}
