import type { Evidence, InputName } from '@cryptrail/mapper';
import { readHex } from '../bytes.ts';
import { keepsTexts } from '../exported/chain.ts';
import type { ExportedRecord } from '../exported/exported-record.ts';
import { orderExport } from '../exported/order.ts';
import type { HashPort } from '../hash-port.ts';
import { recordBytes } from '../record-text.ts';
import type { Leaf } from './compare.ts';

const encoder = new TextEncoder();

/** Gives what stands for each record that a pipeline reads, with its stream. */
export function createLeafEvidence(take: (stream: string, leaf: Leaf) => void, hash: HashPort): Evidence {
  return {
    check(frame, recognition, { path, name }: InputName) {
      take(path ?? name ?? '-', { plain: hash.sha256(recordBytes(frame, recognition)), keyed: undefined });
      return { findings: [] };
    },
    finish: () => [],
  };
}

/** The same of exported records, in the order in which they once were read. */
export function* exportedLeaves(
  records: readonly ExportedRecord[],
  hash: HashPort,
): Generator<readonly [stream: string, leaf: Leaf]> {
  const own = records.filter(({ internal }) => !internal);
  // A text that is the body already is not written twice.
  const complete = keepsTexts(own);
  for (const { path, records: inFile } of orderExport(own))
    for (const record of inFile) yield [path || '-', leafOf(record, complete, hash)];
}

function leafOf({ text, body, redacted, digest }: ExportedRecord, complete: boolean, hash: HashPort): Leaf {
  const said = text ?? (complete ? body : undefined);
  const whole = said !== undefined && !redacted && !said.includes('\ufffd');
  const keyed = digest === undefined ? undefined : readHex(digest);
  return {
    plain: whole ? hash.sha256(encoder.encode(said)) : undefined,
    keyed: typeof keyed === 'string' ? undefined : keyed,
  };
}
