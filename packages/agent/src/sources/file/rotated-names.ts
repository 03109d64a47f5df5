import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Names looked at in a folder of which nothing is known. */
const MAX_NAMES = 20_000;

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

const BEHIND = /^(.+?)[-_.]\d[\d._:T-]{0,40}$/;
const BEFORE_EXTENSION = /^(.+?)[-_.]\d[\d._:T-]{0,40}(\.[A-Za-z]{1,16})$/;

/** The names of which a rotation may have made a name; the other way round as {@link isRotatedName}. */
export function originalsOf(name: string): string[] {
  const plain = name.replace(PACKED, '');
  const behind = BEHIND.exec(plain);
  const before = BEFORE_EXTENSION.exec(plain);
  return [
    ...(plain === name ? [] : [plain]),
    ...(behind ? [behind[1] ?? ''] : []),
    ...(before ? [`${before[1] ?? ''}${before[2] ?? ''}`] : []),
  ];
}

/**
 * The files of the folder of a path: those that a rotation may have made of it, or of the file that it was made of itself, and the others. Nothing
 * when the folder cannot be read.
 */
export async function neighboursOf(path: string): Promise<{ readonly rotated: string[]; readonly others: string[] }> {
  const folder = dirname(path);
  const own = basename(path);
  const roots = [own, ...originalsOf(own)];
  const rotated: string[] = [];
  const others: string[] = [];
  try {
    for (const name of (await readdir(folder)).slice(0, MAX_NAMES)) {
      if (name === own) continue;
      // As the user wrote the folder: `./a.log` has the neighbour `./a.log.1`.
      const neighbour = path.includes('/') ? `${path.slice(0, path.length - own.length)}${name}` : join(folder, name);
      (roots.some((root) => isRotatedName(name, root)) ? rotated : others).push(neighbour);
    }
  } catch {
    return { rotated: [], others: [] };
  }
  return { rotated: rotated.sort(), others };
}
