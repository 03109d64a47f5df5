import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** That certain bytes stand at a certain place: what a file is known by, without keeping anything of its text. */
export interface Print {
  readonly from: number;
  readonly length: number;
  readonly hash: string;
}

/** Bytes at the beginning of a file that are part of its identity. */
export const HEAD_BYTES = 1024;
/** Bytes before a position that are compared before reading goes on there. */
export const ANCHOR_BYTES = 256;

/** Of no bytes: every file has it. */
export const NO_PRINT: Print = { from: 0, length: 0, hash: '' };

/** The print of bytes that stand at an offset. */
export function printOf(bytes: Uint8Array, from: number): Print {
  if (bytes.length === 0) return { ...NO_PRINT, from };
  return { from, length: bytes.length, hash: createHash('sha256').update(bytes).digest('hex').slice(0, 32) };
}

/** Where the bytes of a print end. */
export function endOf({ from, length }: Print): number {
  return from + length;
}

/** Whether the bytes of a print stand in an open file. */
export async function holds(handle: FileHandle, print: Print): Promise<boolean> {
  return isSame(print, await bytesOf(handle, print.from, print.length));
}

/** Whether the bytes, which stand at the offset of the print, are those that it was made of. */
export function isSame(print: Print, bytes: Uint8Array): boolean {
  return bytes.length === print.length && printOf(bytes, print.from).hash === print.hash;
}

/** Bytes of an open file; fewer where it ends. */
export async function bytesOf(handle: FileHandle, from: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
