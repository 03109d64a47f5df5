import type { FileHandle } from 'node:fs/promises';
import type { Locator, Look } from './look.ts';
import type { PackedPortion } from './packed-reading.ts';
import type { PlainReading } from './plain-reading.ts';
import { NO_PRINT } from './print.ts';
import type { SavedFile } from './saved-file.ts';

/** Why what is left of a file has to be looked for. */
export type Displacement = 'removed' | 'emptied' | 'replaced';

/** A file that was found no more. */
export interface Missing {
  readonly how: Displacement;
  /** Since when it is looked for, by the clock of the run. */
  readonly since: number;
  /** All of it was read, as far as anybody can know. */
  readonly isRead: boolean;
}

/** A file that is being read, or was. One of them is one stream. */
export interface KnownFile {
  readonly id: string;
  /** As it is saved with the next records. */
  saved: SavedFile;
  /** The path where it lies now; undefined: not found. */
  place: string | undefined;
  /** Size when last looked at. */
  size: number;
  /** It was found since this start to hold what was read of it: what comes to it from now on does not go unseen. */
  watched: boolean;
  /** When it was seen to change, or was read, for the last time, by the clock of the run. */
  changedAt: number;
  /** It has lost the name under which it was met. */
  moved: boolean;
  /** What happened to it when it was found no more, and since when it is looked for. */
  missing: Missing | undefined;
  reading: PlainReading | undefined;
  unpacking: Unpacking | undefined;
  /** Records that wait for more lines were given out. */
  settled: boolean;
  /** What stood in the way of reading it when that was last tried: it is tried again. */
  problem: string | undefined;
}

/** A packed file being read. */
export interface Unpacking {
  readonly handle: FileHandle;
  readonly portions: AsyncGenerator<PackedPortion>;
  /** As it was when reading began. */
  readonly look: Look;
}

/** Nothing was done with it in this run. */
const UNTOUCHED = {
  moved: false,
  missing: undefined,
  reading: undefined,
  unpacking: undefined,
  settled: true,
  problem: undefined,
} as const;

/** A file that nothing is known of yet. */
export function newlyKnown(id: string, path: string, look: Look, now: number, packed = false): KnownFile {
  return {
    id,
    saved: {
      path,
      locator: look.locator,
      head: NO_PRINT,
      anchor: NO_PRINT,
      resume: { offset: 0, number: 1 },
      size: look.size,
      changedMillis: look.changedMillis,
      state: 'open',
      ...(packed ? { member: 0 } : {}),
    },
    place: path,
    size: look.size,
    watched: true,
    changedAt: now,
    ...UNTOUCHED,
  };
}

/** A file of an earlier run, to be found again. */
export function knownBefore(id: string, saved: SavedFile): KnownFile {
  return {
    id,
    saved,
    place: undefined,
    size: saved.size,
    watched: false,
    changedAt: 0,
    ...UNTOUCHED,
  };
}

/** Whether it is compressed or an archive. */
export function isPackedFile({ saved }: KnownFile): boolean {
  return saved.member !== undefined;
}

/** How far it was read, in bytes of the file. */
export function readTo({ saved, reading }: KnownFile): number {
  if (reading) return reading.at;
  if (saved.member !== undefined) return saved.state === 'done' ? saved.size : 0;
  return saved.resume.offset ?? saved.anchor.from + saved.anchor.length;
}

/** All files, by what is asked for them. */
export class KnownFiles {
  readonly #byId = new Map<string, KnownFile>();
  readonly #byLocator = new Map<Locator, KnownFile>();
  readonly #byPlace = new Map<string, KnownFile>();

  /** Adds a file, or says that its place or locator has changed. Who had them before has them no more. */
  put(file: KnownFile): void {
    this.#byId.set(file.id, file);
    this.#byLocator.set(file.saved.locator, file);
    if (file.place !== undefined) this.#byPlace.set(file.place, file);
  }

  /** Takes a file from its place. */
  displace(file: KnownFile): void {
    if (file.place !== undefined && this.#byPlace.get(file.place) === file) this.#byPlace.delete(file.place);
    file.place = undefined;
  }

  /** The file is no longer the one with its locator: it was emptied, or is elsewhere. */
  dropLocator(file: KnownFile): void {
    if (this.#byLocator.get(file.saved.locator) === file) this.#byLocator.delete(file.saved.locator);
  }

  /** Forgets a file. */
  remove(file: KnownFile): void {
    this.displace(file);
    this.dropLocator(file);
    this.#byId.delete(file.id);
  }

  at(place: string): KnownFile | undefined {
    return this.#byPlace.get(place);
  }

  of(locator: Locator): KnownFile | undefined {
    return this.#byLocator.get(locator);
  }

  /** Files that are to be read on and have one locator, though only one of them can lie there. */
  rivals(): Map<Locator, KnownFile[]> {
    const open = [...this.#byId.values()].filter(({ saved }) => saved.state === 'open' && saved.locator !== '');
    const groups = Map.groupBy(open, ({ saved }) => saved.locator);
    return new Map([...groups].filter(([, files]) => files.length > 1));
  }

  /** The paths where they lie. */
  places(): IterableIterator<string> {
    return this.#byPlace.keys();
  }

  all(): IterableIterator<KnownFile> {
    return this.#byId.values();
  }

  get size(): number {
    return this.#byId.size;
  }
}
