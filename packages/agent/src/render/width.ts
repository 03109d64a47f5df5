import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns that a visible text takes on a terminal: wide characters take two, combining ones none. */
export function widthOf(text: string): number {
  return isPlain(text) ? text.length : stringWidth(text);
}

/** The text, cut with `…` when it is wider than `width` columns. */
export function fit(text: string, width: number): string {
  // No character is narrower than a quarter of a UTF-16 unit that matters here: longer texts are cut before they are measured.
  const candidate = text.length > width * 16 ? text.slice(0, width * 16) : text;
  if (candidate.length === text.length && widthOf(text) <= width) return text;
  if (width <= 1) return width === 1 ? '…' : '';
  if (isPlain(candidate)) return `${candidate.slice(0, width - 1)}…`;
  let kept = '';
  let columns = 0;
  for (const { segment } of graphemes.segment(candidate)) {
    columns += stringWidth(segment);
    if (columns > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** The text, filled with blanks up to `width` columns. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
