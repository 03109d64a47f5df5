import { textAt } from '../signature.ts';
import { createSkipped, entryMember } from './archive-entry.ts';
import type { Opener } from './opener.ts';
import { tarEntries } from './tar-entries.ts';

const FILES = new Set(['File', 'OldFile', 'ContiguousFile']);

/** tar archives: POSIX and PAX, GNU, and those from before both. */
export const tar: Opener = {
  recognises: (head) => textAt(head, 257, 'ustar') || hasOldHeader(head),
  async *open(member, budget) {
    const skipped = createSkipped(member);
    let fault: { readonly error: unknown } | undefined;
    try {
      for await (const { path, type, bytes } of tarEntries(member.bytes)) {
        budget.entry();
        if (FILES.has(type)) yield { member: entryMember(member, path, bytes) };
        else if (type !== 'Directory') skipped.add(path);
      }
    } catch (error) {
      fault = { error };
    }
    yield* skipped.found();
    if (fault) throw fault.error;
  },
};

/**
 * The header of a tar from before 1988 has no signature, but the sum of its bytes, in which the sum itself counts as eight spaces:
 *
 *     0 name 100 … 148 "006712\0 " 156 type, link … 257 NUL …
 */
function hasOldHeader(head: Uint8Array): boolean {
  if (head.length < 512 || head[0] === 0) return false;
  const written = /^ *([0-7]+)[\0 ]/.exec(Buffer.from(head.subarray(148, 156)).toString('latin1'))?.[1];
  if (written === undefined) return false;
  let sum = 0;
  for (let at = 0; at < 512; at += 1) sum += at >= 148 && at < 156 ? 0x20 : (head[at] ?? 0);
  return sum === Number.parseInt(written, 8);
}
