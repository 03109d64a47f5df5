import type { EventRule } from './types.ts';

/** An event of the running tables. */
export type RunningEvent = EventRule & { readonly title: string };

/**
 * Events as a generated module holds them: in columns, because what a service loads should be small. {@link unpackEvents} makes them objects again.
 */
export interface EventTable {
  /** With what all names begin. */
  readonly prefix: string;
  /** Names of the cells behind the name of an event. */
  readonly columns: readonly string[];
  /** Columns with few values list them here, and have their places in the rows, counted from 1. */
  readonly values: Readonly<Record<string, readonly unknown[]>>;
  /** A row for each event: its name, and its cells; 0 where it has none, and nothing behind the last one. A name that begins with a dot stands behind its group. */
  readonly rows: readonly (readonly [string, ...unknown[]])[];
}

/** The events of a table, by name. */
export function unpackEvents<Name extends string, Event extends RunningEvent>({
  prefix,
  columns,
  values,
  rows,
}: EventTable): Readonly<Record<Name, Event>> {
  const pools = columns.map((column) => values[column]);
  const events: Record<string, unknown> = {};
  for (const row of rows) {
    const event: Record<string, unknown> = {};
    for (let at = 1; at < row.length; at += 1) {
      const cell = row[at];
      const column = columns[at - 1];
      if (cell !== 0 && column !== undefined) event[column] = pools[at - 1]?.[Number(cell) - 1] ?? cell;
    }
    const [name] = row;
    events[`${prefix}${name.startsWith('.') ? event.group : ''}${name}`] = event;
  }
  // The generator wrote the table from events of this type, and the generated module names them.
  return events as Readonly<Record<Name, Event>>;
}
