import type { Lag } from '../sources/source.ts';

/** What is counted for each type of source: never by path, node or client, of which there is no bound. */
export interface SourceCounts {
  /** Records that came from the source. */
  read: number;
  /** Those that are events of the catalogue. */
  recognised: number;
  /** Passed over by filters, `since` and `foreign: drop`. */
  filtered: number;
  /** Accepted by every destination. */
  exported: number;
  /** Refused for good by a destination; they are in the dead-letter file. */
  deadLettered: number;
  /** Times that a source of this type ended with an error and was begun anew. */
  failures: number;
}

/** Counts of the running agent. */
export class Counters {
  readonly #byType = new Map<string, SourceCounts>();
  readonly #lags = new Map<string, { readonly type: string; readonly lag: Lag }>();
  /** Milliseconds since 1970 of the oldest record under way, by source id. */
  readonly #oldest = new Map<string, { readonly type: string; readonly sinceMillis: () => number | undefined }>();

  /** The counts of a type, to be added to. */
  of(type: string): SourceCounts {
    const counts = this.#byType.get(type) ?? {
      read: 0,
      recognised: 0,
      filtered: 0,
      exported: 0,
      deadLettered: 0,
      failures: 0,
    };
    this.#byType.set(type, counts);
    return counts;
  }

  /** Remembers how far one source is behind. */
  lag(source: string, type: string, lag: Lag): void {
    this.#lags.set(source, { type, lag });
  }

  /** Has a source tell since when its oldest record under way waits. */
  watchOldest(source: string, type: string, sinceMillis: () => number | undefined): void {
    this.#oldest.set(source, { type, sinceMillis });
  }

  /** Forgets what single sources told of themselves, because they have ended. Counts stay. */
  forgetSources(): void {
    this.#lags.clear();
    this.#oldest.clear();
  }

  /** Counts by type. */
  entries(): IterableIterator<[type: string, counts: SourceCounts]> {
    return this.#byType.entries();
  }

  /** Bytes and records that are known to wait, by type; only where some source of the type can know. */
  lags(): Map<string, { bytes?: number; records?: number }> {
    const byType = new Map<string, { bytes?: number; records?: number }>();
    for (const { type, lag } of this.#lags.values()) {
      const sum = byType.get(type) ?? {};
      if (lag.bytes !== undefined) sum.bytes = (sum.bytes ?? 0) + lag.bytes;
      if (lag.records !== undefined) sum.records = (sum.records ?? 0) + lag.records;
      byType.set(type, sum);
    }
    return byType;
  }

  /** Milliseconds that the oldest record under way has waited for its acknowledgement, by type. */
  waits(nowMillis: number): Map<string, number> {
    const byType = new Map<string, number>();
    for (const { type, sinceMillis } of this.#oldest.values()) {
      const since = sinceMillis();
      const wait = since === undefined ? 0 : Math.max(0, nowMillis - since);
      byType.set(type, Math.max(wait, byType.get(type) ?? 0));
    }
    return byType;
  }

  /** Everything that was read, filtered, exported or refused, over all types. */
  total(): SourceCounts {
    const sum = { read: 0, recognised: 0, filtered: 0, exported: 0, deadLettered: 0, failures: 0 };
    for (const counts of this.#byType.values())
      for (const [name, value] of Object.entries(counts)) sum[name as keyof SourceCounts] += value;
    return sum;
  }
}
