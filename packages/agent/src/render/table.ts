import { visible } from './visible.ts';
import { fit, pad, widthOf } from './width.ts';

/** One column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Widest it may get, in columns of the terminal. */
  readonly most?: number;
}

/** How a table is laid out. */
export interface TableLayout {
  /** Width to fit into; absent: cells of the last column are never cut. */
  readonly width?: number | undefined;
  readonly heading?: boolean;
  /** Puts colour on a finished line. */
  readonly paint?: (line: string, row: number) => string;
}

const GAP = '  ';

/** Rows under aligned titles. Cells are made visible first: nothing in them acts on a terminal. The last column takes what room is left. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  layout: TableLayout = {},
): string {
  const cells = rows.map((row) => columns.map((_, at) => visible(row[at] ?? '')));
  const widths = widthsOf(columns, cells, layout.width);
  const line = (row: readonly string[]) => {
    const parts = columns.map(({ align }, at) =>
      layOut(row[at] ?? '', widths[at] ?? 0, align, at === columns.length - 1),
    );
    const whole = parts.join(GAP).trimEnd();
    // On a terminal that is narrower than the other columns together.
    return layout.width === undefined ? whole : fit(whole, layout.width);
  };
  const paint = layout.paint ?? ((text: string) => text);
  const lines = cells.map((row, at) => paint(line(row), at));
  if (layout.heading ?? true) lines.unshift(line(columns.map(({ title }) => title)));
  return lines.map((text) => `${text}\n`).join('');
}

function widthsOf(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number | undefined,
): number[] {
  const widths = columns.map(({ title, most = Number.POSITIVE_INFINITY }, at) =>
    Math.min(most, Math.max(title.length, ...cells.map((row) => Math.min(most, widthOf(row[at] ?? ''))))),
  );
  const last = columns.length - 1;
  if (width === undefined) {
    widths[last] = Number.POSITIVE_INFINITY;
    return widths;
  }
  const taken = widths.slice(0, last).reduce((sum, one) => sum + one + GAP.length, 0);
  widths[last] = Math.max(columns[last]?.title.length ?? 0, width - taken);
  return widths;
}

function layOut(cell: string, width: number, align: Column['align'], last: boolean): string {
  const fitted = Number.isFinite(width) ? fit(cell, width) : cell;
  return last ? fitted : pad(fitted, width, align);
}
