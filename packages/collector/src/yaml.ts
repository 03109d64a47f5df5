/** A value of a configuration; a text that begins with `#` in a list of statements is a comment. */
export type Yaml = string | number | boolean | readonly Yaml[] | { readonly [key: string]: Yaml };

/** A comment on the line before what follows. */
export const COMMENT = '#';

/**
 * Writes a configuration as YAML in the style of people: block maps and lists, texts in single quotes where they need some. A key that begins with
 * `#` is a comment. Dollar signs are doubled except in `${env:…}`, because the Collector substitutes.
 */
export function toYaml(value: Yaml, indent = 0): string {
  const margin = ' '.repeat(indent);
  if (Array.isArray(value)) return value.map((item: Yaml) => listItem(item, indent)).join('');
  if (typeof value !== 'object') return `${margin}${scalar(value)}\n`;
  return Object.entries(value as { readonly [key: string]: Yaml })
    .map(([key, item]) => (key.startsWith(COMMENT) ? comment(item, margin) : entry(key, item, indent)))
    .join('');
}

function comment(item: Yaml, margin: string): string {
  return String(item)
    .split('\n')
    .map((line) => `${margin}# ${line}`.trimEnd())
    .join('\n')
    .concat('\n');
}

function entry(key: string, item: Yaml, indent: number): string {
  const margin = ' '.repeat(indent);
  if (typeof item !== 'object') return `${margin}${key}: ${scalar(item)}\n`;
  if (isShort(item)) return `${margin}${key}: ${flow(item)}\n`;
  return `${margin}${key}:\n${toYaml(item, indent + 2)}`;
}

function listItem(item: Yaml, indent: number): string {
  const margin = ' '.repeat(indent);
  if (typeof item === 'string' && item.includes('\n')) return literalBlock(item, margin);
  if (typeof item !== 'object') return `${margin}- ${scalar(item)}\n`;
  if (isShort(item)) return `${margin}- ${flow(item)}\n`;
  const body = toYaml(item, indent + 2);
  const lines = body.split('\n');
  const first = lines.findIndex((line) => !line.trimStart().startsWith(COMMENT));
  const comments = lines.slice(0, first).map((line) => `${line.slice(2)}\n`);
  return `${comments.join('')}${margin}- ${lines
    .slice(first)
    .join('\n')
    .slice(indent + 2)}`;
}

/** Lists and maps of a few plain texts stand on one line. */
function isShort(item: Yaml): boolean {
  if (typeof item !== 'object') return true;
  const values = Object.values(item);
  if (Object.keys(item).some((key) => key.startsWith(COMMENT))) return false;
  const isPlain = values.every(
    (value) => typeof value !== 'object' || (Object.keys(value).length <= 6 && isShort(value)),
  );
  const isOneLine = values.every((value) => typeof value !== 'string' || !value.includes('\n'));
  return isPlain && isOneLine && flow(item).length <= 100;
}

function flow(item: Yaml): string {
  if (typeof item !== 'object') return scalar(item);
  if (Array.isArray(item)) return `[${item.map(flow).join(', ')}]`;
  const pairs = Object.entries(item as { readonly [key: string]: Yaml }).map(
    ([key, value]) => `${key}: ${flow(value)}`,
  );
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/** A text of several lines, as it is. */
function literalBlock(text: string, margin: string): string {
  const lines = dollars(text).split('\n');
  return `${margin}- |-\n${lines.map((line) => `${margin}  ${line}\n`).join('')}`;
}

/** The Collector substitutes what stands behind a dollar sign, unless it is doubled. */
function dollars(text: string): string {
  return text.replace(/\$(?!\{env:)/g, '$$$$');
}

const PLAIN = /^[A-Za-z_/][A-Za-z0-9_./-]*$/;
const WORDS = new Set(['true', 'false', 'yes', 'no', 'on', 'off', 'null']);

function scalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  if (PLAIN.test(value) && !WORDS.has(value.toLowerCase())) return value;
  if (/^\d+(?:ms|s|m|h|MiB)$/.test(value)) return value;
  // A line break between single quotes is a blank to YAML.
  if (value.includes('\n')) return JSON.stringify(dollars(value));
  return `'${dollars(value.replaceAll("'", "''"))}'`;
}
