// Nothing of what the programs import: a file that they and this one share would be one more to load.
import { fileURLToPath } from 'node:url';
import { loadKept } from './kept-code.ts';
import { keptFolder } from './kept-folder.ts';

/** What both programs export. */
interface Program {
  readonly start: () => Promise<void>;
}

/** What the one for `convert` exports, too. */
interface KeptProgram extends Program {
  readonly restoreEngine: () => void;
}

/** All that `convert` needs in one file, of which compiled code can be kept: it is what scripts start again and again. Absent beside the sources. */
const CONVERT = fileURLToPath(new URL('convert/convert-program.cjs', import.meta.url));

const [, , command = ''] = process.argv;
// `--version` has next to nothing to compile.
const folder = command.startsWith('-') ? undefined : keptFolder(process.env);
if (command !== 'convert') {
  if (folder !== undefined) process.getBuiltinModule('node:module').enableCompileCache(folder);
  await import('./whole-program.ts').then(({ start }) => start());
} else if (!process.getBuiltinModule('node:fs').existsSync(CONVERT)) {
  await import('./convert-program.ts').then(({ start }) => start());
} else if (folder === undefined) {
  const { createRequire } = process.getBuiltinModule('node:module');
  await (createRequire(import.meta.url)(CONVERT) as Program).start();
} else {
  const { exported, keep } = loadKept(CONVERT, folder);
  const { start, restoreEngine } = exported as KeptProgram;
  const before = process.cpuUsage();
  await start();
  // A help text runs next to nothing of what the next start needs.
  if (process.exitCode === 0 && !process.argv.includes('--help')) {
    const { user, system } = process.cpuUsage(before);
    restoreEngine();
    keep((user + system) / 1000);
  }
}
