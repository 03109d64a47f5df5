/** Stands in place of what was removed. */
export const MARKER = 'REDACTED';
