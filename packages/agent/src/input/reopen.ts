import { type Again, type Member, UnreadableContent } from './member.ts';

/** A member that was opened again. */
export interface Reopened {
  readonly member: Member;
  /** Closes the input that it comes from. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the input of a member anew and goes to that member; what stands before it is passed over.
 *
 * @throws {@link UnreadableContent} when it is not there any more.
 */
export async function reopen({ open, index }: Again, path: string): Promise<Reopened> {
  const found = open();
  let passed = 0;
  for (let next = await found.next(); !next.done; next = await found.next()) {
    if (!('member' in next.value)) continue;
    const { member } = next.value;
    if (passed === index && member.path === path)
      return { member, close: async () => void (await found.return(undefined)) };
    passed += 1;
  }
  throw new UnreadableContent('it changed while it was read');
}
