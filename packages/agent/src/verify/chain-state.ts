import { readFile } from 'node:fs/promises';
import { type ChainSnapshot, readSnapshot } from '@cryptrail/integrity';
import { Failure } from '../command-line/misuse.ts';
import { reasonOf, systemCode } from '../input/system-error.ts';
import { replacePrivately } from './private-file.ts';

/** Where an earlier run left the chain; undefined when there was none. */
export async function readChainState(path: string): Promise<ChainSnapshot | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new Failure(`the state file ${path} cannot be read: ${reasonOf(error)}`);
  }
  const snapshot = readSnapshot(jsonOf(text));
  if (snapshot) return snapshot;
  throw new Failure(`the state file ${path} is damaged, or is none of an audit log; move it away to begin anew`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps where the chain stands for the next run. The file is a secret (see `ChainSnapshot`): only its owner can read it. */
export async function writeChainState(path: string, snapshot: ChainSnapshot): Promise<void> {
  try {
    await replacePrivately(path, `${JSON.stringify(snapshot)}\n`);
  } catch (error) {
    throw new Failure(`the state file ${path} cannot be written: ${reasonOf(error)}`);
  }
}
