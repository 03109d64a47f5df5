import type { Layout } from '../records.ts';
import type { ReadLayout } from './layout.ts';

/** Formats of one product whose messages a logger category announces. */
export interface AnnouncedMessages {
  readonly categories: readonly string[];
  /** True when a message of the format begins here. */
  readonly begins: (message: string) => boolean;
}

/** How far the category may stand from the beginning of a line, and the message from the category. */
const MAX_PREFIX_LENGTH = 512;
/** `2026-10-24 22:53:27,002`, with a zone or without, or the time alone. */
const TIME = /^\[?((?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)(?![\d.,])/;

/**
 * Reads lines whose layout is damaged or configured in a way that no known pattern fits: a known logger category stands in the line as a word of its
 * own, and behind it a message of its format begins. The time is believed when it begins the line, the level when it is one of these words, in capitals,
 * before the message; the thread stays unknown.
 */
export function compileUnknownLayout(
  announced: readonly AnnouncedMessages[],
  levels: ReadonlySet<string> = new Set(),
): ReadLayout {
  const known = announced.flatMap(({ categories, begins }) =>
    categories.flatMap((category) =>
      [...new Set([category, category.slice(category.lastIndexOf('.') + 1)])].map((name) => ({ name, begins })),
    ),
  );
  return (text) => {
    const head = text.slice(0, MAX_PREFIX_LENGTH);
    for (const { name, begins } of known) {
      const at = indexOfWord(head, name);
      const start = at === -1 ? -1 : messageStart(text, at + name.length, begins);
      if (start !== -1) return { layout: layoutOf(text.slice(0, start), name, levels), message: text.slice(start) };
    }
    return undefined;
  };
}

function layoutOf(head: string, category: string, levels: ReadonlySet<string>): Layout {
  const time = TIME.exec(head)?.[1];
  const level = levels.size === 0 ? undefined : head.match(/\b[A-Z]{4,8}\b/g)?.find((word) => levels.has(word));
  return { category, ...(time === undefined ? {} : { time }), ...(level === undefined ? {} : { level }) };
}

function indexOfWord(text: string, word: string): number {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!isNameSign(text.charAt(at - 1)) && !isNameSign(text.charAt(at + word.length))) return at;
  }
  return -1;
}

/** The first place behind a blank at which a message begins. */
function messageStart(text: string, from: number, begins: (message: string) => boolean): number {
  const end = from + MAX_PREFIX_LENGTH;
  for (let at = text.indexOf(' ', from); at !== -1 && at < end; at = text.indexOf(' ', at + 1)) {
    if (begins(text.slice(at + 1))) return at + 1;
  }
  return -1;
}

function isNameSign(sign: string): boolean {
  return /^[\w$]$/.test(sign);
}
