import type { SourceContext } from '../source.ts';
import type { AuditTable } from './audit-table.ts';
import type { NodeReader } from './read-node.ts';

const EVERY_MILLIS = 10_000;

/** Tells how a back-fill gets on. */
export interface Progress {
  /** After each round: how many rows it gave, and the nodes that have more. */
  tell(rows: number, behind: readonly NodeReader[], table: AuditTable): Promise<void>;
}

/** Says rate and remaining time every ten seconds while there is much to read, and the lag to telemetry. */
export function createProgress(context: SourceContext, now: () => number): Progress {
  let sinceMillis = now();
  let rows = 0;
  let wasBehind = false;
  return {
    async tell(more, behind, table) {
      rows += more;
      const elapsed = Math.abs(now() - sinceMillis);
      if (behind.length === 0) {
        if (wasBehind) context.lag({ records: 0 });
        wasBehind = false;
        sinceMillis = now();
        rows = 0;
      } else if (!wasBehind || elapsed >= EVERY_MILLIS) {
        const left = await waiting(behind, table);
        context.lag({ records: left });
        if (wasBehind) {
          const rate = Math.max(1, Math.round((rows * 1000) / Math.max(1, elapsed)));
          context.note(`${rows} rows read, ${rate} a second; about ${left} wait, ${Math.ceil(left / rate)} s`);
        }
        wasBehind = true;
        sinceMillis = now();
        rows = 0;
      }
    },
  };
}

/** Numbers that were not read yet: about as many rows. */
async function waiting(nodes: readonly NodeReader[], table: AuditTable): Promise<number> {
  let numbers = 0n;
  for (const { node, cursor } of nodes) {
    const highest = await table.highest(node);
    if (highest !== undefined && cursor.high !== undefined && highest > cursor.high) numbers += highest - cursor.high;
  }
  return Number(numbers);
}
