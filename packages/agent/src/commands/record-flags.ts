import type { PipelineOptions } from '@cryptrail/mapper';
import type { FlagRules } from '../command-line/flags.ts';
import { type LimitFlags, recordLimits } from './limit-flags.ts';

/** Flags that say what becomes of a record, for every command that makes records. */
export const RECORD_FLAGS = {
  foreign: { kind: 'value', choices: ['keep', 'drop'], help: 'Lines of no known product. Default keep.' },
  severity: {
    kind: 'value',
    choices: ['source', 'catalogue'],
    help: "As printed, or raised to the catalogue's floor.",
  },
  original: { kind: 'switch', help: 'Add the raw line, redacted, as log.record.original.' },
  attack: { kind: 'switch', help: 'Add the MITRE ATT&CK techniques of the event.' },
  blobs: { kind: 'switch', help: 'Keep certificates and other large values.' },
} as const satisfies FlagRules;

/** The values of {@link RECORD_FLAGS}. */
export interface RecordFlags {
  readonly foreign?: 'keep' | 'drop' | undefined;
  readonly severity?: 'source' | 'catalogue' | undefined;
  readonly original: boolean;
  readonly attack: boolean;
  readonly blobs: boolean;
}

/** The part of the pipeline's options that these flags decide, with the limits of records. */
export function recordOptions(
  flags: RecordFlags & LimitFlags,
): Required<Pick<PipelineOptions, 'severity' | 'original' | 'attack' | 'blobs' | 'limits'>> {
  const { severity = 'source', original, attack, blobs } = flags;
  return { severity, original, attack, blobs, limits: recordLimits(flags) };
}
