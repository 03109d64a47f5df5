import { textAt } from '../signature.ts';
import type { Opener } from './opener.ts';
import { openDirectory, zipDirectory } from './zip-directory.ts';
import { zipSequence } from './zip-sequence.ts';

/** zip archives. A file is read by the directory at its end; a stream, or a file whose directory is missing, from front to back. */
export const zip: Opener = {
  recognises: (head) => textAt(head, 0, 'PK\x03\x04') || textAt(head, 0, 'PK\x05\x06'),
  async *open(member, budget) {
    const descriptor = member.file?.descriptor;
    const directory = descriptor === undefined ? undefined : await openDirectory(descriptor);
    if (descriptor !== undefined && directory) yield* zipDirectory(member, descriptor, directory, budget);
    else yield* zipSequence(member, budget);
  },
};
