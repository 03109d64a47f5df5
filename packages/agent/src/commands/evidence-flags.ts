import type { ProtectionKey } from '@cryptrail/integrity';
import type { FlagRules } from '../command-line/flags.ts';
import { Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import type { EvidencePlan } from '../verify/evidence-plan.ts';
import { keyFromEnvironment, keyFromFile } from '../verify/key.ts';

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
  'digest-key-file': {
    kind: 'value',
    placeholder: 'FILE',
    help: 'Add a keyed digest of each raw record, which proves equality with the source.',
  },
  'digest-key-env': { kind: 'value', placeholder: 'NAME', help: 'The same with a key from an environment variable.' },
  'audit-names': {
    kind: 'switch',
    help: "Add the evidence under OpenTelemetry's draft names audit.integrity.*, audit.sequence.*.",
  },
} as const satisfies FlagRules;

/** The values of {@link EVIDENCE_FLAGS}. */
export interface EvidenceFlags {
  readonly 'acra-key-file': readonly string[];
  readonly 'acra-key-env': readonly string[];
  readonly 'cesecore-keys'?: string | undefined;
  readonly 'digest-key-file'?: string | undefined;
  readonly 'digest-key-env'?: string | undefined;
  readonly 'audit-names': boolean;
}

/** The keys that the flags name, read once; undefined when they ask for nothing. */
export async function evidencePlanOfFlags(
  flags: EvidenceFlags,
  { environment }: Pick<Terminal, 'environment'>,
): Promise<EvidencePlan | undefined> {
  const keys = [
    ...(await Promise.all(flags['acra-key-file'].map(keyFromFile))),
    ...flags['acra-key-env'].map((name) => keyFromEnvironment('--acra-key-env', name, environment)),
  ];
  const list = flags['cesecore-keys'];
  const digestKey = await digestKeyOfFlags(flags, environment);
  if (keys.length === 0 && list === undefined && !digestKey && !flags['audit-names']) return undefined;
  return {
    ...(keys.length === 0 ? {} : { acra: { keys } }),
    ...(list === undefined ? {} : { cesecore: { keys: await protectionKeys(list) } }),
    ...(digestKey ? { digestKey } : {}),
    auditNames: flags['audit-names'],
  };
}

async function protectionKeys(list: string): Promise<ReadonlyMap<string, ProtectionKey>> {
  const { readProtectionKeys } = await import('../verify/protection-keys.ts');
  return readProtectionKeys(list);
}

async function digestKeyOfFlags(
  { 'digest-key-file': path, 'digest-key-env': name }: EvidenceFlags,
  environment: Terminal['environment'],
): Promise<Uint8Array | undefined> {
  if (path !== undefined && name !== undefined)
    throw new Misuse('--digest-key-file and --digest-key-env exclude each other.');
  if (path !== undefined) return keyFromFile(path);
  return name === undefined ? undefined : keyFromEnvironment('--digest-key-env', name, environment);
}
