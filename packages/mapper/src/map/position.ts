import type { AttributeValue, Position } from '../records.ts';

/** The attributes that all records of an input share: its name and path. Without any its records have no position, either. */
export type PositionNames = readonly (readonly [string, AttributeValue])[];

/** The attributes that say where a record begins. */
export function positionAttributes(named: PositionNames, { offset, number }: Position): [string, AttributeValue][] {
  if (named.length === 0) return [];
  const attributes = named.map(([name, value]): [string, AttributeValue] => [name, value]);
  if (offset !== undefined) attributes.push(['log.file.record_offset', offset]);
  attributes.push(['log.file.record_number', number]);
  return attributes;
}
