import { UnreadableContent } from './member.ts';

const SENTENCES = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['ENOTDIR', 'a part of the path is no folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'it is a folder'],
  ['ELOOP', 'it is a link, or a circle of links'],
  ['EMFILE', 'too many open files'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['EEXIST', 'it exists already'],
  ['ENOSPC', 'no space left on the device'],
  ['EROFS', 'the file system is read-only'],
  ['EIO', 'the device reported an error'],
]);

/** The code of an error of the operating system (`ENOENT`), or undefined. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Why a file operation failed, for people: without stack, without the path, which the caller names. */
export function reasonOf(error: unknown): string {
  if (error instanceof UnreadableContent) return error.message;
  const code = systemCode(error);
  const sentence = code === undefined ? undefined : SENTENCES.get(code);
  if (sentence !== undefined) return sentence;
  return code ?? (error instanceof Error ? error.message : String(error));
}
