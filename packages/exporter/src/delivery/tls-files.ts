import { readFile, stat } from 'node:fs/promises';
import { ExporterError } from '../errors.ts';
import type { TlsFileNames } from '../options.ts';
import { monotonicMillis } from './monotonic-millis.ts';

/** Contents of TLS files, as options of a Node.js agent or of `tls.connect`. */
export type TlsMaterial = { readonly [Part in keyof TlsFileNames]?: Buffer };

/** TLS files that are read again when they are replaced. */
export interface TlsFiles {
  /** What is in them now, and whether that is new. A file that cannot be read at the moment, in the middle of its replacement, keeps its last content. */
  current(): Promise<{ readonly material: TlsMaterial; readonly isNew: boolean }>;
}

/** Looked at again at most this often. */
const LOOK_EVERY_MILLIS = 1000;

/**
 * Reads the files for the first time.
 * @throws {ExporterError} `invalid_option` naming the file that cannot be read.
 */
export async function openTlsFiles(names: TlsFileNames): Promise<TlsFiles> {
  const parts = Object.entries(names) as [keyof TlsFileNames, string][];
  let material = await readAll(parts);
  let marks = await marksOf(parts);
  let lookedAt = monotonicMillis();
  return {
    async current() {
      const now = monotonicMillis();
      if (parts.length === 0 || now - lookedAt < LOOK_EVERY_MILLIS) return { material, isNew: false };
      lookedAt = now;
      const seen = await marksOf(parts);
      if (seen === marks) return { material, isNew: false };
      try {
        material = await readAll(parts);
        marks = seen;
        return { material, isNew: true };
      } catch {
        return { material, isNew: false };
      }
    },
  };
}

async function readAll(parts: readonly [keyof TlsFileNames, string][]): Promise<TlsMaterial> {
  const read = async ([part, path]: readonly [keyof TlsFileNames, string]): Promise<[string, Buffer]> => {
    try {
      return [part, await readFile(path)];
    } catch (cause) {
      throw new ExporterError('invalid_option', `TLS ${part}: the file "${path}" cannot be read`, { cause });
    }
  };
  return Object.fromEntries(await Promise.all(parts.map(read)));
}

/** Differs when a file was replaced or written. */
async function marksOf(parts: readonly [keyof TlsFileNames, string][]): Promise<string> {
  const mark = async ([, path]: readonly [keyof TlsFileNames, string]): Promise<string> => {
    try {
      const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
      return [dev, ino, size, mtimeNs].join(':');
    } catch {
      return 'absent';
    }
  };
  return (await Promise.all(parts.map(mark))).join(' ');
}
