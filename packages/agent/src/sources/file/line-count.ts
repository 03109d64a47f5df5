import type { FileHandle } from 'node:fs/promises';
import type { ResumePoint } from '@cryptrail/mapper';
import { bytesAt } from '../../input/file.ts';

const LF = 0x0a;

/** Where the last line of an open file begins that may still be written, and its number. */
export async function countLines(handle: FileHandle): Promise<ResumePoint> {
  let at = 0;
  let offset = 0;
  let number = 1;
  for await (const chunk of bytesAt(handle.fd, 0)) {
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, end + 1)) {
      number += 1;
      offset = at + end + 1;
    }
    at += chunk.length;
  }
  return { offset, number };
}
