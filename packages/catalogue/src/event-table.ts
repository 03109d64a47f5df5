import type { EventRule, When } from './types.ts';

/** An event of the running tables. */
export type RunningEvent = EventRule & { readonly title: string };

/** Events as a generated module holds them: a line for each, in columns. {@link unpackEvents} makes them objects again. */
export interface EventTable {
  /** With what all names begin. */
  readonly prefix: string;
  /** Signs between the columns of a line, and between the messages in one; they stand nowhere else. */
  readonly separators: string;
  /** Columns with few values, in the order of their cells, and these values. */
  readonly values: readonly (readonly [column: string, values: readonly unknown[]])[];
  /** For each event its name, title, code, cells and messages. Nothing follows the last one that it has. */
  readonly lines: string;
}

/** Stands for a code that is the name in capitals. */
export const SAME_CODE = '=';
/** What a cell has of a column: the place of the value, behind {@link MORE} when there are many values, or nothing. */
export const PLACES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export const MORE = '+';
export const NO_VALUE = '-';

/** The events of a table, by name. */
export function unpackEvents<Name extends string, Event extends RunningEvent>({
  prefix,
  separators: [column = '', list = ''],
  values,
  lines,
}: EventTable): Readonly<Record<Name, Event>> {
  const events: Record<string, unknown> = {};
  for (const line of lines === '' ? [] : lines.split('\n')) {
    const [name = '', title, code, cells = '', messages] = line.split(column);
    const event: Record<string, unknown> = { title };
    if (code) event.code = code === SAME_CODE ? name.toUpperCase() : code;
    readCells(cells, values, event);
    if (messages) event.when = { ...(event.when as When | undefined), messages: messages.split(list) };
    events[`${prefix}${name.startsWith('.') ? event.group : ''}${name}`] = event;
  }
  // The generator wrote the table from events of this type, and the generated module names them.
  return events as Readonly<Record<Name, Event>>;
}

function readCells(cells: string, values: EventTable['values'], event: Record<string, unknown>): void {
  let at = 0;
  values.forEach((named) => {
    let place = 0;
    for (; cells.charAt(at) === MORE; at += 1) place += PLACES.length;
    place += PLACES.indexOf(cells.charAt(at) || NO_VALUE);
    at += 1;
    const value = named[1][place];
    if (value !== undefined) event[named[0]] = value;
  });
}
