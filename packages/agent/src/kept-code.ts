import { basename, dirname, join } from 'node:path';

/** A file of the build that was loaded, and how to keep what was compiled of it. */
export interface LoadedFile {
  /** What the file exports. */
  readonly exported: unknown;
  /**
   * Keeps the code of all functions that have run, when none was kept for this file, or only that of a run with much less to do. Called at the end of the work.
   *
   * @param workedMillis How much processor time the work took.
   */
  readonly keep: (workedMillis: number) => void;
}

/** In front of what is kept: checksums of the file that it was made of, and of itself, and how long the run worked that it was made of. */
const HEAD_BYTES = 12;
/** Who works so much longer has run more functions, up to a run that has run nearly all. */
const MUCH_LONGER = 2;
const LONG_MILLIS = 400;

/**
 * Loads a CommonJS file, one without `import()`, with the code that was compiled of it in an earlier run, if that is kept in the folder. Node.js itself can keep code too, but
 * keeps it as it is when a file has just been loaded, before any function of it has run: each start would compile anew what it needs.
 */
export function loadKept(file: string, folder: string): LoadedFile {
  const { readFileSync, renameSync, rmSync, writeFileSync } = process.getBuiltinModule('node:fs');
  const { crc32 } = process.getBuiltinModule('node:zlib');
  const { createRequire } = process.getBuiltinModule('node:module');
  const { Script } = process.getBuiltinModule('node:vm');
  const place = join(folder, `${basename(file)}-${process.version}-${process.arch}`);
  const source = readFileSync(file, 'utf8');
  const sourceSum = crc32(source);
  const kept = readKept();
  const cachedData = kept?.subarray(HEAD_BYTES);
  const workedBefore = kept?.readUInt32LE(8) ?? 0;
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  });
  // Whether it was kept, so that what was read need not be.
  const isNew = !cachedData || script.cachedDataRejected === true;
  const module = { exports: {} };
  const run = script.runInThisContext() as (...given: unknown[]) => void;
  run(module.exports, createRequire(file), module, file, dirname(file));
  return {
    exported: module.exports,
    keep: (workedMillis) => {
      if (isNew || isOutdone(workedMillis)) write(script.createCachedData(), workedMillis);
    },
  };

  /** The engine knows its own version and flags again, but not a file that was changed, or one that was written by halves. */
  function readKept(): Buffer | undefined {
    try {
      const kept = readFileSync(place);
      const code = kept.subarray(HEAD_BYTES);
      const isWhole = kept.readUInt32LE(0) === sourceSum && kept.readUInt32LE(4) === crc32(code);
      return isWhole ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  function isOutdone(workedMillis: number): boolean {
    return workedBefore < LONG_MILLIS && workedMillis > workedBefore * MUCH_LONGER;
  }

  function write(code: Buffer, workedMillis: number): void {
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(sourceSum, 0);
    head.writeUInt32LE(crc32(code), 4);
    head.writeUInt32LE(Math.min(Math.ceil(workedMillis), LONG_MILLIS), 8);
    const written = `${place}.${process.pid}`;
    try {
      writeFileSync(written, Buffer.concat([head, code]), { mode: 0o600, flag: 'wx' });
      renameSync(written, place);
    } catch {
      // A full or read-only disk: the next start compiles as this one did.
      rmSync(written, { force: true });
    }
  }
}
