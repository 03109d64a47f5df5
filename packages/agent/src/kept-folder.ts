import { join } from 'node:path';

/** Variables of the process. */
type Environment = Readonly<Record<string, string | undefined>>;

/** What others may do with a folder: nothing but read it. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * A folder where compiled code may be kept between starts: this user's own, that nobody else can write, because whoever can has this program run what
 * they like. The one that `NODE_COMPILE_CACHE` names, else one among the caches of the user. Undefined with `NODE_DISABLE_COMPILE_CACHE`, and where
 * there is no such folder and none can be made: it is only about time.
 */
export function keptFolder(environment: Environment): string | undefined {
  if (environment.NODE_DISABLE_COMPILE_CACHE) return undefined;
  const home = process.platform === 'win32' ? environment.LOCALAPPDATA : environment.HOME;
  const caches = environment.XDG_CACHE_HOME || (home && (process.platform === 'win32' ? home : join(home, '.cache')));
  const base = environment.NODE_COMPILE_CACHE || caches;
  if (!base) return undefined;
  try {
    // With sudo, the home may be that of somebody who is not asked for.
    if (home && base === caches && !isOwn(home)) return undefined;
    const folder = join(base, 'cryptrail', 'compiled');
    process.getBuiltinModule('node:fs').mkdirSync(folder, { recursive: true, mode: 0o700 });
    return [base, join(base, 'cryptrail'), folder].every(isOwn) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** A true folder of this user, which others cannot change. */
function isOwn(path: string): boolean {
  const stats = process.getBuiltinModule('node:fs').lstatSync(path);
  if (!stats.isDirectory()) return false;
  // Windows keeps what belongs to a user apart by itself, and tells nothing here.
  const user = process.getuid?.();
  return user === undefined || (stats.uid === user && (stats.mode & WRITABLE_BY_OTHERS) === 0);
}
