import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import picomatch from 'picomatch';
import { isPattern } from '../../input/pattern.ts';
import { reasonOf, systemCode } from '../../input/system-error.ts';

/** The paths that globs stand for at one moment. */
export interface Listing {
  readonly paths: ReadonlySet<string>;
  /** Folders that are there and cannot be listed: what is in them is not known to be gone. */
  readonly closed: readonly string[];
}

/** A folder as it was listed. */
interface Folder {
  readonly changedMillis: number;
  readonly listedMillis: number;
  readonly entries: readonly Dirent[];
  /** What each pattern takes of it: of thousands of names, asked once. */
  readonly taken: Map<Pattern, Taken>;
}

interface Taken {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

const NOTHING: Taken = { files: [], folders: [] };

/** A change of a folder may not show in its time when it comes right after another one. */
const SETTLED_MILLIS = 2000;
/** However little a file system tells. */
const RELIST_MILLIS = 30_000;

interface Pattern {
  readonly base: string;
  readonly depth: number;
  readonly matches: (path: string) => boolean;
}

/**
 * Finds files by globs again and again. Folders are listed only when they have changed. A path without signs of a glob is taken as it is. Links to
 * files are followed, as `file_log` of the Collector does (container logs are reached so); links to folders only where they are written out.
 */
export class GlobWalk {
  readonly #literal: readonly string[];
  readonly #patterns: readonly Pattern[];
  readonly #isExcluded: (path: string) => boolean;
  readonly #note: (message: string) => void;
  readonly #folders = new Map<string, Folder>();
  readonly #noted = new Map<string, string>();

  constructor(include: readonly string[], exclude: readonly string[], note: (message: string) => void) {
    this.#literal = include.filter((word) => !isPattern(word));
    this.#patterns = include.filter(isPattern).map(toPattern);
    const excluded = exclude.map((word) => picomatch(word, { dot: true }));
    this.#isExcluded = (path) => excluded.some((matches) => matches(path));
    this.#note = note;
  }

  /** Whether a path that no glob stands for may be read all the same, because a rotation made it. */
  mayRead(path: string): boolean {
    return !this.#isExcluded(path);
  }

  async list(nowMillis: number): Promise<Listing> {
    const paths = new Set(this.#literal.filter((path) => !this.#isExcluded(path)));
    const closed: string[] = [];
    for (const pattern of this.#patterns) await this.#walk(pattern, pattern.base, 1, nowMillis, paths, closed);
    return { paths, closed };
  }

  async #walk(
    pattern: Pattern,
    folder: string,
    level: number,
    nowMillis: number,
    paths: Set<string>,
    closed: string[],
  ): Promise<void> {
    const listed = await this.#listed(folder, nowMillis, closed);
    const { files, folders } = listed ? this.#takenOf(listed, folder, pattern) : NOTHING;
    for (const path of files) paths.add(path);
    if (level < pattern.depth)
      for (const path of folders) await this.#walk(pattern, path, level + 1, nowMillis, paths, closed);
  }

  #takenOf({ entries, taken }: Folder, folder: string, pattern: Pattern): Taken {
    const known = taken.get(pattern);
    if (known) return known;
    const files: string[] = [];
    const folders: string[] = [];
    for (const entry of entries) {
      const path = folder + entry.name;
      if (entry.isDirectory()) folders.push(`${path}/`);
      else if (pattern.matches(path) && !this.#isExcluded(path)) files.push(path);
    }
    const made: Taken = { files, folders };
    taken.set(pattern, made);
    return made;
  }

  async #listed(folder: string, nowMillis: number, closed: string[]): Promise<Folder | undefined> {
    const name = folder === '' ? '.' : folder;
    try {
      const { mtimeMs } = await stat(name);
      const known = this.#folders.get(folder);
      if (known?.changedMillis === mtimeMs && isFresh(known, nowMillis)) return known;
      const entries = await readdir(name, { withFileTypes: true });
      entries.sort((one, other) => (one.name < other.name ? -1 : 1));
      const listed: Folder = { changedMillis: mtimeMs, listedMillis: nowMillis, entries, taken: new Map() };
      this.#folders.set(folder, listed);
      this.#noted.delete(folder);
      return listed;
    } catch (error) {
      this.#folders.delete(folder);
      const reason = reasonOf(error);
      if (this.#noted.get(folder) !== reason) this.#note(`${name} cannot be listed: ${reason}`);
      this.#noted.set(folder, reason);
      if (systemCode(error) !== 'ENOENT') closed.push(folder);
      return undefined;
    }
  }
}

function isFresh({ changedMillis, listedMillis }: Folder, nowMillis: number): boolean {
  return listedMillis - changedMillis > SETTLED_MILLIS && nowMillis - listedMillis < RELIST_MILLIS;
}

function toPattern(word: string): Pattern {
  const { base, glob } = picomatch.scan(word);
  const prefix = base === '' || base.endsWith('/') ? base : `${base}/`;
  const matches = picomatch(glob, { dot: false });
  return {
    base: prefix,
    depth: glob.includes('**') ? Number.POSITIVE_INFINITY : glob.split('/').length,
    matches: (path) => matches(path.slice(prefix.length)),
  };
}
