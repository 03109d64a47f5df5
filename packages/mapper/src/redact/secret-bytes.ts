import { isDigit, isLetter, lower, NO_BYTES } from '../bytes.ts';
import { compileTrigrams } from '../trigram-test.ts';
import type { SecretNames, SoughtWord } from './secret-names.ts';

/** Whether ASCII bytes may hold part of a secret name, or a URL. */
export type ByteTest = (bytes: Uint8Array, start: number, end: number) => boolean;

const compiled = new WeakMap<SecretNames, ByteTest>();

/** The same as `mayHold` of these names, for ASCII bytes. */
export function secretBytes(names: SecretNames): ByteTest {
  const known = compiled.get(names);
  if (known !== undefined) return known;
  const made = compileByteTest(names.sought);
  compiled.set(names, made);
  return made;
}

/** A look for words in bytes, and for URLs; a word that begins with fewer letters than can be told apart is thought to be everywhere. */
function compileByteTest(words: readonly SoughtWord[]): ByteTest {
  const parts = [...words, ['://']].map((word) => word.map((part) => encoder.encode(part)));
  return compileTrigrams(parts, ([first = NO_BYTES]) => first, isWord) ?? (() => true);
}

const encoder = new TextEncoder();
const PERCENT = 0x25;

/** Whether the parts of a word follow one another there, or may: letters in front of a percent sign may be spelled in part. */
function isWord(parts: readonly Uint8Array[], bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? NO_BYTES;
    if (index > 0) at = endOfSeparators(bytes, at, end, part[0] ?? 0);
    for (let sign = 0; sign < part.length; sign += 1) {
      if (at >= end) return false;
      if (lower(bytes[at] ?? 0) !== part[sign]) return index > 0 && bytes[at] === PERCENT;
      at += 1;
    }
  }
  return true;
}

function endOfSeparators(bytes: Uint8Array, from: number, end: number, sought: number): number {
  let at = from;
  while (at < end && bytes[at] !== sought && bytes[at] !== PERCENT && !isLetterOrDigit(bytes[at] ?? 0)) at += 1;
  return at;
}

function isLetterOrDigit(byte: number): boolean {
  return isLetter(byte) || isDigit(byte);
}
