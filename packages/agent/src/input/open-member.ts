import { describeBinary } from './binary.ts';
import { readHead } from './head.ts';
import type { Found, Member } from './member.ts';

/** Looks into one form of container: compression, archive, or an encoding other than UTF-8. */
export interface Opener {
  /** Decided by content, never by the name. */
  readonly recognises: (head: Uint8Array) => boolean;
  /**
   * The members inside, one after the other: each is read to its end, or given up, before the next is asked for.
   * Throws {@link UnreadableContent} where the container is damaged; what came before stays good.
   */
  readonly open: (member: Member) => AsyncIterable<Found>;
}

/** Containers within containers are opened this deep: enough for a gzip in a tar.gz in a zip; endless nesting is an attack. */
const MAX_DEPTH = 6;

/** All forms, tried in order; the first that recognises the beginning opens it. A new form is one file and one entry here. */
const openers: readonly Opener[] = [];

/** The texts inside a member: itself, or what its containers hold. What cannot be read becomes a problem, and the rest goes on. */
export async function* openMember(member: Member, depth = 0): AsyncGenerator<Found> {
  const { head, bytes } = await readHead(member.bytes, member.live);
  const whole: Member = { ...member, bytes };
  const opener = openers.find(({ recognises }) => recognises(head));
  if (!opener) {
    const binary = describeBinary(head);
    yield binary === undefined ? { member: whole } : problem(member, `is ${binary}, not a log in text form`);
    return;
  }
  if (depth >= MAX_DEPTH) {
    yield problem(member, `holds archives nested more than ${MAX_DEPTH} deep`);
    return;
  }
  for await (const found of opener.open(whole)) {
    if ('member' in found) yield* openMember(found.member, depth + 1);
    else yield found;
  }
}

function problem({ path }: Member, message: string): Found {
  return { problem: { path, message } };
}
