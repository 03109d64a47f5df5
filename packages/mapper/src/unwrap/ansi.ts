import { createTextBuilder } from '../text-builder.ts';

const ESCAPE = '\u001b[';

/** The text without colour codes (`ESC [ … m`), or undefined when it has none. */
export function stripColour(text: string): string | undefined {
  let at = text.indexOf(ESCAPE);
  if (at === -1) return undefined;
  const plain = createTextBuilder();
  let from = 0;
  while (at !== -1) {
    const end = endOfColour(text, at + ESCAPE.length);
    if (end !== undefined) {
      plain.add(text.slice(from, at));
      from = end;
    }
    at = text.indexOf(ESCAPE, end ?? at + ESCAPE.length);
  }
  plain.add(text.slice(from));
  return from === 0 ? undefined : plain.text();
}

/** Index behind the `m` of digits and semicolons, or undefined. */
function endOfColour(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x6d) return at + 1;
    if (!((unit >= 0x30 && unit <= 0x39) || unit === 0x3b)) return undefined;
  }
  return undefined;
}
