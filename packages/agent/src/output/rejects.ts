import type { Frame } from '@cryptrail/mapper';
import { openFileTarget } from './text-target.ts';

/** Raw lines that could not be read, as they stood in the input: for whoever repairs the source. */
export interface Rejects {
  /** Identity of the file, when there is one. */
  readonly identity: string | undefined;
  readonly add: (line: Frame) => void;
  /** Writes what was added. */
  readonly flush: () => Promise<void>;
  readonly end: () => Promise<void>;
}

const NONE: Rejects = { identity: undefined, add: () => {}, flush: async () => {}, end: async () => {} };

/** Only its owner may read the file: secrets cannot be located in broken lines, so nothing is redacted. */
const OWNER_ONLY = 0o600;

const LINE_BREAK = new Uint8Array([0x0a]);

/** Opens the file; without a path nothing is kept. */
export async function createRejects(path: string | undefined, force: boolean): Promise<Rejects> {
  if (path === undefined) return NONE;
  const target = await openFileTarget(path, { flag: '--rejects', force, mode: OWNER_ONLY });
  let lines: Frame[] = [];
  const flush = async () => {
    const added = lines;
    lines = [];
    for (const { bytes, text } of added) {
      await target.write(bytes ?? text);
      await target.write(LINE_BREAK);
    }
  };
  return {
    identity: target.identity,
    add: (line) => void lines.push(line),
    flush,
    end: async () => {
      await flush();
      await target.end();
    },
  };
}
