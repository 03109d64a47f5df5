import { fromPosition } from '../sources/file/saved-file.ts';
import { cursorOf, placeInJournal } from '../sources/journald/position.ts';
import { evidenceOf } from '../sources/position-evidence.ts';
import type { Position } from '../sources/source.ts';
import { NodeCursor } from '../sources/sql/node-cursor.ts';
import { renderShortTime } from './time.ts';

/** Where one stream of a source stands. */
export interface StreamPosition {
  readonly stream: string;
  readonly position: Position;
}

/** One way to show positions: the titles of its columns, and a row for each position that it is for. */
export interface PositionTable {
  readonly titles: readonly string[];
  /** Columns that hold numbers, by title. */
  readonly numbers: readonly string[];
  /** Undefined for a position of another kind. */
  row(one: StreamPosition): readonly string[] | undefined;
}

const files: PositionTable = {
  titles: ['file', 'state', 'next line', 'read to byte', 'size', 'last change', 'chain', 'stream'],
  numbers: ['next line', 'read to byte', 'size'],
  row({ stream, position }) {
    const saved = fromPosition(position);
    if (!saved) return undefined;
    const { path, state, resume, size, changedMillis, member } = saved;
    const isPacked = member !== undefined;
    return [
      path,
      isPacked ? `${state}, packed` : state,
      // Of a packed file, the place is one in what is unpacked, and gone when all is read.
      isPacked && state === 'done' ? '' : grouped(resume.number),
      isPacked ? '' : grouped(resume.offset ?? 0),
      grouped(size),
      timeOf(changedMillis),
      chainOf(resume),
      stream,
    ];
  },
};

const journals: PositionTable = {
  titles: ['stream', 'last entry', 'written', 'chain'],
  numbers: ['last entry'],
  row({ stream, position }) {
    const cursor = cursorOf(position);
    const place = cursor === undefined ? undefined : placeInJournal(cursor);
    if (!place) return undefined;
    return [stream, grouped(place.number), timeOf(place.millis), chainOf(evidenceOf(position))];
  },
};

const nodes: PositionTable = {
  titles: ['stream', 'highest number', 'missing', 'reported gaps', 'newest row', 'chain'],
  numbers: ['highest number', 'missing', 'reported gaps'],
  row({ stream, position }) {
    // No row was read yet.
    if (position === null) return [stream];
    const cursor = NodeCursor.from(position);
    if (cursor?.high === undefined) return undefined;
    const open = cursor.holes.filter(({ quiet }) => !quiet);
    return [
      stream,
      grouped(cursor.high),
      grouped(open.reduce((sum, { from, to }) => sum + to - from + 1n, 0n)),
      grouped(cursor.gaps.length),
      timeOf(Number(cursor.newest)),
      chainOf(evidenceOf(position)),
    ];
  },
};

/** What a table that is for everything shows: positions of kinds that are not known here. */
const others: PositionTable = {
  titles: ['stream', 'position'],
  numbers: [],
  row: ({ stream, position }) => [stream, JSON.stringify(position)],
};

/** The ways to show positions, the one for everything last. */
export const POSITION_TABLES: readonly PositionTable[] = [files, journals, nodes, others];

/** Where a chain stands is a secret: that it is known is all that is said of it. */
function chainOf({ evidence }: { readonly evidence?: unknown }): string {
  return evidence === undefined ? '' : 'known';
}

/** `1,048,576`: the same in every locale. */
function grouped(value: number | bigint): string {
  return value.toLocaleString('en-US');
}

function timeOf(millis: number | undefined): string {
  return millis === undefined || !(millis > 0) ? '' : renderShortTime(BigInt(Math.round(millis)) * 1_000_000n);
}
