/** Objects with more members are left to whoever reads them one by one. */
const MAX_MEMBERS = 64;

/** The JSON of an object, when reading it gives what reading the object gives: its members are texts, numbers, booleans or null. */
export function plainJson(value: Readonly<Record<string, unknown>>): string | undefined {
  const items = Object.values(value);
  if (items.length > MAX_MEMBERS || 'toJSON' in value || !items.every(isPlain)) return undefined;
  const text = JSON.stringify(value);
  // Half a surrogate pair may be in an object, and in no line.
  return text.includes('\\ud') ? undefined : text;
}

/** Whole numbers that are not exact are written in a form of their own. */
function isPlain(item: unknown): boolean {
  if (typeof item === 'number') return Number.isFinite(item) && (!Number.isInteger(item) || Number.isSafeInteger(item));
  return typeof item === 'string' || typeof item === 'boolean' || item === null;
}
