import type { RowVerdict } from './row-protection.ts';
import { bySequence, type SequencedRow } from './sequences.ts';

/** What the vendor's own verification would print: a jump in the numbers, or a row whose protection does not fit. */
export interface OfficialElement {
  readonly node: string;
  readonly first: bigint;
  readonly second: bigint;
  readonly kind: 'missing' | 'unverifiable';
}

/** Walks the rows of one node as the product does: ascending numbers from 0; a row that does not verify is reported and its number taken, without a look at the jump. */
export function officialWalk(
  node: string,
  rows: readonly (SequencedRow & { readonly verdict: RowVerdict })[],
): OfficialElement[] {
  const elements: OfficialElement[] = [];
  let last = -1n;
  for (const { sequenceNumber, verdict } of [...rows].sort(bySequence)) {
    if (verdict !== 'ok') elements.push({ node, first: last, second: sequenceNumber, kind: 'unverifiable' });
    else if (sequenceNumber !== last + 1n)
      elements.push({ node, first: last, second: sequenceNumber, kind: 'missing' });
    last = sequenceNumber;
  }
  return elements;
}
