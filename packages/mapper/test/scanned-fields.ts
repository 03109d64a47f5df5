import type { Decoded } from '../src/decode/decoded.ts';
import { BEYOND, ESCAPED, KINDS, type LineScanner, TELLING } from '../src/direct/line-scanner.ts';
import { asciiText, isUtf8, utf8Text } from '../src/direct/utf8.ts';

/** What a scanner knows of a line as names and texts, in order; undefined when it leaves the line to the decoder. Throws where it says less of a value than there is to say. */
export function scannedFields(scanner: LineScanner, line: string): [string, string][] | undefined {
  // What stands beside a line in its chunk must not count.
  const around = new TextEncoder().encode(`=a" ${line}\n=" b=|`);
  const start = 4;
  const end = around.length - 7;
  if (!scanner.mayBegin(around, start, end)) return undefined;
  const shape = scanner.scan(around, start, end);
  if (!shape || ((scanner.seen & BEYOND) !== 0 && !isUtf8(around, start, end))) return undefined;
  return shape.tokens.map(({ name }, index) => {
    const signs = scanner.signs[index] ?? 0;
    const [from = 0, to = 0] = [scanner.starts[index], scanner.ends[index]];
    if (KINDS[scanner.kinds[index] ?? -1] !== 'text') throw new Error(`${name} is no text`);
    const raw = ((signs & BEYOND) === 0 ? asciiText : utf8Text)(around, from, to);
    const text = (signs & ESCAPED) === 0 ? raw : scanner.text(index);
    if (text === undefined) throw new Error(`the escapes of ${name} are none`);
    if ((signs & (TELLING | ESCAPED)) === 0 && /[ :="'`]/.test(text)) throw new Error(`${name} tells nothing`);
    if ((signs & ~scanner.seen) !== 0) throw new Error(`${name} is not among what was seen`);
    return [name, text];
  });
}

/** The same of what the decoder read; a text where it had something to report or kept something apart. */
export function decodedFields(decoded: Decoded | undefined): [string, string][] | string {
  if (!decoded) return 'it is none';
  if (decoded.issues.length > 0 || decoded.details.size > 0) return 'there is something to report';
  return [...decoded.fields].map(([name, { text }]) => [name, text]);
}
