import { rename, writeFile } from 'node:fs/promises';

/** Writes beside the old file and puts the new one in its place, so that a crash leaves one of the two whole. Only the owner can read it. */
export async function replacePrivately(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
}
