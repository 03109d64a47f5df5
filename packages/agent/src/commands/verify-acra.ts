import type { Outcome } from '../command-line/command.ts';
import { Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { renderChainVerdict } from '../render/chain-verdict.ts';
import { visibleJson } from '../render/visible.ts';
import { verifyAcra } from '../verify/acra.ts';
import { readChainState, writeChainState } from '../verify/chain-state.ts';
import type { VerifyFlags } from './verify-flags.ts';
import { auditKeys, forgetKeys } from './verify-keys.ts';

/** `verify acra`: the chain through the files, in the order they were written. */
export async function verifyChain(paths: readonly string[], flags: VerifyFlags, terminal: Terminal): Promise<Outcome> {
  if (paths.length === 0) throw new Misuse('Which files? Name the audit log files in the order they were written.');
  const keys = await auditKeys(flags, terminal);
  if (keys.length === 0) throw new Misuse('Which key? Give --key-file FILE or --key-env NAME.');
  const format = flags.format === undefined ? {} : { format: flags.format };
  const earlier = flags.state === undefined ? undefined : await readChainState(flags.state);
  try {
    const options = { keys, missingOk: flags['missing-ok'], ...format, ...(earlier ? { resume: earlier } : {}) };
    const { verdict, problems, snapshot } = await verifyAcra(paths, options, terminal);
    // Behind an error there is nothing to go on from: the state of the last good run stays.
    if (flags.state !== undefined && snapshot && problems === 0) await writeChainState(flags.state, snapshot);
    await terminal.out.write(
      flags.json ? `${visibleJson(JSON.stringify(verdict))}\n` : renderChainVerdict(verdict, keys.length),
    );
    return verdict.ok && problems === 0 ? 0 : 1;
  } finally {
    forgetKeys(keys);
  }
}
