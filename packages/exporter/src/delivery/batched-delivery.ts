import type { LogRecord } from '@cryptrail/mapper';
import { groupByResource } from '../otlp/resource-runs.ts';
import { estimateBytes } from './record-size.ts';
import type { Sender, SendResult } from './sender.ts';

/** How much a delivery sends at a time, and for how long it tries. */
export interface BatchOptions {
  /** Longest time in milliseconds for one batch with its retries. Default 60 000. */
  readonly timeoutMillis?: number | undefined;
  /** About how many bytes one request may have before compression. Default 4 MiB. */
  readonly maxBatchBytes?: number | undefined;
  /** Most records in one request. Default 4096. */
  readonly maxBatchRecords?: number | undefined;
  /** Requests under way at a time. Default 4. */
  readonly maxInFlight?: number | undefined;
}

/** {@link BatchOptions} with nothing missing. */
export type BatchLimits = { readonly [K in keyof BatchOptions]-?: number };

/** What a delivery assumes. */
export const DEFAULTS: BatchLimits = {
  timeoutMillis: 60_000,
  maxBatchBytes: 4 * 1024 * 1024,
  maxBatchRecords: 4096,
  maxInFlight: 4,
};

const FIRST_PAUSE_MILLIS = 250;
const LONGEST_PAUSE_MILLIS = 15_000;

/** What a delivery came to. Every record that was pushed is in one of the two counts. */
export interface DeliveryResult {
  /** Records that the backend has accepted. */
  readonly delivered: number;
  /** Records that it has not: refused, or unanswered within the time. */
  readonly refused: number;
  /** Why the first of them was refused. */
  readonly error?: string;
}

/** Records on their way to a backend. */
export interface Delivery {
  /** Takes a record. Gives a promise when enough is under way: wait for it before the next record, and memory stays bounded. */
  push(record: LogRecord): Promise<void> | undefined;
  /** Sends what has been gathered and waits until all is answered; then the sender is closed. */
  end(): Promise<DeliveryResult>;
}

/** Gathers records into batches and sends several at a time. Nothing here throws. */
export class BatchedDelivery implements Delivery {
  readonly #sender: Sender;
  readonly #limits: BatchLimits;
  readonly #underWay = new Set<Promise<void>>();
  #batch: LogRecord[] = [];
  #batchBytes = 0;
  #delivered = 0;
  #refused = 0;
  #error: string | undefined;
  /** After an answer that will be the same for every batch: a wrong address, no permission, a backend that stays away. */
  #hasGivenUp = false;

  constructor(sender: Sender, limits: BatchLimits) {
    this.#sender = sender;
    this.#limits = limits;
  }

  push(record: LogRecord): Promise<void> | undefined {
    const bytes = estimateBytes(record);
    if (this.#batch.length > 0 && this.#batchBytes + bytes > this.#limits.maxBatchBytes) this.#sendBatch();
    this.#batch.push(record);
    this.#batchBytes += bytes;
    if (this.#batch.length >= this.#limits.maxBatchRecords) this.#sendBatch();
    return this.#underWay.size < this.#limits.maxInFlight ? undefined : Promise.race(this.#underWay);
  }

  async end(): Promise<DeliveryResult> {
    this.#sendBatch();
    await Promise.all(this.#underWay);
    await this.#sender.shutdown().catch(() => undefined);
    const counts = { delivered: this.#delivered, refused: this.#refused };
    return this.#error === undefined ? counts : { ...counts, error: this.#error };
  }

  #sendBatch(): void {
    if (this.#batch.length === 0) return;
    const batch = groupByResource(this.#batch);
    this.#batch = [];
    this.#batchBytes = 0;
    const sending = this.#deliver(batch).finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  async #deliver(records: readonly LogRecord[]): Promise<void> {
    if (this.#hasGivenUp) return this.#refuse(records.length);
    const result = await this.#sendPatiently(records);
    if (result.status === 'accepted') {
      this.#delivered += records.length - result.rejected;
      this.#refuse(result.rejected, result.reason);
    } else if (result.status === 'refused' && result.isTooLarge && records.length > 1) {
      const middle = Math.ceil(records.length / 2);
      await this.#deliver(records.slice(0, middle));
      await this.#deliver(records.slice(middle));
    } else {
      this.#refuse(records.length, result.reason);
      this.#hasGivenUp ||= result.status === 'unavailable' || !result.isAboutContent;
    }
  }

  /** Tries until there is an answer or no time left. The sender has retries of its own; these go on where it stops. */
  async #sendPatiently(records: readonly LogRecord[]): Promise<SendResult> {
    const deadline = Date.now() + this.#limits.timeoutMillis;
    for (let pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS)) {
      const result = await this.#sender.send(records);
      if (result.status !== 'unavailable' || Date.now() + pause >= deadline) return result;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  #refuse(count: number, reason?: string): void {
    this.#refused += count;
    this.#error ??= reason;
  }
}
