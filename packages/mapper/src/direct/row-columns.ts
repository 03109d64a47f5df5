import type { RowFormat } from '@cryptrail/catalogue';
import { columnNames } from '../decode/row.ts';
import { type FindLineControl, type LineShape, NULL, type ProductFormat } from './line-scanner.ts';
import { LineTree, type TreePlace } from './line-tree.ts';
import type { RowValues } from './row-values.ts';
import type { Token } from './shape.ts';

/** The columns of a table whose rows one format reads. */
export interface RowColumns {
  readonly tokens: readonly Token[];
  /** Index of the column with the details, or -1. */
  readonly details: number;
  readonly encodedPrefix: string | undefined;
  readonly tree: LineTree;
  /** Where the columns lead, by what is in each of them. */
  readonly places: Map<number, TreePlace>;
}

const FILLINGS = 3;
const VARIANTS = 3;
/** So many columns have a number of their own for each way to be filled: 3 to the power of 33 is below 2^53. */
const MAX_COLUMNS = 33;
const UNSAFE_NAME = /["'&\\]/;

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
    tree: new LineTree(findControl),
    places: new Map(),
  };
}

/** The shape of a row whose values are known. */
export function rowShape(columns: RowColumns, values: RowValues, bytes: Uint8Array): LineShape | undefined {
  const { tree } = columns;
  let place = placeBehindColumns(columns, values);
  for (let index = columns.tokens.length; place !== undefined && index < values.count; index += 1) {
    const { nameStarts, nameEnds } = values;
    const edge = tree.spelled(place, bytes, nameStarts[index] ?? 0, nameEnds[index] ?? 0, 'details');
    // A name with escapes is another one than its bytes say.
    if (!edge || (edge.next.length === 0 && UNSAFE_NAME.test(edge.token.name))) return undefined;
    place = tree.next(place, edge, variantOf(values, index));
  }
  return place && tree.shapeAt(place);
}

/** All columns in one look: each is null, empty or filled. */
function placeBehindColumns({ tokens, tree, places }: RowColumns, values: RowValues): TreePlace | undefined {
  let code = 0;
  for (let index = 0; index < tokens.length; index += 1) code = code * VARIANTS + columnVariant(values, index);
  const known = places.get(code);
  if (known) return known;
  let place: TreePlace | undefined = tree.root;
  for (let index = 0; place !== undefined && index < tokens.length; index += 1) {
    const column = tokens[index];
    place = column && tree.next(place, tree.known(place, column), variantOf(values, index));
  }
  if (place) places.set(code, place);
  return place;
}

function columnVariant({ kinds, fillings }: RowValues, index: number): number {
  return kinds[index] === NULL ? 0 : (fillings[index] ?? 0) === 0 ? 1 : 2;
}

function variantOf({ kinds, fillings }: RowValues, index: number): number {
  return (kinds[index] ?? 0) * FILLINGS + (fillings[index] ?? 0);
}

/** Makes room when there is none for more shapes. */
export function tidyRows({ tree, places }: RowColumns): void {
  const { root } = tree;
  tree.tidy();
  if (tree.root !== root) places.clear();
}
