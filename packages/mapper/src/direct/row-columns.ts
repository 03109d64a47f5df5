import type { RowFormat } from '@cryptrail/catalogue';
import { columnNames } from '../decode/row.ts';
import { type FindLineControl, type LineShape, MAX_TOKENS, type ProductFormat } from './line-scanner.ts';
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
}

const FILLINGS = 3;
const LESS = 0x3c;
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
    names.length < MAX_TOKENS && new Set(names).size === names.length && !(positional && names.includes('column_1'))
  );
}

function made(names: readonly string[], { details }: RowFormat, findControl: FindLineControl): RowColumns {
  return {
    tokens: names.map((name) => ({ space: 'fields', name })),
    details: details ? names.indexOf(details.column) : -1,
    encodedPrefix: details?.encodedPrefix,
    tree: new LineTree(findControl),
  };
}

/** The shape of a row whose values are known. */
export function rowShape(
  { tokens, tree }: RowColumns,
  values: RowValues,
  bytes: Uint8Array,
  end: number,
): LineShape | undefined {
  let place: TreePlace | undefined = tree.root;
  for (let index = 0; index < values.count; index += 1) {
    const column = tokens[index];
    const edge = column
      ? tree.known(place, column)
      : tree.named(place, bytes, values.names[index] ?? 0, end, LESS, 'details');
    // A name with escapes is another one than its bytes say.
    if (!edge || (edge.next.length === 0 && UNSAFE_NAME.test(edge.token.name))) return undefined;
    place = tree.next(place, edge, (values.kinds[index] ?? 0) * FILLINGS + (values.fillings[index] ?? 0));
    if (!place) return undefined;
  }
  return tree.shapeAt(place);
}
