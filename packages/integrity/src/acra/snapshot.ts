import { readHex, toHex } from '../bytes.ts';
import type { Ratchet } from './ratchet.ts';
import type { Chain } from './verdict.ts';

/**
 * Where a verifier stands between two lines, as plain JSON, so that a chain can be followed over files, rotations and runs.
 *
 * It is a secret: `ratchet.key` is the key of the next line, and whoever reads it can forge what follows in this chain. Keep it where only the
 * owner reads (mode 0600). It never holds the audit key, which cannot be computed from it, nor a key of earlier lines; so it opens neither
 * the next chain nor what was verified before.
 */
export interface ChainSnapshot {
  readonly version: 1;
  /** Null before the first signed line. */
  readonly ratchet: { readonly key: string; readonly previous: string } | null;
  /** The last signed line ended its chain. */
  readonly ended: boolean;
  /** The chain that is open, with its place. */
  readonly chain: Chain | null;
  /** Time of the latest chain's first line, in seconds. */
  readonly latest: number | null;
  /** Values of the first lines of earlier chains (they are printed in the log), to see a chain that was copied. */
  readonly firsts: readonly string[];
}

/** First lines that a snapshot remembers: the latest. */
const MAX_FIRSTS = 1000;

/** The ratchet as text. */
export function ratchetText({ key, previous }: Ratchet): { key: string; previous: string } {
  return { key: toHex(key), previous: toHex(previous) };
}

/** The latest values that are worth remembering. */
export function latestFirsts(firsts: ReadonlySet<string>, most = MAX_FIRSTS): string[] {
  return most > 0 ? [...firsts].slice(-most) : [];
}

/** The ratchet of a snapshot; undefined when it has none. */
export function ratchetOf({ ratchet }: ChainSnapshot): Ratchet | undefined {
  if (!ratchet) return undefined;
  const [key, previous] = [readHex(ratchet.key), readHex(ratchet.previous)];
  return typeof key === 'string' || typeof previous === 'string' ? undefined : { key, previous };
}

/** A snapshot that was read back, e.g. from a file; undefined for anything else. */
export function readSnapshot(value: unknown): ChainSnapshot | undefined {
  if (!isObject(value) || value.version !== 1 || typeof value.ended !== 'boolean') return undefined;
  const { ratchet, ended, chain, latest, firsts } = value;
  if (ratchet !== null && !(isObject(ratchet) && isBytes(ratchet.key, 64) && isBytes(ratchet.previous, 64)))
    return undefined;
  if (chain !== null && !isChain(chain)) return undefined;
  if (latest !== null && typeof latest !== 'number') return undefined;
  if (!Array.isArray(firsts) || !firsts.every((one) => typeof one === 'string')) return undefined;
  return {
    version: 1,
    ratchet: ratchet === null ? null : { key: String(ratchet.key), previous: String(ratchet.previous) },
    ended,
    chain,
    latest,
    firsts,
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isBytes(value: unknown, digits: number): boolean {
  return typeof value === 'string' && value.length === digits && typeof readHex(value) !== 'string';
}

function isChain(value: unknown): value is Chain {
  if (!isObject(value)) return false;
  const { file, firstLine, lastFile, lastLine, closed, key } = value;
  return (
    [file, lastFile].every((one) => typeof one === 'string') &&
    [firstLine, lastLine, key].every((one) => Number.isSafeInteger(one)) &&
    typeof closed === 'boolean'
  );
}
