import type { ReadSeal } from '@cryptrail/integrity';
import type { Outcome } from '../command-line/command.ts';
import { Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { renderSealVerdict } from '../render/seal-verdict.ts';
import { visibleJson } from '../render/visible.ts';
import { readSealPublicKey } from '../seal/seal-keys.ts';
import { readExportedRecords } from '../verify/exported-records.ts';
import {
  compareWithExport,
  compareWithNothing,
  compareWithSources,
  isIncomplete,
  openSeal,
  sealVerdict,
} from '../verify/seal.ts';
import type { VerifyFlags } from './verify-flags.ts';

/** `verify seal`: with files or exported records the seal is compared, else it is checked by itself. */
export async function verifySeal(words: readonly string[], flags: VerifyFlags, terminal: Terminal): Promise<Outcome> {
  const [path, ...more] = words;
  if (path === undefined) throw new Misuse('Which seal? verify seal takes the file that convert --seal wrote.');
  const [sources, exports] = [flags.source, flags['from-otlp']];
  if (sources.length > 0 && exports.length > 0) throw new Misuse('--source and --from-otlp exclude each other.');
  if (more.length > 0 && sources.length + exports.length === 0)
    throw new Misuse('verify seal takes one seal.', 'Sealed files are named with --source FILE.');
  const head = flags.head?.toLowerCase();
  if (head !== undefined && !/^[0-9a-f]{64}$/.test(head)) throw new Misuse('--head takes 64 hex digits.');
  const publicKey = flags.public === undefined ? undefined : await readSealPublicKey(flags.public);
  const seal = await openSeal(path, publicKey, head);
  const { compared, problems } = await compareSeal(seal, { sources, exports, more }, terminal);
  const verdict = sealVerdict(seal, compared, publicKey !== undefined);
  await terminal.out.write(flags.json ? `${visibleJson(JSON.stringify(verdict))}\n` : renderSealVerdict(verdict));
  return verdict.ok && !isIncomplete(verdict) && problems === 0 ? 0 : 1;
}

async function compareSeal(
  seal: ReadSeal,
  { sources, exports, more }: Readonly<Record<'sources' | 'exports' | 'more', readonly string[]>>,
  terminal: Terminal,
) {
  if (sources.length > 0) return compareWithSources(seal, [...sources, ...more], terminal);
  if (exports.length === 0) return { compared: compareWithNothing(seal), problems: 0 };
  const { records, problems } = await readExportedRecords([...exports, ...more], terminal);
  return { compared: compareWithExport(seal, records), problems };
}
