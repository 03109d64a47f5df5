import { diag } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { nameOf } from '../export-apart.ts';
import type { RecordProblem } from '../grouping-exporter.ts';
import { mendRecord } from '../mend-record.ts';
import type { ResourceChooser } from '../resource-chooser.ts';
import { headOf, writeReadable } from './encode-readable.ts';
import { type EndingSignal, listenForExit } from './exit-hooks.ts';
import type { RecordStore } from './record-store.ts';

/** What became of the records that were emitted. */
export interface EmittedCounts {
  /** Records that came to this processor. */
  readonly emitted: number;
  /** Records that are lost: there was no room for them, or they could not even be read. */
  readonly dropped: number;
}

/** How a {@link DeliveryProcessor} works. */
export interface DeliveryProcessorOptions {
  readonly store: RecordStore;
  readonly resourceOf: ResourceChooser;
  /** Hears of every record that was changed or lost. */
  readonly report: (problem: RecordProblem) => void;
  /** How long the end may take, in milliseconds. */
  readonly exitMillis: number;
  readonly signals: readonly EndingSignal[];
}

/** Losses are told of at most this often: they come by the thousand. */
const TELL_EVERY_MILLIS = 10_000;

/** Hands records of an SDK to a store, encoded at once: what the application does to them later does not matter. The last one among the processors. Never throws. */
export class DeliveryProcessor implements LogRecordProcessor {
  readonly #options: DeliveryProcessorOptions;
  readonly #stopListening: () => void;
  #emitted = 0;
  #dropped = 0;
  #untold = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #ended: Promise<void> | undefined;
  #isDraining = false;

  constructor(options: DeliveryProcessorOptions) {
    this.#options = options;
    this.#stopListening = listenForExit({
      signals: options.signals,
      onSignal: () => this.shutdown(),
      onIdle: () => void this.#drain(),
    });
  }

  onEmit(record: ReadableLogRecord): void {
    this.#emitted += 1;
    try {
      const reason = this.#ended ? 'it was emitted after the shutdown' : this.#take(record);
      if (reason !== undefined) this.#drop(record, reason);
    } catch (error) {
      this.#drop(record, nameOf(error));
    }
  }

  /** Gives why the record is lost, when it is. */
  #take(record: ReadableLogRecord): string | undefined {
    const { resourceOf, report, store } = this.#options;
    const { record: mended, parts } = mendRecord(record);
    if (parts.length > 0) report({ kind: 'mended', reason: parts.join(', '), record });
    return store.add(headOf(record, resourceOf(record)), (writer) => writeReadable(writer, mended));
  }

  async forceFlush(): Promise<void> {
    await this.#options.store.flush();
  }

  shutdown(): Promise<void> {
    this.#ended ??= this.#end(this.#options.exitMillis);
    return this.#ended;
  }

  counts(): EmittedCounts {
    return { emitted: this.#emitted, dropped: this.#dropped };
  }

  async #end(withinMillis: number): Promise<void> {
    this.#stopListening();
    const lost = await this.#options.store.close(withinMillis);
    if (lost === 0) return;
    this.#dropped += lost;
    diag.error(`cryptrail: ${lost} log records are lost: the process ended before the backend took them`);
  }

  /** The process has nothing else to do: it is kept alive for the records, but not for ever. */
  async #drain(): Promise<void> {
    const { store, exitMillis } = this.#options;
    if (this.#isDraining || this.#ended || store.isIdle()) return;
    this.#isDraining = true;
    const alive = setTimeout(() => {
      this.#ended ??= this.#end(0);
    }, exitMillis);
    await store.drain().catch(() => undefined);
    clearTimeout(alive);
    this.#isDraining = false;
  }

  #drop(record: ReadableLogRecord, reason: string): void {
    this.#dropped += 1;
    this.#options.report({ kind: 'lost', reason, record });
    this.#untold += 1;
    const now = performance.now();
    if (now - this.#toldAt < TELL_EVERY_MILLIS) return;
    this.#toldAt = now;
    diag.error(`cryptrail: ${this.#untold} log records are lost: ${reason}`);
    this.#untold = 0;
  }
}
