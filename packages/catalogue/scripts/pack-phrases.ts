import { FOLLOWERS, LEADS, type PhraseBook, tokenAt } from '../src/phrases.ts';

/** Longer phrases that occur twice are made of shorter ones that occur more often. */
const LONGEST = 24;
/** Phrases taken at a time: a look through all texts costs as much as cutting out these. */
const AT_A_TIME = 16;
/** Stands for the first phrase while others are looked for, the sign behind it for the second, and so on. */
const FIRST_PLACE = 0xe000;
const PLACEHOLDER = /[\ue000-\uf8ff]/g;
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
 * Finds the phrases whose replacement makes the texts shortest, and replaces them: what saves most comes first and gets the shortest tokens; later ones
 * may hold tokens of earlier ones. Words are not cut and lines are not joined, so that the book can be read. Texts that use nearly all signs stay as
 * they are. `reserved`: signs to be left alone.
 */
export function packPhrases(
  texts: readonly string[],
  reserved = '',
): PhraseBook & { readonly packed: readonly string[] } {
  const signs = freeSigns([...texts, reserved]).join('');
  const lines = texts.map((text) => text.split('\n').map(wordsOf));
  const isFull = signs.length < LEADS || texts.some((text) => text.search(PLACEHOLDER) !== -1);
  const phrases = isFull ? [] : takePhrases(lines.flat(), signs);
  const written = (text: string) => text.replace(PLACEHOLDER, (sign) => tokenAt(placeOf(sign), signs));
  const packed = lines.map((text) => text.map((line) => line.join('')).join('\n'));
  return isFull ? { signs, phrases, packed } : { signs, phrases: phrases.map(written), packed: packed.map(written) };
}

/** Replaces phrases in the lines, and lists them. */
function takePhrases(lines: readonly string[][], signs: string): string[] {
  const most = signs.length - LEADS + LEADS * FOLLOWERS.length;
  const phrases: string[] = [];
  for (let before = -1; before < phrases.length && phrases.length < most; ) {
    before = phrases.length;
    for (const phrase of bestPhrases(lines, signs, before)) {
      const words = wordsOf(phrase);
      const count = lines.reduce((sum, line) => sum + placesOf(words, line).length, 0);
      // Those before it may have taken its places.
      if (phrases.length === most || savingOf(costOf(phrase, signs), count, phrases.length, signs) <= 0) continue;
      for (const line of lines)
        for (const place of placesOf(words, line).reverse())
          line.splice(place, words.length, String.fromCharCode(FIRST_PLACE + phrases.length));
      phrases.push(phrase);
    }
  }
  return phrases;
}

function placeOf(sign: string): number {
  return sign.charCodeAt(0) - FIRST_PLACE;
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

/** Signs of a phrase as it will be written. */
function costOf(phrase: string, signs: string): number {
  const beyond = FIRST_PLACE + signs.length - LEADS;
  let cost = phrase.length;
  for (let at = 0; at < phrase.length; at += 1) if (phrase.charCodeAt(at) >= beyond) cost += 1;
  return cost;
}

/** Signs that a phrase at this place of the book saves; those of the book are to be paid, too. */
function savingOf(cost: number, count: number, place: number, signs: string): number {
  return count * (cost - tokenAt(place, signs).length) - cost - 1;
}

/** The phrases that would save most, the best first. */
function bestPhrases(lines: readonly (readonly string[])[], signs: string, place: number): string[] {
  const seen = new Map<string, { count: number; cost: number; line: number; end: number }>();
  const pairs = new Map<string, number>();
  for (const words of lines) for (let at = 1; at < words.length; at += 1) add(pairs, `${words[at - 1]}${words[at]}`);
  for (const [line, words] of lines.entries()) {
    for (let from = 0; from < words.length; from += 1) {
      let phrase = '';
      let cost = 0;
      for (let to = from; to < words.length && cost < LONGEST; to += 1) {
        const word = words[to] ?? '';
        // What holds a pair that stands nowhere else does so, too.
        if (to > from && pairs.get(`${words[to - 1]}${word}`) === 1) break;
        phrase += word;
        cost += costOf(word, signs);
        if (cost < 3) continue;
        const known = seen.get(phrase);
        if (!known) seen.set(phrase, { count: 1, cost, line, end: to });
        else if (known.line !== line || known.end < from) {
          known.count += 1;
          known.line = line;
          known.end = to;
        }
      }
    }
  }
  return [...seen]
    .map(([phrase, { count, cost }]) => ({ phrase, saving: savingOf(cost, count, place, signs) }))
    .filter(({ saving }) => saving > 0)
    .sort((one, other) => other.saving - one.saving)
    .slice(0, AT_A_TIME)
    .map(({ phrase }) => phrase);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
