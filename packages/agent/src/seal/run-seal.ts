import { open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { createSealer, joinEvidence, readSeal, type Sealer } from '@cryptrail/integrity';
import type { Evidence, InputName } from '@cryptrail/mapper';
import { Failure } from '../command-line/misuse.ts';
import { reasonOf, systemCode } from '../input/system-error.ts';
import { nodeHash } from '../verify/node-hash.ts';
import type { SealKey } from './seal-keys.ts';

/** The seal of an agent, beside its state. */
export interface RunSeal {
  /** What seals the records of one source. Inputs without a name of their own get that of the source. */
  readonly of: (source: string) => Evidence;
  /** Appends the lines that are ready: before the records they cover are delivered, and so before their position is saved. */
  readonly flush: () => Promise<void>;
  /** Closes the segments and the file. */
  readonly end: () => Promise<void>;
}

/** The name of the seal in the state directory. */
export const SEAL_FILE = 'seal.jsonl';

/**
 * Opens the seal in a state directory, or goes on with it.
 *
 * @throws {@link Failure} when what is there is no seal, or another key made it.
 */
export async function openRunSeal(
  directory: string,
  key: SealKey,
  digestKey: Uint8Array | undefined,
): Promise<RunSeal> {
  const path = join(directory, SEAL_FILE);
  const before = await readWhole(path);
  // Our own file in our own directory: signatures are for those who verify.
  const after = before && readSeal(before.lines, { hash: nodeHash, verify: () => true, publicKey: key.publicKey });
  if (after?.error && after.lines > 0)
    throw new Failure(
      `the seal ${path} cannot be gone on with: line ${after.error.line}: ${after.error.message}; move it away to begin anew`,
    );
  if (before) await truncate(path, before.bytes);
  const handle = await open(path, 'a', 0o600);
  const sealer = createSealer({
    hash: nodeHash,
    ...key,
    digestKey,
    now: Date.now,
    ...(after && after.lines > 0 ? { after } : {}),
  });
  let last: Promise<void> = Promise.resolve();
  const flush = () => {
    last = last.then(async () => {
      sealer.settle();
      const lines = sealer.take();
      if (lines.length > 0) await handle.appendFile(`${lines.join('\n')}\n`);
    });
    return last;
  };
  return {
    of: (source) => joinEvidence([named(sealer, source)]),
    flush,
    end: async () => {
      sealer.end();
      await flush().finally(() => handle.close());
    },
  };
}

/** The whole lines of a file; a last line that a crash cut off is left out. */
async function readWhole(path: string): Promise<{ lines: string[]; bytes: number } | undefined> {
  try {
    const content = await readFile(path);
    const bytes = content.lastIndexOf(0x0a) + 1;
    return { lines: content.subarray(0, bytes).toString('utf8').split('\n'), bytes };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new Failure(`the seal ${path} cannot be read: ${reasonOf(error)}`);
  }
}

/** A sealer for one source. The object of an input stays one, because it stands for the input. */
function named(sealer: Sealer, source: string): Evidence {
  const names = new WeakMap<InputName, InputName>();
  const nameOf = (input: InputName) => {
    if (input.path !== undefined) return input;
    const known = names.get(input) ?? { path: source };
    names.set(input, known);
    return known;
  };
  return {
    check: (frame, recognition, input) => sealer.check(frame, recognition, nameOf(input)),
    finish: () => [],
    snapshot: (input) => sealer.snapshot(nameOf(input)),
    resume: (input, state) => sealer.resume(nameOf(input), state),
  };
}
