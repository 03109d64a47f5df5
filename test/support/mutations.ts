import { AUDIT_KEY, protect, protectedRows, type RowTexts, signedLog, toCsv } from './signed-sources.ts';

/** A source that products sign, and what was done to it. */
export interface Mutation {
  readonly source: MutatedSource;
  /** What was done, for the message of a test. */
  readonly what: string;
  readonly text: Buffer;
}

/** Sources that are changed. */
export type MutatedSource = 'plaintext' | 'cef' | 'json' | 'rows';

const SOURCES: readonly MutatedSource[] = ['plaintext', 'cef', 'json', 'rows'];
const UNSIGNED = {
  plaintext: 'time="2024-09-17T07:59:59Z" level=info msg="Starting service"',
  cef: 'CEF:0|cossacklabs|acra-server|0.96.0|100|Starting service|1|unixTime=1726559999.000',
  json: '{"level":"info","msg":"Starting service","product":"acra-server","unixTime":"1726559999.000"}',
} as const;

/** The whole source. Logs: an unsigned line, and two chains; rows: 40 of one node. */
export function wholeSource(source: MutatedSource): string {
  const known = made.get(source);
  if (known !== undefined) return known;
  const text = makeSource(source);
  made.set(source, text);
  return text;
}

const made = new Map<MutatedSource, string>();

function makeSource(source: MutatedSource): string {
  if (source === 'rows') return toCsv(protectedRows(40));
  const second = signedLog(source, 9, AUDIT_KEY, 3600);
  return `${[UNSIGNED[source], ...signedLog(source, 12), ...second].join('\n')}\n`;
}

/** The change with this number: the same for ever. */
export function mutate(number: number): Mutation {
  const random = createRandom(number);
  const source = SOURCES[number % SOURCES.length] ?? 'rows';
  const whole = wholeSource(source);
  const kinds = source === 'rows' ? ROW_CHANGES : LINE_CHANGES;
  // Half of the changes are of one byte.
  if (random(2) === 0) return { source, ...changeByte(whole, random) };
  const [what, change] = kinds[random(kinds.length)] ?? kinds[0];
  return { source, what, text: Buffer.from(change(whole, random)) };
}

type Random = (below: number) => number;

