import type { Outcome } from '../command-line/command.ts';
import { Failure, Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { renderExportVerdict } from '../render/export-verdict.ts';
import { readExportedRecords } from '../verify/exported-records.ts';
import { holds, verifyExportedAcra, verifyExportedCesecore } from '../verify/from-otlp.ts';
import { readProtectionKeys } from '../verify/protection-keys.ts';
import type { VerifyFlags } from './verify-flags.ts';
import { auditKeys, forgetKeys } from './verify-keys.ts';

/** `verify --from-otlp`: what was exported. Without a subject both are verified, each with the keys that were given for it. Words behind `--from-otlp FILE` are further files. */
export async function verifyExport(words: readonly string[], flags: VerifyFlags, terminal: Terminal): Promise<Outcome> {
  const [first, ...rest] = words;
  const subject = first === 'acra' || first === 'cesecore' ? first : undefined;
  const audit = await auditKeys(flags, terminal);
  const keys = flags.keys === undefined ? undefined : await readProtectionKeys(flags.keys);
  if (subject === 'acra' && audit.length === 0) throw new Misuse('Which key? Give --key-file FILE or --key-env NAME.');
  if (subject === undefined && audit.length === 0 && !keys)
    throw new Misuse("Which keys? Give --key-file FILE for Acra's records, --keys FILE for CESeCore's rows, or both.");
  const files = [...flags['from-otlp'], ...(subject === undefined ? words : rest)];
  const { records, problems } = await readExportedRecords(files, terminal);
  const wants = (one: 'acra' | 'cesecore', keyed: boolean) =>
    subject === one || (subject === undefined && keyed && holds(records, one));
  try {
    const chain = wants('acra', audit.length > 0) ? verifyExportedAcra(records, audit, flags.format) : undefined;
    const table = wants('cesecore', keys !== undefined)
      ? await verifyExportedCesecore(records, { keys: keys ?? new Map(), remembered: new Map() }, terminal)
      : undefined;
    if (!chain && !table) throw new Failure('the export holds no record that these keys are for');
    const shown = { audit: audit.length, keys: keys?.size ?? 0, json: flags.json, both: subject === undefined };
    await terminal.out.write(renderExportVerdict(chain, table?.verdict, shown));
    const whole = [chain, table?.verdict].every((one) => !one || (one.ok && one.not_verifiable === undefined));
    return whole && problems === 0 && (table?.problems ?? 0) === 0 ? 0 : 1;
  } finally {
    forgetKeys(audit, keys);
  }
}
