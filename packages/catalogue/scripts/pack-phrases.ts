import { FOLLOWERS, LEADS, type PhraseBook, tokenAt } from '../src/phrases.ts';

/** Longer phrases that occur twice are made of shorter ones that occur more often. */
const LONGEST = 40;
/** Phrases taken at a time: a look through all texts costs as much as cutting out these. */
const AT_A_TIME = 8;
/** Marks a word that is a token already: no phrase goes over it. */
const TAKEN = '\0';
/** What stands in a source in one byte and without being escaped. */
const SIGNS = Array.from({ length: 94 }, (_, place) => String.fromCharCode(0x21 + place)).filter(
  (sign) => !'"\'`\\$'.includes(sign),
);

/** Signs that occur in none of the texts. */
export function freeSigns(texts: readonly string[]): string[] {
  const used = new Set(texts.join(''));
  return SIGNS.filter((sign) => !used.has(sign));
}

/**
 * Finds the phrases whose replacement makes the texts shortest, and replaces them: what saves most comes first and gets the shortest tokens. Words are
 * not cut and lines are not joined, so that the book can be read. Texts that use nearly all signs stay as they are.
 */
export function packPhrases(
  texts: readonly string[],
  reserved = '',
): PhraseBook & { readonly packed: readonly string[] } {
  const signs = freeSigns([...texts, reserved]).join('');
  const phrases: string[] = [];
  const most = signs.length < LEADS ? 0 : signs.length - LEADS + LEADS * FOLLOWERS.length;
  const lines = texts.map((text) => text.split('\n').map(wordsOf));
  for (let before = -1; before < phrases.length && phrases.length < most; ) {
    before = phrases.length;
    for (const phrase of bestPhrases(lines.flat(), tokenAt(before, signs).length)) {
      const token = tokenAt(phrases.length, signs);
      const words = wordsOf(phrase);
      const places = lines.flat().reduce((sum, line) => sum + placesOf(words, line).length, 0);
      // Those before it may have taken its places.
      if (phrases.length === most || savingOf(phrase, places, token.length) <= 0) continue;
      phrases.push(phrase);
      for (const line of lines.flat())
        for (const place of placesOf(words, line).reverse()) line.splice(place, words.length, TAKEN + token);
    }
  }
  const packed = lines.map((text) => text.map((line) => line.join('').replaceAll(TAKEN, '')).join('\n'));
  return { signs, phrases, packed };
}

function wordsOf(line: string): string[] {
  return line.match(/[a-z]+|[^a-z]/g) ?? [];
}

/** Where the phrase stands, without overlaps. */
function placesOf(phrase: readonly string[], line: readonly string[]): number[] {
  const places: number[] = [];
  const [first = ''] = phrase;
  for (let at = line.indexOf(first); at !== -1; at = line.indexOf(first, at + 1)) {
    if (at < (places.at(-1) ?? -phrase.length) + phrase.length) continue;
    if (phrase.every((word, index) => line[at + index] === word)) places.push(at);
  }
  return places;
}

/** Signs that are saved: those of the book are to be paid, too. */
function savingOf(phrase: string, count: number, tokenLength: number): number {
  return count * (phrase.length - tokenLength) - phrase.length - 1;
}

/** The phrases that would save most, the best first. */
function bestPhrases(lines: readonly (readonly string[])[], tokenLength: number): string[] {
  const seen = new Map<string, { count: number; line: number; end: number }>();
  for (const [line, words] of lines.entries()) {
    for (let from = 0; from < words.length; from += 1) {
      let phrase = '';
      for (let to = from; to < words.length && phrase.length < LONGEST; to += 1) {
        const word = words[to] ?? '';
        if (word.startsWith(TAKEN)) break;
        phrase += word;
        if (phrase.length <= tokenLength) continue;
        const known = seen.get(phrase);
        if (!known) seen.set(phrase, { count: 1, line, end: to });
        else if (known.line !== line || known.end < from) {
          known.count += 1;
          known.line = line;
          known.end = to;
        }
      }
    }
  }
  return [...seen]
    .map(([phrase, { count }]) => ({ phrase, saving: savingOf(phrase, count, tokenLength) }))
    .filter(({ saving }) => saving > 0)
    .sort((one, other) => other.saving - one.saving)
    .slice(0, AT_A_TIME)
    .map(({ phrase }) => phrase);
}
