import { describeBinary } from './binary.ts';
import { type Budget, createBudget } from './containers/budget.ts';
import { gzip } from './containers/gzip.ts';
import type { Opener } from './containers/opener.ts';
import type { OpeningLimits } from './containers/opening-limits.ts';
import { tar } from './containers/tar.ts';
import { zip } from './containers/zip.ts';
import { zstd } from './containers/zstd.ts';
import { readHead } from './head.ts';
import type { Again, Found, Member } from './member.ts';
import { reasonOf } from './system-error.ts';

/** All forms of containers, tried in order; the first that recognises the beginning opens it. A new form is one file and one entry here. */
const openers: readonly Opener[] = [gzip, zstd, zip, tar];

/** How an input is opened. */
export interface OpeningRules {
  readonly limits?: Partial<OpeningLimits>;
  /** Is told how many bytes of the input itself were read. */
  readonly onRead?: (bytes: number) => void;
  /** Opens the input anew, when that is possible. */
  readonly again?: Again['open'];
}

/** The texts inside an input: itself, or what its containers hold. What cannot be read becomes a problem, and the rest goes on. */
export async function* openMember(member: Member, { limits, onRead, again }: OpeningRules = {}): AsyncGenerator<Found> {
  const budget = createBudget(limits, onRead);
  let index = 0;
  for await (const found of openAt(0, { ...member, bytes: budget.read(member.bytes) }, budget)) {
    if (again && 'member' in found) {
      yield { member: { ...found.member, again: { open: again, index } } };
      index += 1;
    } else yield found;
  }
}

/** Whether an input that begins so is a text as it lies there. */
export function isPlainText(head: Uint8Array): boolean {
  return !isPacked(head) && describeBinary(head) === undefined;
}

/** Whether an input that begins so is compressed or an archive, of a kind that is opened. */
export function isPacked(head: Uint8Array): boolean {
  return openers.some(({ recognises }) => recognises(head));
}

async function* openAt(depth: number, member: Member, budget: Budget): AsyncGenerator<Found> {
  const { head, bytes } = await readHead(member.bytes, member.live);
  const whole: Member = { ...member, bytes };
  const opener = openers.find(({ recognises }) => recognises(head));
  if (!opener) {
    const binary = describeBinary(head);
    yield binary === undefined ? { member: whole } : problem(member, `is ${binary}`);
  } else if (depth >= budget.limits.maxDepth) {
    yield problem(member, `is packed more than ${budget.limits.maxDepth} deep (--max-depth), and not opened`);
  } else yield* openWith(opener, depth, whole, budget);
}

async function* openWith(opener: Opener, depth: number, member: Member, budget: Budget): AsyncGenerator<Found> {
  try {
    for await (const found of opener.open({ ...member, bytes: kept(member.bytes) }, budget)) {
      if ('member' in found) yield* openAt(depth + 1, found.member, budget);
      else yield found;
      // Whoever hit the limit has reported it.
      if (budget.spent) return;
    }
  } catch (error) {
    yield problem(member, `reading broke off: ${reasonOf(error)}`);
  }
}

/** Openers hold on to several chunks at a time, which may lie in the same memory. */
async function* kept(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) yield chunk.slice();
}

function problem({ path }: Member, message: string): Found {
  return { problem: { path, message } };
}
