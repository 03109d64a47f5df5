import type { Delivery, DeliveryCounts, EncodedLogs, Settlement } from '@cryptrail/exporter';
import { encodeLogs } from '@cryptrail/exporter/otlp';
import type { WatchedDelivery } from '../run/agent-delivery.ts';
import { countOf, isEncoded } from '../run/is-encoded.ts';

/** Several destinations as one: records are settled when every destination has settled them, and the slowest sets the pace. */
export function fanOut(destinations: readonly Delivery[]): WatchedDelivery {
  const [only] = destinations;
  if (only && destinations.length === 1) return only;
  return {
    push(given, { onSettled }) {
      // Encoded once for all.
      const logs: EncodedLogs = isEncoded(given) ? given : encodeLogs(given);
      const settle = joinSettlements(countOf(logs), destinations.length, onSettled);
      const waits = destinations.map((destination) => destination.push(logs, { onSettled: settle }));
      const rooms = waits.filter((wait) => wait !== undefined);
      return rooms.length === 0 ? undefined : Promise.all(rooms).then(() => undefined);
    },
    flush: () => Promise.all(destinations.map((destination) => destination.flush())),
    end: (limit) => Promise.all(destinations.map((destination) => destination.end(limit))),
    counts: () => joinCounts(destinations.map((destination) => destination.counts())),
  };
}

/** A record that one destination has refused counts as refused; which ones are the same is not known, so it is at most all of them. */
function joinSettlements(
  records: number,
  expected: number,
  onSettled: (settlement: Settlement) => void,
): (settlement: Settlement) => void {
  const settlements: Settlement[] = [];
  return (settlement) => {
    settlements.push(settlement);
    if (settlements.length < expected) return;
    const refused = settlements.reduce((sum, { deadLettered }) => sum + deadLettered, 0);
    const deadLettered = Math.min(records, refused);
    const reason = settlements.find((one) => one.reason !== undefined)?.reason;
    onSettled({ accepted: records - deadLettered, deadLettered, ...(reason === undefined ? {} : { reason }) });
  };
}

/** What the slowest has done, and what all of them hold and cost. */
function joinCounts(counts: readonly DeliveryCounts[]): DeliveryCounts {
  const sum = (name: keyof DeliveryCounts) => counts.reduce((total, one) => total + one[name], 0);
  return {
    delivered: Math.min(...counts.map(({ delivered }) => delivered)),
    refused: sum('refused'),
    held: Math.max(...counts.map(({ held }) => held)),
    heldBytes: sum('heldBytes'),
    requests: sum('requests'),
  };
}
