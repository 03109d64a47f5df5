/**
 * Which rows of docs/mission.md the tests prove: `npm run mission`. A row counts as proven when a test's name starts with
 * its id; names may list several (`A05 A06 …`) or a range (`B01-B55 …`). `--check` only reports ids that are no row.
 */
import { globSync, readFileSync } from 'node:fs';

interface Row {
  readonly id: string;
  readonly title: string;
  readonly note: string;
}

/** Notes of rows that ask for nothing. */
const NOTHING_TO_DO = new Set(['page furniture', 'for information only']);

const rows = readRows(readFileSync('docs/mission.md', 'utf8'));
const files = globSync(
  ['packages/**/*.test.ts', 'packages/**/*.test-d.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
  {
    exclude: (name) => name === 'node_modules' || name === 'dist',
  },
);
const proofs = new Map<string, Set<string>>();
for (const file of files.sort()) {
  for (const id of idsIn(readFileSync(file, 'utf8'))) proofs.set(id, (proofs.get(id) ?? new Set()).add(file));
}

const known = new Set(rows.map((row) => row.id));
const strangers = [...proofs].filter(([id]) => !known.has(id));
for (const [id, where] of strangers) console.error(`${id} is no row of docs/mission.md: ${[...where].join(', ')}`);
if (strangers.length > 0 || rows.length === 0) process.exitCode = 1;
if (!process.argv.includes('--check')) report();

/** The rows of the page's tables: `| A05 | title | note |`. */
function readRows(page: string): Row[] {
  const lines = page.matchAll(/^\| ([A-F]\d{2,3}) \| ([^|]+) \| ([^|]*) ?\|$/gm);
  return [...lines].map(([, id = '', title = '', note = '']) => ({ id, title, note: note.trim() }));
}

/** The ids that open a string literal of a test file, followed by words. */
function idsIn(source: string): string[] {
  const openings = source.matchAll(/['"`]((?:[A-F]\d{2,3}(?:[-–][A-F]\d{2,3})?,? )+)[^\s'"`]/g);
  return [...openings].flatMap((match) => (match[1] ?? '').split(/[ ,]+/).filter(Boolean).flatMap(expand));
}

/** `B01-B03` → B01, B02, B03. */
function expand(text: string): string[] {
  const [first = '', last = first] = text.split(/[-–]/);
  const numbers = [first, last].map((id) => Number(id.slice(1)));
  const [from = 0, to = 0] = numbers;
  const ids = Array.from({ length: Math.max(to - from, 0) + 1 }, (_, step) => String(from + step).padStart(2, '0'));
  return first[0] === last[0] ? ids.map((number) => `${first[0]}${number}`) : [first, last];
}

function report(): void {
  const proven = (row: Row) => proofs.has(row.id);
  const idle = (row: Row) => !proven(row) && NOTHING_TO_DO.has(row.note);
  for (const section of new Set(rows.map((row) => row.id[0] ?? ''))) {
    const members = rows.filter((row) => row.id.startsWith(section));
    console.log(
      `\n${section}: ${members.filter(proven).length} proven, ${members.filter(idle).length} ask for nothing, of ${members.length}`,
    );
    for (const row of members) {
      const state = proven(row) ? 'proven' : idle(row) ? 'none' : 'open';
      const detail = proven(row) ? [...(proofs.get(row.id) ?? [])].join(', ') : row.note;
      console.log(`  ${state.padEnd(6)} ${row.id.padEnd(4)} ${row.title}${detail ? `  (${detail})` : ''}`);
    }
  }
  const open = rows.filter((row) => !proven(row) && !idle(row)).length;
  console.log(
    `\n${rows.filter(proven).length} proven, ${rows.filter(idle).length} ask for nothing, ${open} open, of ${rows.length}`,
  );
}
