import { readFile } from 'node:fs/promises';
import { products } from '@cryptrail/catalogue';
import {
  createLeafEvidence,
  createStreamMatcher,
  type ExportedRecord,
  exportedLeaves,
  type Leaf,
  type ReadSeal,
  readSeal,
  type SealError,
  type StreamMatcher,
  type StreamVerdict,
} from '@cryptrail/integrity';
import { createPipeline } from '@cryptrail/mapper';
import { Failure } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { findInputs } from '../input/find-inputs.ts';
import { readRecords } from '../input/read-records.ts';
import { reasonOf } from '../input/system-error.ts';
import { verifySignature } from '../seal/seal-keys.ts';
import { nodeHash } from './node-hash.ts';

/** The verdict on a seal, and on what it was compared with; names as the command line prints them. */
export interface SealVerdict {
  readonly ok: boolean;
  readonly error: SealError | null;
  readonly lines: number;
  readonly public_key: string | null;
  /** The key was given from outside, and is not the seal's own word. */
  readonly key_given: boolean;
  readonly closed: boolean;
  readonly head: string;
  readonly streams: Readonly<Record<string, StreamVerdict | SealedStream>>;
  /** Streams that were found and are not in the seal. */
  readonly not_sealed: readonly string[];
}

/** A stream that was compared with nothing. */
export interface SealedStream {
  readonly segments: number;
  readonly records: number;
}

/** Reads and checks a seal. */
export async function openSeal(
  path: string,
  publicKey: string | undefined,
  head: string | undefined,
): Promise<ReadSeal> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`the seal ${path} cannot be read: ${reasonOf(error)}`);
  }
  return readSeal(text.split('\n'), { hash: nodeHash, verify: verifySignature, publicKey, head });
}

/** Compares what is found with the streams of a seal. */
interface Comparison {
  readonly take: (stream: string, leaf: Leaf) => void;
  readonly end: () => Pick<SealVerdict, 'streams' | 'not_sealed'>;
}

/** `everything`: a stream of the seal that is not found is missing, and not merely not looked at. */
function createComparison({ streams }: ReadSeal, everything: boolean): Comparison {
  const matchers = new Map<string, StreamMatcher>();
  const notSealed = new Set<string>();
  const matcherOf = (stream: string) => {
    const segments = streams.get(stream);
    if (!segments) return undefined;
    const matcher = matchers.get(stream) ?? createStreamMatcher(segments, nodeHash);
    matchers.set(stream, matcher);
    return matcher;
  };
  return {
    take(stream, leaf) {
      const matcher = matcherOf(stream);
      if (matcher) matcher.add(leaf);
      else notSealed.add(stream);
    },
    end() {
      if (everything) for (const stream of streams.keys()) matcherOf(stream);
      const verdicts = [...streams].map(([stream, segments]) => [
        stream,
        matchers.get(stream)?.end() ?? sealedStream(segments),
      ]);
      return { streams: Object.fromEntries(verdicts), not_sealed: [...notSealed] };
    },
  };
}

function sealedStream(segments: readonly { readonly records: number }[]): SealedStream {
  return { segments: segments.length, records: segments.reduce((sum, { records }) => sum + records, 0) };
}

/** Compares the seal with files, each with the stream of its path, else with the one that has its name; files of one stream in the order given. */
export async function compareWithSources(
  seal: ReadSeal,
  paths: readonly string[],
  terminal: Terminal,
): Promise<{ compared: Pick<SealVerdict, 'streams' | 'not_sealed'>; problems: number }> {
  const comparison = createComparison(seal, false);
  const streamOf = streamNames(seal);
  const { product, application, input, 'log-order': logOrder } = seal.reading;
  const pipeline = createPipeline({
    products,
    ...(product === undefined ? {} : { product }),
    ...(application === undefined ? {} : { application }),
    ...(input === undefined ? {} : { input }),
    ...(logOrder === undefined ? {} : { logOrder }),
    evidence: createLeafEvidence((path, leaf) => comparison.take(streamOf(path), leaf), nodeHash),
  });
  const { problems } = await readRecords(findInputs(paths, terminal, { excluded: new Set() }), pipeline, {
    record: () => undefined,
    warn: terminal.warn,
    signal: terminal.signal,
  });
  return { compared: comparison.end(), problems };
}

/** A file may have been moved since: its name alone tells when only one stream has it, and with one stream every file is of it. */
function streamNames({ streams }: ReadSeal): (path: string) => string {
  const byName = Map.groupBy(streams.keys(), baseName);
  return (path) => {
    if (streams.has(path)) return path;
    const [named, ...others] = byName.get(baseName(path)) ?? [];
    if (named !== undefined && others.length === 0) return named;
    const [only, ...more] = streams.keys();
    return only !== undefined && more.length === 0 ? only : path;
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Compares the seal with exported records. */
export function compareWithExport(
  seal: ReadSeal,
  records: readonly ExportedRecord[],
): Pick<SealVerdict, 'streams' | 'not_sealed'> {
  const comparison = createComparison(seal, true);
  for (const [stream, leaf] of exportedLeaves(records, nodeHash)) comparison.take(stream, leaf);
  return comparison.end();
}

/** The seal by itself. */
export function compareWithNothing({ streams }: ReadSeal): Pick<SealVerdict, 'streams' | 'not_sealed'> {
  return {
    streams: Object.fromEntries([...streams].map(([stream, segments]) => [stream, sealedStream(segments)])),
    not_sealed: [],
  };
}

/** Puts both together. */
export function sealVerdict(
  { error, lines, publicKey, closed, head }: ReadSeal,
  compared: Pick<SealVerdict, 'streams' | 'not_sealed'>,
  keyGiven: boolean,
): SealVerdict {
  const broken = Object.values(compared.streams).some((stream) => 'broken' in stream && stream.broken.length > 0);
  return {
    ok: error === null && !broken,
    error,
    lines,
    public_key: publicKey,
    key_given: keyGiven,
    closed,
    head,
    ...compared,
  };
}

/** Whether a part of it could not be compared. */
export function isIncomplete({ streams }: SealVerdict): boolean {
  return Object.values(streams).some((stream) => 'not_verifiable' in stream && stream.not_verifiable.length > 0);
}
