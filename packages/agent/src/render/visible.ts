/**
 * Characters that act on a terminal or deceive a reader instead of showing themselves: controls (C0, DEL, C1), line and paragraph
 * separators, marks that turn the writing direction, byte order marks, and halves of surrogate pairs.
 */
const ACTING = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu;

const SHORT = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\u001b', '\\e'],
]);

/**
 * Text that can be printed on a terminal whatever it came from: escape sequences, other controls and direction marks become
 * visible (`\e[31m`, `\n`, `\u202e`).
 */
export function visible(text: string): string {
  return text.replace(ACTING, (character) => SHORT.get(character) ?? escaped(character));
}

/** The same for one line of finished JSON: what JSON leaves as it is, but a terminal may act on, becomes `\u009b`; the meaning stays. */
export function visibleJson(json: string): string {
  return json.replace(ACTING, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
