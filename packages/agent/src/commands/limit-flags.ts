import { DEFAULT_LIMITS, type Limits } from '@cryptrail/mapper';
import type { FlagRules } from '../command-line/flags.ts';
import { readCount, readSize } from '../command-line/quantity.ts';
import type { OpeningLimits } from '../input/containers/opening-limits.ts';

/** Flags of commands that read many files: what a hostile input may cost. */
export const LIMIT_FLAGS = {
  'max-members': { kind: 'value', placeholder: 'N', help: 'Most entries of archives in one input. Default 10000.' },
  'max-depth': { kind: 'value', placeholder: 'N', help: 'Most archives within one another. Default 6.' },
  'max-ratio': { kind: 'value', placeholder: 'N', help: 'Most bytes made of one, beyond 256 MiB. Default 250.' },
  'max-line': { kind: 'value', placeholder: 'SIZE', help: 'Longest line that is kept whole. Default 16MiB.' },
} as const satisfies FlagRules;

/** What the flags of {@link LIMIT_FLAGS} say. */
export interface LimitFlags {
  readonly 'max-members'?: string | undefined;
  readonly 'max-depth'?: string | undefined;
  readonly 'max-ratio'?: string | undefined;
  readonly 'max-line'?: string | undefined;
}

/** A line is held in memory several times over; a text cannot be longer than half a gibibyte. */
const LONGEST_LINE_BYTES = 256 * 1024 * 1024;

/** How far containers are opened. */
export function openingLimits(flags: LimitFlags): Partial<OpeningLimits> {
  const { 'max-members': members, 'max-depth': depth, 'max-ratio': ratio } = flags;
  return {
    ...(members === undefined ? {} : { maxMembers: readCount('--max-members', members) }),
    ...(depth === undefined ? {} : { maxDepth: readCount('--max-depth', depth) }),
    ...(ratio === undefined ? {} : { maxRatio: readCount('--max-ratio', ratio) }),
  };
}

/** The limits of the pipeline. A record of several lines may be as long as a line. */
export function recordLimits({ 'max-line': line }: LimitFlags): Partial<Limits> {
  if (line === undefined) return {};
  const maxLineBytes = readSize('--max-line', line, LONGEST_LINE_BYTES);
  return { maxLineBytes, maxRecordBytes: Math.max(maxLineBytes, DEFAULT_LIMITS.maxRecordBytes) };
}
