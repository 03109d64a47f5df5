import type { AttributeValue, Position } from '../records.ts';

/** Where a record begins in its file, in bytes. */
export const RECORD_OFFSET = 'log.file.record_offset';
/** Number of its first line or of its row, from 1. */
export const RECORD_NUMBER = 'log.file.record_number';

/** The attributes that all records of an input share: its name and path. Without any its records have no position, either. */
export type PositionNames = readonly (readonly [string, AttributeValue])[];

/** The attributes that say where a record begins. */
export function positionAttributes(named: PositionNames, { offset, number }: Position): [string, AttributeValue][] {
  if (named.length === 0) return [];
  const attributes = named.map(([name, value]): [string, AttributeValue] => [name, value]);
  if (offset !== undefined) attributes.push([RECORD_OFFSET, offset]);
  attributes.push([RECORD_NUMBER, number]);
  return attributes;
}
