import type { Arguments, FlagRules } from '../command-line/flags.ts';

/** The flags of `verify`, for all that it verifies. */
export const VERIFY_FLAGS = {
  'key-file': {
    kind: 'paths',
    placeholder: 'FILE',
    help: 'Audit log key: 32 raw bytes, or their hex or Base64 text. May be repeated.',
  },
  'key-env': { kind: 'list', placeholder: 'NAME', help: 'Environment variable with the key as hex or Base64.' },
  format: {
    kind: 'value',
    choices: ['plaintext', 'json', 'cef'],
    help: 'Format of the audit log. Default: told by each file.',
  },
  'missing-ok': { kind: 'switch', help: 'A file that is not there is a warning, no error.' },
  rows: { kind: 'paths', placeholder: 'FILE', help: 'Rows of AuditRecordData in any form; further files may follow.' },
  keys: { kind: 'value', placeholder: 'FILE', help: 'JSON from key id to {"type":"hmac"|"public","file":…}.' },
  log: { kind: 'paths', placeholder: 'FILE', help: 'Log of the node, to be compared with the rows. May be repeated.' },
  node: { kind: 'value', placeholder: 'NAME', help: 'The node whose log is given.' },
  device: {
    kind: 'value',
    choices: ['parallel', 'sequential'],
    help: 'How the rows were written. Default parallel; sequential makes every gap suspicious.',
  },
  state: {
    kind: 'value',
    placeholder: 'FILE',
    help: 'Remembers from run to run: the highest number of each node; where the chain stands.',
  },
  'time-zone': { kind: 'value', placeholder: 'ZONE', help: 'IANA zone of log times printed without one. Default UTC.' },
  'from-otlp': {
    kind: 'paths',
    placeholder: 'FILE',
    help: 'Exported records (OTLP JSON Lines) that kept log.record.original; further files may follow.',
  },
  source: { kind: 'paths', placeholder: 'FILE', help: 'Sealed files, to be compared with the seal. May be repeated.' },
  public: { kind: 'value', placeholder: 'FILE', help: 'Public key that the seal must be signed with.' },
  head: { kind: 'value', placeholder: 'HEX', help: "Hash that was the seal's last line once." },
  json: { kind: 'switch', help: 'Print the verdict as JSON.' },
} as const satisfies FlagRules;

/** What was given for them. */
export type VerifyFlags = Arguments<typeof VERIFY_FLAGS>['flags'];
