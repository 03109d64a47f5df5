import type { EvidenceFinding, FieldValue } from '@cryptrail/mapper';
import type { Range } from './node-cursor.ts';

/** Gaps of one look that are told one by one. */
const MOST_SINGLE = 100;

/** Numbers of a node that stayed missing, as findings. */
export function gapFindings(
  node: string,
  gaps: readonly Range[],
  waitedMillis: number,
  product?: string,
): EvidenceFinding[] {
  const single = gaps.slice(0, MOST_SINGLE).map(({ from, to }) => {
    const which = from === to ? `The number ${from} is` : `The numbers ${from} to ${to} are`;
    const message = `${which} missing, ${waitedMillis / 1000} s after a higher number was there. A write that failed leaves the same gap as a row that was deleted.`;
    return finding('sequence_gap', message, {
      product,
      node,
      sequence: from,
      last_sequence: to,
      count: to - from + 1n,
    });
  });
  const more = gaps.slice(MOST_SINGLE);
  const [first, last] = [more[0], more.at(-1)];
  if (!first || !last) return single;
  const count = more.reduce((sum, { from, to }) => sum + to - from + 1n, 0n);
  const message = `Between ${first.from} and ${last.to}, ${count} more numbers are missing, in ${more.length} gaps.`;
  return [
    ...single,
    finding('sequence_gap', message, { product, node, sequence: first.from, last_sequence: last.to, count }),
  ];
}

/** A numbering that began anew, as a finding. */
export function resetFinding(node: string, sequence: bigint, product?: string): EvidenceFinding {
  const message = `The numbers begin anew at ${sequence}: the rows that had them before are gone.`;
  return finding('sequence_reset', message, { product, node, sequence });
}

function finding(
  name: string,
  message: string,
  values: Readonly<Record<string, string | bigint | undefined>>,
): EvidenceFinding {
  const fields = new Map<string, FieldValue>();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined)
      fields.set(key, { kind: typeof value === 'bigint' ? 'int' : 'string', text: String(value) });
  }
  return { event: `cryptrail.integrity.${name}`, message, fields };
}
