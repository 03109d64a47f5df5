import { createSealer, type Sealer } from '@cryptrail/integrity';
import { openFileTarget } from '../output/text-target.ts';
import { nodeHash } from '../verify/node-hash.ts';
import { readSealKey } from './seal-keys.ts';

/** A seal that is being written. */
export interface SealFile {
  readonly sealer: Sealer;
  readonly identity: string;
  /** Appends the lines that are ready. */
  readonly flush: () => Promise<void>;
  /** Closes the seal; `whole`: everything was read, and the seal says so. Gives the hash of its last line. */
  readonly end: (whole: boolean) => Promise<string>;
}

/** Opens a new seal. */
export async function openSealFile(
  path: string,
  options: {
    readonly keyFile: string;
    readonly digestKey: Uint8Array | undefined;
    readonly reading: Readonly<Record<string, string>>;
    readonly force: boolean;
  },
): Promise<SealFile> {
  const { keyFile, digestKey, reading, force } = options;
  const key = await readSealKey(keyFile);
  const sealer = createSealer({ hash: nodeHash, ...key, digestKey, reading, now: Date.now });
  const target = await openFileTarget(path, { flag: '--seal', force });
  const flush = async () => {
    const lines = sealer.take();
    if (lines.length > 0) await target.write(`${lines.join('\n')}\n`);
  };
  return {
    sealer,
    identity: target.identity,
    flush,
    end: async (whole) => {
      if (whole) sealer.end();
      await flush();
      await target.end();
      return sealer.state.previous;
    },
  };
}
