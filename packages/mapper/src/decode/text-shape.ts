import type { TextShape } from '@cryptrail/catalogue';
import { isDistinguishedName } from '../map/dn.ts';

/** An enum name is short; a longer run of capitals is no event. */
const MAX_NAME_LENGTH = 64;
/** `2026-10-24 22:53:26.123456789+02:00` */
const MAX_TIME_LENGTH = 40;
const MAX_DIGITS = 20;

const SHAPES: Readonly<
  Record<Exclude<TextShape, 'distinguished_name'>, { readonly form: RegExp; readonly maxLength: number }>
> = {
  upper_name: { form: /^[A-Z][A-Z0-9_]*$/, maxLength: MAX_NAME_LENGTH },
  iso_time: {
    form: /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?$/,
    maxLength: MAX_TIME_LENGTH,
  },
  digits: { form: /^\d+$/, maxLength: MAX_DIGITS },
  integer: { form: /^-?\d+$/, maxLength: MAX_DIGITS },
};

/** True when the whole text has the form; long texts are refused unread. */
export function hasShape(text: string, shape: TextShape): boolean {
  if (shape === 'distinguished_name') return isDistinguishedName(text);
  const { form, maxLength } = SHAPES[shape];
  return text.length <= maxLength && form.test(text);
}
