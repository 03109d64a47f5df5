import type { DeliveryCounts, EncodedLogs } from '@cryptrail/exporter';
import type { LogRecord } from '@cryptrail/mapper';
import type { Settlement } from '../sources/source.ts';

/** Where records go: every destination of the agent as one. */
export interface AgentDelivery {
  /**
   * Takes records. Gives a promise when enough is under way: wait for it before the next push, and memory stays bounded.
   * `onSettled` is told once, when every destination has answered for every record.
   */
  push(
    logs: readonly LogRecord[] | EncodedLogs,
    told: { readonly onSettled: (settlement: Settlement) => void },
  ): Promise<void> | undefined;
  /** Sends what has been gathered, and resolves when all of it is settled. */
  flush(): Promise<unknown>;
  /** Delivers what is under way, for at most so many milliseconds, and closes. What is not settled by then never is. */
  end(limit: { readonly withinMillis: number | undefined }): Promise<unknown>;
}

/** A delivery that can be looked at. */
export interface WatchedDelivery extends AgentDelivery {
  counts(): DeliveryCounts;
}
