import type { ProtectionKey } from '@cryptrail/integrity';
import type { Terminal } from '../command-line/terminal.ts';
import { keyFromEnvironment, keyFromFile } from '../verify/key.ts';
import type { VerifyFlags } from './verify-flags.ts';

/** The keys of audit logs that were given; whoever asked forgets them when he is done. */
export async function auditKeys(flags: VerifyFlags, { environment }: Terminal): Promise<Uint8Array[]> {
  return [
    ...(await Promise.all(flags['key-file'].map(keyFromFile))),
    ...flags['key-env'].map((name) => keyFromEnvironment('--key-env', name, environment)),
  ];
}

/** Overwrites keys in memory. */
export function forgetKeys(audit: readonly Uint8Array[], rows: ReadonlyMap<string, ProtectionKey> = new Map()): void {
  for (const key of audit) key.fill(0);
  for (const key of rows.values()) if (key.type === 'hmac') key.key.fill(0);
}
