import { type ChainOptions, createChainVerifier } from '../acra/chain.ts';
import type { ChainVerdict } from '../acra/verdict.ts';
import type { ExportedRecord } from './exported-record.ts';
import { type ExportedFile, orderExport } from './order.ts';

const encoder = new TextEncoder();
/** What redaction writes in place of a whole line in which a secret could not be found. */
const WITHHELD = 'REDACTED';

/**
 * Verifies audit logs again from exported records. Lines whose text is not whole any more (redacted, not exported, or not UTF-8) are in
 * `not_verifiable`, with all that follow in their chain: each value covers the lines before it.
 *
 * @param options As for the files themselves.
 */
export function verifyExportedChain(records: readonly ExportedRecord[], options: ChainOptions): ChainVerdict {
  const verifier = createChainVerifier(options);
  const complete = keepsTexts(records);
  for (const file of logsOf(records)) {
    verifier.file(file.path || '-');
    let number = 0;
    for (const record of file.records) {
      number = record.number ?? number + 1;
      const { redacted, product, body } = record;
      // Text of no known product is its own body, as long as nothing had to be changed in it.
      const text = record.text ?? (complete && product === undefined ? body : undefined);
      if (text === undefined || (redacted && text === WITHHELD)) verifier.unknown({ number });
      else
        for (const [index, line] of text.split('\n').entries())
          verifier.line(encoder.encode(line), { number: number + index, lossy: line.includes('\ufffd'), redacted });
    }
  }
  return verifier.end();
}

/** The files that hold records of the product, with what stands between those. */
function logsOf(records: readonly ExportedRecord[]): ExportedFile[] {
  return orderExport(records.filter(({ internal }) => !internal)).filter(({ records: inFile }) =>
    inFile.some(({ product }) => product === 'acra'),
  );
}

/** Whether the records were exported with their own text. */
export function keepsTexts(records: readonly ExportedRecord[]): boolean {
  return records.some(({ text, internal }) => text !== undefined && !internal);
}
