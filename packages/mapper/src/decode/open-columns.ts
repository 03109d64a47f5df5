import { isDistinguishedName } from '../map/dn.ts';

/**
 * Puts texts that were split at a delimiter back into columns, where the columns named `open` may hold the delimiter: the texts before and behind them
 * are counted, what is left is theirs. Two names in a row part where the kind of attribute that began the first one comes again, e.g. at the second
 * `CN=` of `CN=a, O=x, CN=b, O=y`; a word for "no value" at the end is the second one.
 *
 * Undefined: there are fewer texts than columns.
 */
export function foldOpenColumns(
  texts: readonly string[],
  columns: readonly string[],
  open: readonly string[],
  delimiter: string,
  isAbsent: (text: string) => boolean,
): string[] | undefined {
  const extra = texts.length - columns.length;
  const from = columns.findIndex((column) => open.includes(column));
  if (extra < 0) return undefined;
  if (extra === 0 || from === -1) return [...texts];
  const width = columns.filter((column) => open.includes(column)).length;
  const middle = texts.slice(from, from + width + extra);
  return [
    ...texts.slice(0, from),
    ...partNames(middle, width, delimiter, isAbsent),
    ...texts.slice(from + width + extra),
  ];
}

function partNames(
  texts: readonly string[],
  width: number,
  delimiter: string,
  isAbsent: (text: string) => boolean,
): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let left = width; left > 1; left -= 1) {
    const end = endOfName(texts, from, left, isAbsent);
    parts.push(texts.slice(from, end).join(delimiter));
    from = end;
  }
  return [...parts, texts.slice(from).join(delimiter)];
}

/** Index behind the last text of the value that begins at `from`; `left` values must still be found. */
function endOfName(texts: readonly string[], from: number, left: number, isAbsent: (text: string) => boolean): number {
  const first = texts[from] ?? '';
  const last = texts.length - left + 1;
  if (!isDistinguishedName(first)) return isDistinguishedName(texts[from + 1] ?? '') ? from + 1 : last;
  if (isAbsent(texts.at(-1) ?? '')) return last;
  const type = first.slice(0, first.indexOf('=') + 1);
  const again = texts.findIndex((text, at) => at > from && text.startsWith(type));
  return again === -1 || again > last ? last : again;
}
