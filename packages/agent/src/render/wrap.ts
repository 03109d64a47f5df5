import { visible } from './visible.ts';
import { widthOf } from './width.ts';

/** Text in lines no wider than `width`, broken between words; every line begins with the indent. A word that is too wide stands alone. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width - indent.length) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines.map((one) => indent + one);
}

/** Labels and texts side by side, the texts wrapped and aligned; a row without text is left out. */
export function describe(
  rows: readonly (readonly [label: string, text: string | undefined])[],
  width: number,
): string[] {
  const filled = rows.filter((row): row is [string, string] => row[1] !== undefined && row[1] !== '');
  const indent = ' '.repeat(Math.max(0, ...filled.map(([label]) => label.length)) + 4);
  return filled.flatMap(([label, text]) => {
    const [first = '', ...rest] = wrap(text, width, indent);
    return [`  ${label}`.padEnd(indent.length) + first.slice(indent.length), ...rest];
  });
}
