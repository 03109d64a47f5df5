import { access, constants, open, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { reasonOf, systemCode } from '../input/system-error.ts';
import { GlobWalk } from '../sources/file/glob-walk.ts';
import type { FileOptions } from '../sources/options.ts';
import type { SourceSetting } from '../sources/table.ts';
import { type Check, found, good } from './check.ts';

/** Looks whether what sources read can be read. Nothing is read, bound or connected that an agent would meet. */
export async function checkSources(sources: readonly SourceSetting[]): Promise<Check[]> {
  return (await Promise.all(sources.map(checkSource))).flat();
}

async function checkSource({ type, options }: SourceSetting): Promise<Check[]> {
  const name = options.id ?? type;
  if (type === 'file') return checkFiles(name, options);
  if (type === 'journald') return options.directory === undefined ? [] : [await checkReadable(name, options.directory)];
  if (type !== 'otlp' && type !== 'syslog') return [];
  const { certFile, keyFile, clientCaFile } = options.tls ?? {};
  const files = [certFile, keyFile, clientCaFile].filter((file) => file !== undefined);
  return Promise.all(files.map((file) => checkReadable(name, file)));
}

/** More than so many bad files are not told one by one. */
const MOST_TOLD = 20;

async function checkFiles(name: string, { include, exclude = [] }: FileOptions): Promise<Check[]> {
  const notes: string[] = [];
  const walk = new GlobWalk(include, exclude, (note) => notes.push(note));
  const { paths } = await walk.list(Date.now());
  const checks = await Promise.all([...paths].map((path) => checkReadable(name, path)));
  const bad = checks.filter(({ verdict }) => verdict !== 'good');
  const readable = checks.length - bad.length;
  const nothing = found(
    name,
    'odd',
    `nothing matches ${include.join(', ')} now`,
    'Files that appear later are read; look at the path and at who may list its folder.',
  );
  return [
    ...(readable > 0 ? [good(name, `${readable} files can be read`)] : []),
    ...(checks.length === 0 ? [nothing] : []),
    ...notes.map((note) => found(name, 'bad', note, adviceOn('EACCES'))),
    ...bad.slice(0, MOST_TOLD),
  ];
}

async function checkReadable(name: string, path: string): Promise<Check> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) await access(path, constants.R_OK | constants.X_OK);
    else if (stats.isFile()) await (await open(path, 'r')).close();
    else
      return found(name, 'odd', `${path} is no plain file`, 'It is passed over; name files, or folders with a glob.');
    return good(name, `${path} can be read`);
  } catch (error) {
    const code = systemCode(error);
    const verdict = code === 'ENOENT' ? 'odd' : 'bad';
    return found(name, verdict, `${path}: ${reasonOf(error)}`, adviceOn(code));
  }
}

function adviceOn(code: string | undefined): string {
  if (code === 'EACCES' || code === 'EPERM')
    return `Let the agent's user read it: a group that owns the logs (adm), or setfacl -m u:cryptrail:rX. It runs as ${userName()} now.`;
  if (code === 'ENOENT') return 'It is read as soon as it is there.';
  return 'Look at the file by hand.';
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry, as in a container.
    return `user ${process.getuid?.() ?? '?'}`;
  }
}
