/** What a Java properties file says. */
export interface JavaProperties {
  /** Key → value, escapes read; of a key that is set twice, the last. */
  readonly values: ReadonlyMap<string, string>;
  /** Keys that are set more than once. */
  readonly repeated: readonly string[];
  /** Keys of lines that are commented out, as the products' `.sample` files have them. */
  readonly commented: ReadonlySet<string>;
}

const COMMENTED = /^[#!]+\s*([A-Za-z][A-Za-z0-9._-]{2,99})\s*[=:]/;

/** Reads the format of `java.util.Properties`: `key=value`, `key: value`, `key value`, comments behind `#` or `!`, lines that go on behind a backslash, `\uXXXX` and other escapes. */
export function readJavaProperties(text: string): JavaProperties {
  const values = new Map<string, string>();
  const repeated = new Set<string>();
  const commented = new Set<string>();
  for (const line of logicalLines(text)) {
    if (line.startsWith('#') || line.startsWith('!')) {
      const key = COMMENTED.exec(line)?.[1];
      if (key !== undefined) commented.add(key);
      continue;
    }
    const { key, value } = split(line);
    if (values.has(key)) repeated.add(key);
    values.set(key, value);
  }
  return { values, repeated: [...repeated], commented };
}

/** Lines with something in them; one that ends in an odd number of backslashes goes on in the next. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open: string | undefined;
  for (const raw of text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)) {
    const line = raw.replace(/^[ \t\f]+/, '');
    if (open === undefined && (line === '' || line.startsWith('#') || line.startsWith('!'))) {
      if (line !== '') lines.push(line);
      continue;
    }
    const whole: string = (open ?? '') + line;
    open = trailingBackslashes(whole) % 2 === 1 ? whole.slice(0, -1) : undefined;
    if (open === undefined) lines.push(whole);
  }
  if (open !== undefined) lines.push(open);
  return lines;
}

function trailingBackslashes(line: string): number {
  let count = 0;
  while (line.charAt(line.length - 1 - count) === '\\') count += 1;
  return count;
}

/** The key ends at the first separator that is not escaped. */
function split(line: string): { key: string; value: string } {
  let at = 0;
  while (at < line.length && !'=: \t\f'.includes(line.charAt(at))) at += line[at] === '\\' ? 2 : 1;
  const rest = line.slice(at).replace(/^[ \t\f]*(?:[=:][ \t\f]*)?/, '');
  return { key: unescaped(line.slice(0, at)), value: unescaped(rest) };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
  ['f', '\f'],
]);

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|([\s\S]))/g, (_, code: string | undefined, sign: string | undefined) =>
    code === undefined ? (ESCAPES.get(sign ?? '') ?? sign ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
