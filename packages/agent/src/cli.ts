import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { restoreEngine } from './engine-flags.ts';
import { loadKept } from './kept-code.ts';
import { keptFolder } from './kept-folder.ts';

/** What both programs export. */
interface Program {
  readonly start: () => Promise<void>;
}

/** All that `convert` needs in one file, of which compiled code can be kept: it is what scripts start again and again. Absent beside the sources. */
const CONVERT = fileURLToPath(new URL('convert/convert-program.cjs', import.meta.url));

// Not imported: that would look up all its names, and load what stands behind them.
const { createRequire, enableCompileCache } = process.getBuiltinModule('node:module');
const folder = keptFolder(process.env);
if (process.argv[2] !== 'convert') {
  if (folder !== undefined) enableCompileCache(folder);
  await import('./whole-program.ts').then(({ start }) => start());
} else if (!existsSync(CONVERT)) {
  await import('./convert-program.ts').then(({ start }) => start());
} else if (folder === undefined) {
  await (createRequire(import.meta.url)(CONVERT) as Program).start();
} else {
  const { exported, keep } = loadKept(CONVERT, folder);
  await (exported as Program).start();
  // A help text runs next to nothing of what the next start needs.
  if (process.exitCode === 0 && !process.argv.includes('--help')) {
    restoreEngine();
    keep();
  }
}
