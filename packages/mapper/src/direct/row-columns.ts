import type { RowFormat } from '@cryptrail/catalogue';
import { columnNames } from '../decode/row.ts';
import { BEYOND, type FindLineControl, type LineShape, NULL, type ProductFormat } from './line-scanner.ts';
import { LineTree, type TreePlace } from './line-tree.ts';
import type { RowValues } from './row-values.ts';
import type { Token } from './shape.ts';

/** The columns of a table whose rows one format reads. */
export interface RowColumns {
  readonly tokens: readonly Token[];
  /** Index of the column with the details, or -1. */
  readonly details: number;
  readonly encodedPrefix: string | undefined;
  /** The names of details. */
  readonly tree: LineTree;
  /** By where the details lead, and by what is in the columns. */
  readonly shapes: Map<TreePlace, Map<number, LineShape>>;
  /** How many shapes there are. */
  count: number;
}

/** Shapes of one table that are remembered. */
const MAX_SHAPES = 4096;
const VARIANTS = 3;
/** So many columns have a number of their own for each way to be filled: 3 to the power of 33 is below 2^53. */
const MAX_COLUMNS = 33;

/** What the columns of a table are to the first format that takes its rows; undefined when none does, or when it is not for this way. */
export function rowColumns(
  columns: readonly string[],
  formats: readonly ProductFormat[],
  findControl: FindLineControl,
): RowColumns | undefined {
  for (const { format } of formats) {
    if (format.decoder !== 'row') continue;
    const names = columnNames(columns, format);
    if (!format.requires.every((column) => names.includes(column))) continue;
    return isPlain(names, format) ? made(names, format, findControl) : undefined;
  }
  return undefined;
}

function isPlain(names: readonly string[], { positional }: RowFormat): boolean {
  return (
    names.length <= MAX_COLUMNS && new Set(names).size === names.length && !(positional && names.includes('column_1'))
  );
}

function made(names: readonly string[], { details }: RowFormat, findControl: FindLineControl): RowColumns {
  return {
    tokens: names.map((name) => ({ space: 'fields', name })),
    details: details ? names.indexOf(details.column) : -1,
    encodedPrefix: details?.encodedPrefix,
    tree: new LineTree(findControl, BEYOND),
    shapes: new Map(),
    count: 0,
  };
}

/** The shape of a row whose values are known; undefined when it is not for this way. */
export function rowShape(columns: RowColumns, values: RowValues): LineShape | undefined {
  const { place } = values;
  if (!place) return undefined;
  const code = columnsCode(columns, values);
  const shape = columns.shapes.get(place)?.get(code) ?? addShape(columns, place, code);
  return shape?.usable ? shape : undefined;
}

/** All columns in one number: each is null, empty or filled. */
function columnsCode({ tokens }: RowColumns, { kinds, fillings }: RowValues): number {
  let code = 0;
  for (let index = 0; index < tokens.length; index += 1)
    code = code * VARIANTS + (kinds[index] === NULL ? 0 : fillings[index] === 0 ? 1 : 2);
  return code;
}

function addShape(columns: RowColumns, place: TreePlace, code: number): LineShape | undefined {
  const { tokens, tree, shapes } = columns;
  if (columns.count >= MAX_SHAPES) return undefined;
  columns.count += 1;
  const made = tree.shapeBehind(tokens, place);
  const known = shapes.get(place);
  if (known) known.set(code, made);
  else shapes.set(place, new Map([[code, made]]));
  return made;
}

/** Makes room when there is none for more shapes. */
export function tidyRows(columns: RowColumns): void {
  const { tree, shapes } = columns;
  if (!tree.tidy() && columns.count < MAX_SHAPES) return;
  shapes.clear();
  columns.count = 0;
}
