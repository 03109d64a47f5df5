import { products } from '@cryptrail/catalogue';
import { createPipeline, type EvidenceFinding, type LogRecord } from '@cryptrail/mapper';

/**
 * Makes a record of the internal product of what happened to the agent itself.
 *
 * @returns Nothing when the catalogue has no such event.
 */
export function toFindingRecords(finding: EvidenceFinding, nowUnixNano: bigint): LogRecord[] {
  const evidence = { check: () => ({ findings: [] }), finish: () => [finding] };
  const pipeline = createPipeline({ products: INTERNAL, evidence, now: () => nowUnixNano });
  // No line has a time for it: it happened now.
  return pipeline.finish().map((record) => ({ ...record, timeUnixNano: nowUnixNano }));
}

const INTERNAL = products.filter(({ kind }) => kind === 'internal');
