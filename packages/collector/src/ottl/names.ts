import { literal } from './expression.ts';

/** Attribute types that begin distinguished names of administrators and certificates. */
const DN_TYPES =
  'businesscategory|c|cn|dc|description|dn|dnq|dnqualifier|e|email|emailaddress|generation|givenname|initials|l|name|o|organizationidentifier|ou|postaladdress|postalcode|pseudonym|role|s|serialnumber|sn|st|street|surname|t|telephonenumber|title|uid|unstructuredaddress|unstructuredname';

/** RE2 expression for the beginning of a distinguished name. */
export const DN_START = `(?i:(?:${DN_TYPES}|(?:oid\\.)?[0-9]+(?:\\.[0-9]+)+)\\s*=)`;

/**
 * RE2 expression for the key of a detail: a name, or anything behind one of the prefixes; `free` is what a free key may hold. No expression here counts signs beyond a few: each count
 * is a copy of what it counts, and Go's fast matcher takes short expressions only.
 */
export function detailKey(prefixes: readonly string[] | undefined, free: string): string {
  const name = '[\\pL\\pN_][\\pL\\pN_.:/-]*';
  return prefixes?.length ? `(?:(?:${prefixes.map(literal).join('|')})${free}|${name})` : name;
}

/** RE2 expression for a logger category as layouts print it: in full, without its first parts, or with parts abbreviated. */
export function categoryPattern(category: string): string {
  const parts = category.split('.');
  const last = parts.pop() ?? '';
  return parts.reduce((before, part) => `(?:${before}${abbreviated(part)}\\.)?`, '') + literal(last);
}

function abbreviated(part: string): string {
  const [first = '', ...rest] = part;
  return literal(first) + rest.reduceRight((tail, sign) => `(?:${literal(sign)}${tail})?`, '');
}
