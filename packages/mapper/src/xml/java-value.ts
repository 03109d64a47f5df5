/** A value as Java's encoders wrote it, read as data. Nothing is ever loaded or run: a class is a name, a date a number. */
export type JavaValue =
  | { readonly kind: 'string' | 'class' | 'char'; readonly text: string }
  | { readonly kind: 'int' | 'long' | 'short' | 'byte' | 'float' | 'double' | 'boolean'; readonly text: string }
  /** Milliseconds since 1970. */
  | { readonly kind: 'date'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [key: string, value: JavaValue])[] }
  | { readonly kind: 'list'; readonly items: readonly JavaValue[] };

/** The value as what JSON can write: 64-bit numbers and infinite ones as text, dates as ISO 8601 in UTC. Maps become entries lists for {@link javaJson}. */
export function javaJson(value: JavaValue): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'map':
      return `{${value.entries.map(([key, item]) => `${JSON.stringify(key)}:${javaJson(item)}`).join(',')}}`;
    case 'list':
      return `[${value.items.map(javaJson).join(',')}]`;
    case 'int':
    case 'short':
    case 'byte':
    case 'long':
    case 'boolean':
      return value.text;
    case 'float':
    case 'double':
      return Number.isFinite(Number(value.text)) ? String(Number(value.text)) : JSON.stringify(value.text);
    default:
      return JSON.stringify(javaText(value));
  }
}

/** The value as one line of text. */
export function javaText(value: JavaValue): string {
  if (value.kind === 'null') return '';
  if (value.kind === 'map' || value.kind === 'list') return javaJson(value);
  return value.kind === 'date' ? isoDate(value.text) : value.text;
}

/** Milliseconds as ISO 8601 in UTC; a number beyond what dates can hold stays a number. */
function isoDate(millis: string): string {
  const date = new Date(Number(millis));
  return Number.isNaN(date.getTime()) ? millis : date.toISOString();
}
