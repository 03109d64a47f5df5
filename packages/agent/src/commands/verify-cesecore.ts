import type { ProtectionKey } from '@cryptrail/integrity';
import type { Outcome } from '../command-line/command.ts';
import { Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { renderTableVerdict, tableVerdictJson } from '../render/table-verdict.ts';
import { verifyCesecore } from '../verify/cesecore.ts';
import { readProtectionKeys } from '../verify/protection-keys.ts';
import { readSequenceState, writeSequenceState } from '../verify/sequence-state.ts';
import type { VerifyFlags } from './verify-flags.ts';
import { forgetKeys } from './verify-keys.ts';

/** `verify cesecore`: rows, alone and beside a log. Words behind `--rows FILE` are further files of rows. */
export async function verifyTable(paths: readonly string[], flags: VerifyFlags, terminal: Terminal): Promise<Outcome> {
  const rows = [...flags.rows, ...paths];
  if (rows.length === 0) throw new Misuse('Which rows? Give --rows FILE… with the rows of AuditRecordData.');
  const keys = flags.keys === undefined ? new Map<string, ProtectionKey>() : await readProtectionKeys(flags.keys);
  const remembered = flags.state === undefined ? new Map<string, bigint>() : await readSequenceState(flags.state);
  const { node, device, 'time-zone': timeZone } = flags;
  try {
    const options = {
      rows,
      logs: flags.log,
      keys,
      remembered,
      ...(node === undefined ? {} : { node }),
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(device === undefined ? {} : { device }),
    };
    const { verdict, highest, problems } = await verifyCesecore(options, terminal);
    if (flags.state !== undefined && problems === 0) await writeSequenceState(flags.state, remembered, highest);
    await terminal.out.write(flags.json ? `${tableVerdictJson(verdict)}\n` : renderTableVerdict(verdict, keys.size));
    return verdict.ok && problems === 0 ? 0 : 1;
  } finally {
    forgetKeys([], keys);
  }
}
