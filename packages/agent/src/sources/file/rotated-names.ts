import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';

/** In a folder with more files, a renamed one is looked for only under names that a rotation gives. */
const MAX_OTHERS = 1000;

const PACKED = /\.(?:gz|zst|zip|tgz)$/i;
/** `.1`, `-20261122`, `.2026-11-22_03`: what a rotation adds. */
const MARK = /^[-_.]\d[\d._:T-]{0,40}$/;

/**
 * Whether a name is one that a rotation gives to files of another name: `acra.log.1`, `acra.log-20261122.gz`, `acra-2026-11-22.log`,
 * `acra.1.log.zst` of `acra.log`; and the name itself, packed.
 */
export function isRotatedName(name: string, original: string): boolean {
  const plain = name.replace(PACKED, '');
  if (plain === original) return name !== original;
  if (plain.startsWith(original) && MARK.test(plain.slice(original.length))) return true;
  const dot = original.lastIndexOf('.');
  if (dot <= 0) return false;
  const stem = original.slice(0, dot);
  const extension = original.slice(dot);
  if (!plain.startsWith(stem) || !plain.endsWith(extension)) return false;
  return MARK.test(plain.slice(stem.length, plain.length - extension.length));
}

const MARK_BEHIND = /[-_.]\d[\d._:T-]{0,40}$/;
const MARK_BEFORE_EXTENSION = /[-_.]\d[\d._:T-]{0,40}(\.[A-Za-z]{1,16})$/;

/** The names of which a rotation may have made a name; the other way round as {@link isRotatedName}. */
export function originalsOf(name: string): string[] {
  const plain = name.replace(PACKED, '');
  // No name begins with its mark.
  const rest = plain.slice(1);
  const behind = MARK_BEHIND.exec(rest);
  const before = MARK_BEFORE_EXTENSION.exec(rest);
  return [
    ...(plain === name ? [] : [plain]),
    ...(behind ? [plain.slice(0, behind.index + 1)] : []),
    ...(before ? [`${plain.slice(0, before.index + 1)}${before[1] ?? ''}`] : []),
  ];
}

/** The files of one folder, by the name that a rotation may have made them of. */
interface FolderIndex {
  readonly names: readonly string[];
  readonly byOriginal: ReadonlyMap<string, readonly string[]>;
}

/** Files beside a path. */
export interface Neighbours {
  /** Those that a rotation may have made of it, or of the file that it was made of itself. */
  readonly rotated: readonly string[];
  readonly others: readonly string[];
}

/** Lists folders, each once: for one look at many files. */
export class Neighbourhood {
  readonly #folders = new Map<string, Promise<FolderIndex>>();

  /** The files beside a path; none when its folder cannot be read. */
  async of(path: string): Promise<Neighbours> {
    const own = basename(path);
    // As the user wrote the folder: `./a.log` has the neighbour `./a.log.1`.
    const folder = path.slice(0, path.length - own.length);
    const { names, byOriginal } = await this.#index(folder);
    const rotated = new Set([own, ...originalsOf(own)].flatMap((root) => byOriginal.get(root) ?? []));
    rotated.delete(own);
    const others = names.length > MAX_OTHERS ? [] : names.filter((name) => name !== own && !rotated.has(name));
    return { rotated: [...rotated].sort().map((name) => folder + name), others: others.map((name) => folder + name) };
  }

  #index(folder: string): Promise<FolderIndex> {
    const known = this.#folders.get(folder) ?? indexOf(folder);
    this.#folders.set(folder, known);
    return known;
  }
}

async function indexOf(folder: string): Promise<FolderIndex> {
  const byOriginal = new Map<string, string[]>();
  const names = await readdir(folder === '' ? '.' : folder).catch(() => []);
  for (const name of names)
    for (const original of originalsOf(name)) {
      const made = byOriginal.get(original);
      if (made) made.push(name);
      else byOriginal.set(original, [name]);
    }
  return { names, byOriginal };
}
