import { wordsOf } from './direct/words.ts';

/** Whether bytes hold what is sought. */
export type BytesTest = (bytes: Uint8Array, start: number, end: number) => boolean;

const BITS = 5;
const MASK = 0x1f;
const PAIRS = 2 ** (2 * BITS);
const LETTERS = MASK + 1;

/** What may stand where three letters are met, and how far before them it begins then. */
interface Candidate<Sought> {
  readonly one: Sought;
  readonly before: number;
}

/**
 * A look for any of some things that begin with known letters, whatever their case: three letters, five bits each, tell most texts from those that hold one. Every other place is looked at,
 * so a thing is known by its first three letters and by the three that stand one further on; one of three letters by the first two behind any other sign. `matches`: asked where one may
 * stand, and never true without all the letters of its beginning. Undefined when one begins with fewer than three.
 */
export function compileTrigrams<Sought>(
  all: readonly Sought[],
  beginningOf: (one: Sought) => Uint8Array,
  matches: (one: Sought, bytes: Uint8Array, at: number, end: number) => boolean,
): BytesTest | undefined {
  const candidates = new Map<number, Candidate<Sought>[]>();
  /** For each pair of letters one bit for each third one. */
  const known = new Int32Array(PAIRS);
  const add = (pair: number, third: number, candidate: Candidate<Sought>) => {
    const place = trigramOf(pair, third);
    candidates.set(place, [...(candidates.get(place) ?? []), candidate]);
    known[pair] = (known[pair] ?? 0) | (1 << (third & MASK));
  };
  for (const one of all) {
    const [first = 0, second = 0, third, fourth] = beginningOf(one);
    if (third === undefined) return undefined;
    add(pairOf(first, second), third, { one, before: 0 });
    if (fourth !== undefined) add(pairOf(second, third), fourth, { one, before: 1 });
    else for (let sign = 0; sign < LETTERS; sign += 1) add(pairOf(sign, first), second, { one, before: -1 });
  }
  const matchesAt = (bytes: Uint8Array, start: number, at: number, end: number): boolean => {
    const place = trigramOf(pairOf(bytes[at] ?? 0, bytes[at + 1] ?? 0), bytes[at + 2] ?? 0);
    for (const { one, before } of candidates.get(place) ?? [])
      if (at - before >= start && matches(one, bytes, at - before, end)) return true;
    return false;
  };
  const isKnown = (pair: number, third: number): boolean => (((known[pair] ?? 0) >>> (third & MASK)) & 1) !== 0;
  return (bytes, start, end) => {
    const words = wordsOf(bytes);
    let at = start;
    for (const last = end - 4; at < last; at += 4) {
      const word = words.getInt32(at, true);
      const fifth = words.getUint8(at + 4);
      const one = (known[pairOf(word, word >>> 8)] ?? 0) >>> ((word >>> 16) & MASK);
      const two = (known[pairOf(word >>> 16, word >>> 24)] ?? 0) >>> (fifth & MASK);
      if (((one | two) & 1) === 0) continue;
      if ((one & 1) !== 0 && matchesAt(bytes, start, at, end)) return true;
      if ((two & 1) !== 0 && matchesAt(bytes, start, at + 2, end)) return true;
    }
    for (const last = end - 2; at < last; at += 2)
      if (isKnown(pairOf(bytes[at] ?? 0, bytes[at + 1] ?? 0), bytes[at + 2] ?? 0) && matchesAt(bytes, start, at, end))
        return true;
    return false;
  };
}

function pairOf(first: number, second: number): number {
  return ((first & MASK) << BITS) | (second & MASK);
}

function trigramOf(pair: number, third: number): number {
  return (pair << BITS) | (third & MASK);
}
