import type { ResumePoint } from '@cryptrail/mapper';
import type { Position } from '../source.ts';
import type { Locator } from './look.ts';
import { NO_PRINT, type Print } from './print.ts';

/** What is remembered of one file over restarts. Its stream has a name that says nothing: paths change, and are used again. */
export interface SavedFile {
  /** As it was met first. Its records keep it when the file is renamed. */
  readonly path: string;
  readonly locator: Locator;
  /** The beginning; grows until it has {@link HEAD_BYTES}. */
  readonly head: Print;
  /** The last bytes that were read. */
  readonly anchor: Print;
  /** Where reading goes on: behind everything that was delivered. */
  readonly resume: ResumePoint;
  /** Size and time of change when it was last looked at. */
  readonly size: number;
  readonly changedMillis: number;
  /** `rotated`: it has lost its name and was read to its end. `done`: nothing more is to be read of it. */
  readonly state: 'open' | 'rotated' | 'done';
  /** Which member of a packed file is read; absent for plain ones. */
  readonly member?: number;
  /** A packed copy of a file that is known: nothing of it is read. */
  readonly copy?: true;
}

/** Whether nothing was ever seen of what is in it. */
export function isUnread({ head, resume, member }: SavedFile): boolean {
  return head.length === 0 && member === undefined && resume.number === 1;
}

/** The form in which it is saved. */
export function toPosition({ head, anchor, resume, member, copy, ...rest }: SavedFile): Position {
  return {
    ...rest,
    head: { ...head },
    anchor: { ...anchor },
    resume: { ...resume },
    ...(member === undefined ? {} : { member }),
    ...(copy ? { copy } : {}),
  };
}

/** What was saved; undefined for what is no such thing. */
export function fromPosition(position: Position): SavedFile | undefined {
  const saved = objectOf(position);
  if (!saved) return undefined;
  const { path, locator, size, changedMillis, state, member } = saved;
  const resume = resumeOf(saved.resume);
  const head = printFrom(saved.head);
  const anchor = printFrom(saved.anchor);
  if (typeof path !== 'string' || typeof locator !== 'string' || !isCount(size) || !resume || !head || !anchor)
    return undefined;
  if (state !== 'open' && state !== 'rotated' && state !== 'done') return undefined;
  return {
    path,
    locator,
    size,
    changedMillis: typeof changedMillis === 'number' ? changedMillis : 0,
    head,
    anchor,
    resume,
    state,
    ...(isCount(member) ? { member } : {}),
    ...(saved.copy === true ? { copy: true } : {}),
  };
}

function resumeOf(position: Position | undefined): ResumePoint | undefined {
  const { number, offset, encoding, evidence } = objectOf(position) ?? {};
  if (!isCount(number)) return undefined;
  return {
    number,
    ...(isCount(offset) ? { offset } : {}),
    ...(encoding === 'utf-8' || encoding === 'utf-16le' || encoding === 'utf-16be' ? { encoding } : {}),
    ...(evidence === undefined ? {} : { evidence }),
  };
}

function printFrom(position: Position | undefined): Print | undefined {
  const { from, length, hash } = objectOf(position) ?? {};
  if (!isCount(from) || !isCount(length) || typeof hash !== 'string') return undefined;
  return length === 0 ? { ...NO_PRINT, from } : { from, length, hash };
}

function objectOf(position: Position | undefined): { readonly [key: string]: Position } | undefined {
  return typeof position === 'object' && position !== null && !isList(position) ? position : undefined;
}

/** `Array.isArray` does not narrow read-only lists. */
function isList(position: object): position is readonly Position[] {
  return Array.isArray(position);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
