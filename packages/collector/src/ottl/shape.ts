import type { TextShape } from '@cryptrail/catalogue';
import { DN_START } from './names.ts';

/** RE2 expressions for the forms of the tables. */
const SHAPES: Readonly<Record<TextShape, string>> = {
  upper_name: '[A-Z][A-Z0-9_]*',
  iso_time:
    '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?',
  digits: '[0-9]{1,20}',
  integer: '-?[0-9]{1,20}',
  distinguished_name: `${DN_START}.*?`,
};

/** The expression for a form; without one, `otherwise`. */
export function shapePattern(shape: TextShape | undefined, otherwise: string): string {
  return shape === undefined ? otherwise : SHAPES[shape];
}
