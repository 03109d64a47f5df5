import type { ResumePoint, SavedState } from '@cryptrail/mapper';
import type { Position } from './source.ts';

/** Where the evidence stood at a position, as a reader takes it up; nothing when the position does not say. */
export function evidenceOf(position: Position | undefined): { readonly evidence?: SavedState } {
  if (typeof position !== 'object' || position === null || isList(position)) return {};
  const { evidence } = position;
  return evidence === undefined ? {} : { evidence };
}

/** A position with where the evidence stands, which is kept as the secret that it is. */
export function withEvidence(
  position: { readonly [name: string]: Position },
  { evidence }: Pick<ResumePoint, 'evidence'>,
): Position {
  return evidence === undefined ? position : { ...position, evidence };
}

/** `Array.isArray` does not narrow read-only lists. */
function isList(position: object): position is readonly Position[] {
  return Array.isArray(position);
}
