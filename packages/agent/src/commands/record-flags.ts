import type { FlagRules } from '../command-line/flags.ts';

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
