import { lstat } from 'node:fs/promises';
import { type ChainFormat, type ChainSnapshot, type ChainVerdict, createChainVerifier } from '@cryptrail/integrity';
import type { Terminal } from '../command-line/terminal.ts';
import { findInputs } from '../input/find-inputs.ts';
import { reasonOf, systemCode } from '../input/system-error.ts';
import { byteLines } from './lines.ts';
import { nodeHash } from './node-hash.ts';

/** One byte more than the longest line that counts: enough to see that a line is too long. */
const LINE_LIMIT = 65_537;

/** Options of {@link verifyAcra}. */
export interface AcraOptions {
  readonly keys: readonly Uint8Array[];
  readonly format?: ChainFormat;
  readonly missingOk: boolean;
  /** Where an earlier run stood. */
  readonly resume?: ChainSnapshot;
}

/** Checks the audit log chain of the files, in the order given. Reads only; a file that cannot be opened for another reason than its absence is a problem. */
export async function verifyAcra(
  paths: readonly string[],
  options: AcraOptions,
  terminal: Terminal,
): Promise<{ verdict: ChainVerdict; problems: number; snapshot: ChainSnapshot | undefined }> {
  const verifier = createChainVerifier({ ...options, hash: nodeHash });
  let problems = 0;
  for (const path of paths) {
    if (verifier.done || terminal.signal.aborted) break;
    if (path !== '-' && (await isMissing(path))) {
      verifier.missing(path);
      continue;
    }
    for await (const found of findInputs([path], terminal, { excluded: new Set() })) {
      if ('notice' in found) terminal.warn(found.notice);
      else if ('problem' in found) {
        problems += 1;
        terminal.warn(`${found.problem.path}: ${found.problem.message}`);
      } else {
        verifier.file(found.member.path);
        try {
          for await (const lines of byteLines(found.member.bytes, LINE_LIMIT)) {
            for (const line of lines) verifier.line(line);
            if (verifier.done || terminal.signal.aborted) break;
          }
        } catch (error) {
          problems += 1;
          terminal.warn(`${found.member.path}: reading broke off: ${reasonOf(error)}`);
        }
      }
      if (verifier.done) break;
    }
  }
  const snapshot = verifier.snapshot();
  return { verdict: verifier.end(), problems, snapshot };
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    return systemCode(error) === 'ENOENT';
  }
}
