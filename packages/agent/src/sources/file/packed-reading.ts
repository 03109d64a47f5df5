import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ResumePoint } from '@cryptrail/mapper';
import { bytesAt } from '../../input/file.ts';
import { type Found, type Member, UnreadableContent } from '../../input/member.ts';
import { openMember } from '../../input/open-member.ts';
import { reasonOf } from '../../input/system-error.ts';
import { giverOf } from '../record-giver.ts';
import type { Stretch } from '../source.ts';
import type { RecordWay } from './plain-reading.ts';
import { ANCHOR_BYTES, endOf, HEAD_BYTES, isSame, type Print } from './print.ts';
import type { SavedFile } from './saved-file.ts';

/** Records of a packed file, and where reading goes on behind them. */
export interface PackedPortion {
  readonly logs: Stretch['logs'];
  readonly member: number;
  readonly resume: ResumePoint;
}

/** How a packed file is read. */
export interface PackedRules extends RecordWay {
  /** Told of members that cannot be read; the rest goes on. */
  readonly onProblem: (message: string) => void;
  /** Nobody writes the file any more: what stands before damage is all there is. */
  readonly isWhole: boolean;
}

const BEGINNING: ResumePoint = { offset: 0, number: 1 };

/**
 * Reads a compressed file or an archive from the member and the place where reading stopped. Closes nothing.
 *
 * @throws {@link UnreadableContent} where it breaks off, unless it is whole: then that is a problem like others.
 */
export async function* readPacked(
  handle: FileHandle,
  file: SavedFile,
  { pipeline, encodes, onProblem, isWhole }: PackedRules,
): AsyncGenerator<PackedPortion> {
  const first = file.member ?? 0;
  let index = -1;
  for await (const found of open(handle, file.path, file.size)) {
    if ('problem' in found) {
      if (!isWhole) throw new UnreadableContent(found.problem.message);
      onProblem(`${found.problem.path} ${found.problem.message}`);
    }
    if (!('member' in found)) continue;
    index += 1;
    if (index < first) continue;
    const { member } = found;
    const resume = index === first ? file.resume : BEGINNING;
    const reader = pipeline.open({ name: member.name, path: member.path }, resume);
    const giver = giverOf(reader, { encodes });
    try {
      for await (const chunk of behind(member.bytes, resume.offset ?? 0))
        yield { logs: giver.push(chunk), member: index, resume: reader.resume };
    } catch (error) {
      if (!isWhole) throw error;
      onProblem(`${member.path}: reading broke off: ${reasonOf(error)}`);
    }
    yield { logs: giver.end(), member: index + 1, resume: BEGINNING };
  }
}

/** Content that may be in a packed file: of a plain one that was read as far as its anchor. */
export interface Content {
  readonly head: Print;
  readonly anchor: Print;
}

/**
 * Which of some plain files it is whose copy a compressed file holds: the one that was read farthest, of those that begin like it and hold the same
 * bytes where reading stopped. Undefined for archives, which hold more than one.
 *
 * @throws {@link UnreadableContent} when it is damaged before that can be told.
 */
export async function contentOf<Candidate extends Content>(
  handle: FileHandle,
  path: string,
  size: number,
  candidates: readonly Candidate[],
): Promise<Candidate | undefined> {
  for await (const found of open(handle, path, size)) {
    if ('problem' in found) throw new UnreadableContent(found.problem.message);
    if (!('member' in found)) continue;
    return found.member.path === path ? farthest(found.member, candidates) : undefined;
  }
  return undefined;
}

async function farthest<Candidate extends Content>(
  { bytes }: Member,
  candidates: readonly Candidate[],
): Promise<Candidate | undefined> {
  let kept: Uint8Array = new Uint8Array();
  let from = 0;
  let left: readonly Candidate[] = candidates;
  let best: Candidate | undefined;
  for await (const chunk of bytes) {
    kept = Buffer.concat([kept, chunk]);
    // The heads stand in what is kept until it is long enough to tell them all.
    if (from === 0 && kept.length < HEAD_BYTES) continue;
    if (from === 0) left = left.filter(({ head }) => begins(kept, head));
    const fits = left.filter(({ anchor }) => stands(kept, from, anchor));
    best = fits.reduce((one, other) => (one && endOf(one.anchor) >= endOf(other.anchor) ? one : other), best);
    const end = from + kept.length;
    left = left.filter(({ anchor }) => endOf(anchor) > end);
    if (left.length === 0) return best;
    const next = kept.subarray(-ANCHOR_BYTES);
    from = end - next.length;
    kept = next;
  }
  if (from > 0) return best;
  const fits = left.filter(({ head, anchor }) => begins(kept, head) && stands(kept, 0, anchor));
  return fits.reduce((one, other) => (one && endOf(one.anchor) >= endOf(other.anchor) ? one : other), best);
}

function begins(bytes: Uint8Array, head: Print): boolean {
  return isSame(head, bytes.subarray(0, head.length));
}

/** `from`: where the bytes stand. */
function stands(bytes: Uint8Array, from: number, print: Print): boolean {
  const at = print.from - from;
  return at >= 0 && isSame(print, bytes.subarray(at, at + print.length));
}

function open(handle: FileHandle, path: string, size: number): AsyncGenerator<Found> {
  const file = { descriptor: handle.fd, size };
  return openMember({ path, name: basename(path), bytes: bytesAt(handle.fd, 0), file });
}

/** The bytes from an offset on. */
async function* behind(bytes: AsyncIterable<Uint8Array>, offset: number): AsyncGenerator<Uint8Array> {
  let left = offset;
  for await (const chunk of bytes) {
    const passed = Math.min(left, chunk.length);
    left -= passed;
    if (passed < chunk.length) yield chunk.subarray(passed);
  }
}
