import type { FlagRules } from '../command-line/flags.ts';
import { Misuse } from '../command-line/misuse.ts';
import type { SealFile } from '../seal/seal-file.ts';
import type { ReadingFlags } from './reading-flags.ts';

/** Flags that make a seal of what is read. */
export const SEAL_FLAGS = {
  seal: { kind: 'value', placeholder: 'FILE', help: 'Write a seal there that proves later what was read.' },
  'seal-key': { kind: 'value', placeholder: 'FILE', help: 'Private key of the seal, from: cryptrail seal init.' },
} as const satisfies FlagRules;

/** The values of {@link SEAL_FLAGS}. */
export interface SealFlags extends ReadingFlags {
  readonly seal?: string | undefined;
  readonly 'seal-key'?: string | undefined;
  readonly force: boolean;
}

/** Opens the seal that the flags ask for; undefined when they ask for none. */
export async function sealOfFlags(flags: SealFlags, digestKey: Uint8Array | undefined): Promise<SealFile | undefined> {
  const { seal: path, 'seal-key': keyFile, force } = flags;
  if (path !== undefined && keyFile === undefined)
    throw new Misuse('--seal needs --seal-key FILE.', 'cryptrail seal init makes one.');
  if (path === undefined && keyFile !== undefined) throw new Misuse('--seal-key needs --seal FILE.');
  if (path === undefined || keyFile === undefined) return undefined;
  const { openSealFile } = await import('../seal/seal-file.ts');
  return openSealFile(path, { keyFile, digestKey, reading: readingWords(flags), force });
}

/** What of the reading decides where records begin and end, so that the source can be read in the same way when the seal is verified. */
function readingWords({ product, application, input, 'log-order': order }: ReadingFlags): Record<string, string> {
  const words = Object.entries({ product, application, input, 'log-order': order });
  return Object.fromEntries(words.filter((word): word is [string, string] => word[1] !== undefined));
}
