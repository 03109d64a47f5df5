/** What a file of `KEY=value` lines says. */
export interface Assignments {
  /** Key → value, quotes taken off; of a key that is set twice, the last. */
  readonly values: ReadonlyMap<string, string>;
  /** Keys that are set more than once. */
  readonly repeated: readonly string[];
  /** Numbers, from 1, of lines that are neither assignment nor comment. */
  readonly strange: readonly number[];
}

const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*)$/s;

/**
 * Reads lines of the form `KEY=value`, as shells, systemd and dotenv have them: `export` before the key, blanks round the sign, quotes round the value,
 * comments behind `#`. Nothing is substituted. Text that cannot be read is only counted: it may be a secret.
 */
export function readAssignments(text: string): Assignments {
  const values = new Map<string, string>();
  const repeated = new Set<string>();
  const strange: number[] = [];
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const [, key, value] = ASSIGNMENT.exec(line) ?? [];
    if (key === undefined || value === undefined) strange.push(index + 1);
    else {
      if (values.has(key)) repeated.add(key);
      values.set(key, unquoted(value));
    }
  }
  return { values, repeated: [...repeated], strange };
}

/** `"a b" # why` → `a b`; `a#b # why` → `a#b`. A quote that is not closed is part of the value. */
function unquoted(value: string): string {
  const quote = value.charAt(0);
  const end = quote === '"' || quote === "'" ? value.indexOf(quote, 1) : -1;
  if (end > 0) return value.slice(1, end);
  const comment = value.search(/\s#/);
  return (comment < 0 ? value : value.slice(0, comment)).trim();
}