/** Mulberry32: small, and the same everywhere. */
function createRandom(seed: number): Random {
  let state = (seed + 1) * 0x9e3779b1;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

function changeByte(whole: string, random: Random): { what: string; text: Buffer } {
  const text = Buffer.from(whole);
  const at = random(text.length);
  const before = text[at] ?? 0;
  // Mostly to something that could be there, else to any byte.
  const byte = random(3) > 0 ? 0x20 + random(95) : random(256);
  text[at] = byte;
  return { what: `byte ${at} from ${before} to ${byte}`, text };
}

type Change = readonly [name: string, (whole: string, random: Random) => string];

const onLines =
  (change: (lines: string[], random: Random) => string[]): Change[1] =>
  (whole, random) =>
    `${change(whole.trimEnd().split('\n'), random).join('\n')}\n`;

const LINE_CHANGES: readonly [Change, ...Change[]] = [
  ['line removed', onLines((lines, random) => lines.toSpliced(random(lines.length), 1))],
  ['lines removed', onLines((lines, random) => lines.toSpliced(random(lines.length), 1 + random(5)))],
  ['line repeated', onLines((lines, random) => insert(lines, lines[random(lines.length)] ?? '', random))],
  ['line put in', onLines((lines, random) => insert(lines, (lines[0] ?? '').replace('Starting', 'Forged'), random))],
  [
    'lines exchanged',
    onLines((lines, random) => {
      const [a, b] = [random(lines.length), random(lines.length)];
      return lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
    }),
  ],
  [
    'value taken off',
    onLines((lines, random) => {
      const at = random(lines.length);
      return lines.with(at, (lines[at] ?? '').replace(/ integrity=\w+(?: chain=new)?|"integrity":"\w+",/, ''));
    }),
  ],
  ['tail cut off', onLines((lines, random) => lines.slice(0, random(lines.length)))],
  ['chain removed', onLines((lines, random) => (random(2) === 0 ? lines.toSpliced(1, 12) : lines.toSpliced(13, 9)))],
  ['chains exchanged', onLines((lines) => [...lines.slice(0, 1), ...lines.slice(13), ...lines.slice(1, 13)])],
  ['chain repeated', onLines((lines) => [...lines, ...lines.slice(1, 13)])],
];

function insert(lines: readonly string[], line: string, random: Random): string[] {
  return lines.toSpliced(random(lines.length + 1), 0, line);
}

const onRows =
  (change: (rows: RowTexts[], random: Random) => RowTexts[]): Change[1] =>
  (_, random) =>
    toCsv(change(protectedRows(40), random));

const SIGNED_COLUMNS = [
  'pk',
  'additionalDetails',
  'authToken',
  'customId',
  'eventStatus',
  'eventType',
  'module',
] as const;
const MORE_COLUMNS = ['nodeId', 'searchDetail1', 'searchDetail2', 'sequenceNumber', 'service', 'timeStamp'] as const;
const COLUMNS = [...SIGNED_COLUMNS, ...MORE_COLUMNS, 'rowVersion'] as const;

const ROW_CHANGES: readonly [Change, ...Change[]] = [
  ['row removed', onRows((rows, random) => rows.toSpliced(random(rows.length), 1))],
  ['rows cut off', onRows((rows, random) => rows.slice(0, 1 + random(rows.length - 1)))],
  [
    'column changed',
    onRows((rows, random) => {
      const at = random(rows.length);
      const column = COLUMNS[random(COLUMNS.length)] ?? 'pk';
      return rows.map((row, index) => (index === at ? { ...row, [column]: changedText(row[column], random) } : row));
    }),
  ],
  [
    'rows exchanged',
    onRows((rows, random) => {
      const [a, b] = [random(rows.length), random(rows.length)];
      const [first, second] = [rows[a], rows[b]];
      return first && second ? rows.with(a, second).with(b, first) : rows;
    }),
  ],
  [
    'numbers exchanged',
    onRows((rows, random) => {
      const [a, b] = [random(rows.length), random(rows.length)];
      const number = (index: number) => rows[index]?.sequenceNumber ?? '0';
      return rows.map((row, index) =>
        index === a ? { ...row, sequenceNumber: number(b) } : index === b ? { ...row, sequenceNumber: number(a) } : row,
      );
    }),
  ],
  [
    'row repeated under another key',
    onRows((rows, random) => [
      ...rows,
      { ...(rows[random(rows.length)] ?? protectedRows(1)[0]), pk: 'copy' } as RowTexts,
    ]),
  ],
  ['row repeated', onRows((rows, random) => [...rows, ...rows.slice(random(rows.length)).slice(0, 1)])],
  [
    'protection taken off',
    onRows((rows, random) => {
      const at = random(rows.length);
      return rows.map((row, index) => (index === at ? { ...row, rowProtection: '' } : row));
    }),
  ],
  [
    'row of another key put in',
    onRows((rows, random) => {
      const at = random(rows.length);
      const forged = { ...protect({ ...(rows[at] ?? protectedRows(1)[0]), module: 'FORGED' } as RowTexts) };
      return rows.with(at, { ...forged, rowProtection: forged.rowProtection.replace(':400:', ':401:') });
    }),
  ],
];

function changedText(text: string, random: Random): string {
  const at = random(text.length + 1);
  return text.slice(0, at) + String.fromCharCode(0x30 + random(10)) + text.slice(at + random(2));
}

/** Why a change cannot be found, by looks at the text alone; undefined when it should have been. */
export function harmlessClass({ source, text }: Mutation): string | undefined {
  const whole = wholeSource(source);
  if (text.equals(Buffer.from(whole))) return 'nothing changed';
  if (source === 'rows') return harmlessRows(whole, text.toString('utf8'));
  const [before, after] = [linesOf(source, whole), linesOf(source, text.toString('latin1'))];
  if (same(before.exact, after.exact)) return 'line without a value';
  if (same(before.meaning, after.meaning)) return 'spelled otherwise';
  const [first, second] = [before.meaning.slice(0, 12), before.meaning.slice(12)];
  if (same(after.meaning, first) || same(after.meaning, second)) return 'whole chain removed';
  return undefined;
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

/** Signed lines as they stand, and as they are read. */
function linesOf(source: Exclude<MutatedSource, 'rows'>, text: string) {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const exact = lines.filter((line) => (source === 'json' ? /"integrity":/ : / integrity=/).test(line));
  return { exact, meaning: exact.map((line) => (source === 'json' ? jsonMeaning(line) : textMeaning(line))) };
}

function textMeaning(line: string): string {
  return line.replace(/ integrity=[0-9a-fA-F]+/, (value) => value.toLowerCase()).replace(/\s+$/, '');
}

function jsonMeaning(line: string): string {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return line;
    const entries = Object.entries({ ...value }).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify(
      entries.map(([name, item]) => [name, name === 'integrity' ? String(item).toLowerCase() : item]),
    );
  } catch {
    return line;
  }
}

function harmlessRows(whole: string, text: string): string | undefined {
  const [before, after] = [rowsOf(whole), rowsOf(text)];
  if (!before || !after) return undefined;
  const signed = (rows: readonly Row[]) => [...new Set(rows.map((row) => JSON.stringify(signedValues(row))))];
  // Old rows are archived and deleted in every installation.
  if (same(signed(before).slice(1), signed(after))) return 'first row removed';
  if (!same(signed(before).toSorted(), signed(after).toSorted())) return undefined;
  if (before.length !== after.length) return 'same row twice';
  return same(signed(before), signed(after)) ? 'not part of what is signed' : 'rows in another order';
}

type Row = ReadonlyMap<string, string>;

function signedValues(row: Row): string[] {
  const values = [...SIGNED_COLUMNS, ...MORE_COLUMNS].map((name) => row.get(name.toLowerCase()) ?? '');
  return [...values, (row.get('rowprotection') ?? '').toLowerCase()];
}

/** A reader of its own for CSV as these tests write it; undefined for what has no head. */
function rowsOf(text: string): Row[] | undefined {
  const records: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (const [index, sign] of [...text].entries()) {
    if (sign === '"') {
      // The second of two quotes inside a cell opens it again, and stands for one.
      if (!quoted && text[index - 1] === '"' && cell !== '') cell += '"';
      quoted = !quoted;
    } else if (!quoted && (sign === ',' || sign === '\n')) {
      records.at(-1)?.push(cell);
      cell = '';
      if (sign === '\n') records.push([]);
    } else cell += sign;
  }
  const [head, ...rows] = records.filter((record) => record.length > 1);
  const names = head?.map((name) => name.toLowerCase().replace(/[_ ]/g, ''));
  return names && rows.map((cells) => new Map(cells.map((value, index) => [names[index] ?? '', value])));
}
