import type { Position } from '../sources/source.ts';
import { POSITION_TABLES, type PositionTable, type StreamPosition } from './position-tables.ts';
import { renderTable } from './table.ts';
import { visible } from './visible.ts';

/** Where the agent is in its sources. */
export interface StateReport {
  readonly directory: string;
  /** An agent uses the directory now. */
  readonly running: boolean;
  readonly pid?: number;
  readonly positions: readonly { readonly source: string; readonly stream: string; readonly position: Position }[];
}

/** The state for people: the positions of each source as tables. Ends with a line break. */
export function renderState({ directory, running, pid, positions }: StateReport): string {
  const agent = running ? `an agent runs${pid === undefined ? '' : ` (process ${pid})`}` : 'no agent runs';
  const sources = [...Map.groupBy(positions, ({ source }) => source)].map(
    ([source, streams]) => `\n${visible(source)}\n${renderStreams(streams)}`,
  );
  const shown = sources.length === 0 ? '\nno positions\n' : sources.join('');
  return `${visible(`${directory}: ${agent}`)}\n${shown}`;
}

/** Positions of one source: as a rule all of one kind. */
function renderStreams(streams: readonly StreamPosition[]): string {
  const named = streams.filter(({ position }) => position !== true);
  // That the source was started before is remembered as a stream of its own, which says nothing beside others.
  if (named.length === 0) return '  started; nothing was read yet\n';
  const rows = named.map((one) => tableFor(one));
  return [...Map.groupBy(rows, ({ table }) => table)]
    .map(([table, ofIt]) =>
      renderRows(
        table,
        ofIt.map(({ row }) => row),
      ),
    )
    .join('');
}

function tableFor(one: StreamPosition): { table: PositionTable; row: readonly string[] } {
  for (const table of POSITION_TABLES) {
    const row = table.row(one);
    if (row) return { table, row };
  }
  throw new Error('no table is for everything');
}

function renderRows({ titles, numbers }: PositionTable, rows: readonly (readonly string[])[]): string {
  // A column that says nothing of any stream is left out.
  const used = titles.flatMap((title, at) => (rows.some((row) => row[at]) ? [{ title, at }] : []));
  const columns = used.map(({ title }) => ({ title, align: numbers.includes(title) ? 'right' : 'left' }) as const);
  const text = renderTable(
    columns,
    rows.map((row) => used.map(({ at }) => row[at] ?? '')),
  );
  return `${text.replace(/^/gm, '  ').trimEnd()}\n`;
}
