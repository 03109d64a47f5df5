import type { FieldSpace, FormatRule, Product } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE } from '../decode/decoder.ts';
import { all, any, attribute, quote } from '../ottl/expression.ts';

/** A name that a format uses up, and when. */
export interface Consumed {
  readonly name: string;
  /** Absent: on every record. */
  readonly condition?: string;
}

/** The names of a space that the formats' own locators use up: level, message, code, and the time when it could be read. */
export function consumedNames(product: Product, formats: readonly FormatRule[], wanted: FieldSpace): Consumed[] {
  const codes = product.recognition.flatMap(({ codeField }) =>
    codeField === undefined || wanted !== 'fields' ? [] : [codeField],
  );
  const named = namesByUse(
    formats,
    ({ severity, message = [] }) => [
      ...(product.severities[severity] ? [product.severities[severity]] : []),
      ...message,
    ],
    wanted,
  );
  const times = namesByUse(formats, ({ time }) => time, wanted);
  return [
    ...codes.map((name) => ({ name })),
    ...named.filter(({ name }) => !codes.includes(name)),
    ...times
      .filter(({ name }) => !codes.includes(name))
      .map(({ name, condition }) => ({ name, condition: all('log.time_unix_nano != 0', condition) })),
  ];
}

interface Place {
  readonly field: string;
  readonly in?: FieldSpace;
}

function namesByUse(
  formats: readonly FormatRule[],
  placesOf: (format: FormatRule) => readonly Place[],
  wanted: FieldSpace,
): Consumed[] {
  const users = new Map<string, string[]>();
  for (const format of formats) {
    const names = new Set(
      placesOf(format).flatMap(({ field, in: space }) => ((space ?? 'fields') === wanted ? [field] : [])),
    );
    for (const name of names) users.set(name, [...(users.get(name) ?? []), format.id]);
  }
  return [...users].map(([name, ids]) =>
    ids.length === formats.length
      ? { name }
      : { name, condition: any(...ids.map((id) => `${attribute(FORMAT_ATTRIBUTE)} == ${quote(id)}`)) },
  );
}
