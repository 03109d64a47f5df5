import { createEvidence } from '@cryptrail/integrity';
import type { Evidence } from '@cryptrail/mapper';
import type { FlagRules } from '../command-line/flags.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { keyFromEnvironment, keyFromFile } from '../verify/key.ts';
import { nodeHash } from '../verify/node-hash.ts';
import { readProtectionKeys } from '../verify/protection-keys.ts';

/** Flags that switch the verification of the products' own evidence on. */
export const EVIDENCE_FLAGS = {
  'acra-key-file': {
    kind: 'paths',
    placeholder: 'FILE',
    help: 'Verify the chain of audit logs with this key, while converting. May be repeated.',
  },
  'acra-key-env': { kind: 'list', placeholder: 'NAME', help: 'The same with a key from an environment variable.' },
  'cesecore-keys': {
    kind: 'value',
    placeholder: 'FILE',
    help: 'Verify rows of AuditRecordData with the keys in this list (as for verify cesecore).',
  },
} as const satisfies FlagRules;

/** The values of {@link EVIDENCE_FLAGS}. */
export interface EvidenceFlags {
  readonly 'acra-key-file': readonly string[];
  readonly 'acra-key-env': readonly string[];
  readonly 'cesecore-keys'?: string | undefined;
}

/** The verifier that the flags ask for; undefined when they ask for none. */
export async function evidenceOfFlags(
  flags: EvidenceFlags,
  { environment }: Pick<Terminal, 'environment'>,
): Promise<Evidence | undefined> {
  const keys = [
    ...(await Promise.all(flags['acra-key-file'].map(keyFromFile))),
    ...flags['acra-key-env'].map((name) => keyFromEnvironment('--acra-key-env', name, environment)),
  ];
  const list = flags['cesecore-keys'];
  if (keys.length === 0 && list === undefined) return undefined;
  return createEvidence({
    hash: nodeHash,
    ...(keys.length === 0 ? {} : { acra: { keys } }),
    ...(list === undefined ? {} : { cesecore: { keys: await readProtectionKeys(list) } }),
  });
}
