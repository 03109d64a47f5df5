import { cutGroup } from '../otlp/cut-records.ts';
import type { EncodedGroup } from '../otlp/encoded-logs.ts';
import type { Ticket } from './ticket.ts';

/** Records that were pushed together and go in one request. */
export interface Piece {
  readonly group: EncodedGroup;
  readonly ticket: Ticket;
}

export function countOf(pieces: readonly Piece[]): number {
  return pieces.reduce((count, { group }) => count + group.count, 0);
}

export function bytesOf(pieces: readonly Piece[]): number {
  return pieces.reduce((bytes, { group }) => bytes + group.records.length, 0);
}

/** The first half of the records, and the rest. There are at least two. */
export function halves(pieces: readonly Piece[]): [first: Piece[], rest: Piece[]] {
  const first: Piece[] = [];
  const rest: Piece[] = [];
  let wanted = Math.ceil(countOf(pieces) / 2);
  for (const piece of pieces) {
    const { group, ticket } = piece;
    if (group.count <= wanted) first.push(piece);
    else if (wanted === 0) rest.push(piece);
    else {
      const most = wanted;
      const [before, behind] = cutGroup(group, (count) => count > most);
      if (before) first.push({ group: before, ticket });
      if (behind) rest.push({ group: behind, ticket });
    }
    wanted = Math.max(0, wanted - group.count);
  }
  return [first, rest];
}
