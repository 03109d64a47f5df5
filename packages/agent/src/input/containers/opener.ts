import type { Found, Member } from '../member.ts';
import type { Budget } from './budget.ts';

/** Looks into one form of container: compressed data or an archive. */
export interface Opener {
  /** Decided by content, never by the name. */
  readonly recognises: (head: Uint8Array) => boolean;
  /**
   * The members inside, one after the other: each is read to its end, or given up, before the next is asked for.
   * Throws {@link UnreadableContent} where the container is damaged; what came before stays good. A fault that a member's bytes have thrown is not
   * thrown again: whoever read the member has reported it.
   */
  readonly open: (member: Member, budget: Budget) => AsyncIterable<Found>;
}
