/** Longer words are compared no further: what a person mistypes is short, and the cost is the product of the lengths. */
const LONGEST = 64;

/**
 * The words nearest to what was written, best first: those that it begins, and those at a small edit distance.
 *
 * @returns At most `limit` words (default 1); none when nothing is near.
 */
export function nearest(written: string, words: Iterable<string>, limit = 1): string[] {
  const wanted = written.toLowerCase().slice(0, LONGEST);
  if (wanted === '') return [];
  const near: { word: string; distance: number }[] = [];
  for (const word of words) {
    const distance = distanceTo(wanted, word.toLowerCase().slice(0, LONGEST));
    if (distance <= allowed(wanted.length)) near.push({ word, distance });
  }
  near.sort((one, other) => one.distance - other.distance);
  return [...new Set(near.map(({ word }) => word))].slice(0, limit);
}

/** `Did you mean --output?` when a word is near, else nothing. */
export function didYouMean(written: string, words: Iterable<string>): string | undefined {
  const [word] = nearest(written, words);
  return word === undefined ? undefined : `Did you mean ${word}?`;
}

function allowed(length: number): number {
  return length <= 3 ? 1 : length <= 6 ? 2 : Math.ceil(length / 3);
}

function distanceTo(written: string, word: string): number {
  if (written.length >= 3 && word.startsWith(written)) return 1;
  return editDistance(written, word);
}

/** Damerau-Levenshtein (optimal string alignment): insertions, deletions, replacements and swaps of neighbours. */
export function editDistance(one: string, other: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const above = previous[column] ?? 0;
      const left = current[column - 1] ?? 0;
      const diagonal = previous[column - 1] ?? 0;
      let best = Math.min(above + 1, left + 1, diagonal + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (swapped) best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[other.length] ?? 0;
}
