import { setTimeout as pause } from 'node:timers/promises';
import type { EncodedLogs } from '@cryptrail/exporter';
import {
  createPipeline,
  type EvidenceFinding,
  type FieldValue,
  type LogRecord,
  type PipelineOptions,
} from '@cryptrail/mapper';
import type { CommonOptions } from '../sources/options.ts';
import type { SavedPositions, Settlement, Source, SourceContext, Stretch } from '../sources/source.ts';
import type { PositionTable } from '../state/position-copy.ts';
import type { PositionSaver } from '../state/position-saver.ts';
import type { Counters, SourceCounts } from '../telemetry/counters.ts';
import type { AgentDelivery } from './agent-delivery.ts';
import { toFindingRecords } from './findings.ts';
import { countOf } from './is-encoded.ts';
import { type Entry, Ledger } from './ledger.ts';
import type { Preparation } from './preparation.ts';
import { createRateLimit } from './rate-limit.ts';
import { nodesOf } from './record-node.ts';
import { type SilenceWatch, watchSilence } from './silence.ts';

/** One source as it is configured. */
export interface SourcePlan {
  readonly source: Source;
  readonly options: CommonOptions;
  /** Made anew for each pipeline: evidence keeps a state of its own. */
  readonly pipeline: () => PipelineOptions;
  /** What is done to its records before they are delivered. */
  readonly prepare: Preparation;
  /** See {@link SourceContext.encodes}. */
  readonly encodes: boolean;
}

/** What all sources share. */
export interface Surroundings {
  readonly delivery: AgentDelivery;
  readonly positions: { readonly table: PositionTable };
  readonly saver: Pick<PositionSaver, 'put'>;
  readonly counters: Counters;
  readonly warn: (message: string) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly untilIdle: boolean;
  /** Ends reading. */
  readonly stop: AbortSignal;
  /** Nothing is taken any more. */
  readonly closed: AbortSignal;
  /** A source has failed, or has recovered. */
  readonly onHealth: (source: string, problem: string | undefined) => void;
  /** Done before records are delivered. */
  readonly beforeDelivery?: (() => Promise<void>) | undefined;
}

const FIRST_PAUSE_MILLIS = 1000;
/** How long records that somebody waits for stay for company: enough for requests that come at once, little beside a round trip. */
const HURRY_MILLIS = 5;
const LONGEST_PAUSE_MILLIS = 60_000;

/** Runs one source: gives it what it needs, keeps account of what it pushes, and begins it anew when it fails. */
export class SourceRun {
  readonly id: string;
  readonly #plan: SourcePlan;
  readonly #around: Surroundings;
  readonly #ledger = new Ledger();
  readonly #counts: SourceCounts;
  readonly #limit: ((records: number) => number) | undefined;
  readonly #silence: SilenceWatch | undefined;
  #drained: (() => void) | undefined;
  #hurrying: NodeJS.Timeout | undefined;
  #failed = false;
  /** When the records under way were taken, oldest first. */
  readonly #underWay = new Map<Entry, number>();

  constructor(plan: SourcePlan, around: Surroundings) {
    const { source, options } = plan;
    this.id = options.id ?? source.id;
    this.#plan = plan;
    this.#around = around;
    this.#counts = around.counters.of(source.type);
    const { maxRecordsPerSecond, silentAfterMillis } = options;
    this.#limit = maxRecordsPerSecond === undefined ? undefined : createRateLimit(maxRecordsPerSecond, around.clock);
    if (silentAfterMillis !== undefined && !around.untilIdle)
      this.#silence = watchSilence(silentAfterMillis, around.clock, (silence) => void this.#reportSilence(silence));
    around.counters.watchOldest(this.id, source.type, () => this.#oldestMillis());
  }

  /**
   * Runs the source until it has ended by itself or is told to end; after an error it is begun anew at the positions that are acknowledged.
   *
   * @returns False when it failed and is not tried again, because all is to end when everything is read.
   */
  async run(): Promise<boolean> {
    const { source } = this.#plan;
    try {
      for (let wait = FIRST_PAUSE_MILLIS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MILLIS)) {
        try {
          await source.run(this.#context());
          return true;
        } catch (error) {
          if (this.#around.stop.aborted) return true;
          this.#counts.failures += 1;
          this.#failed = true;
          const reason = error instanceof Error ? error.message : String(error);
          this.#around.onHealth(this.id, reason);
          this.#around.warn(`${this.id}: ${reason}`);
          if (this.#around.untilIdle) return false;
        }
        // What is under way would be read a second time.
        await this.drained();
        await pause(wait, undefined, { signal: this.#around.stop }).catch(() => undefined);
        if (this.#around.stop.aborted) return true;
      }
    } finally {
      this.#silence?.stop();
    }
  }

  /** Resolves when nothing of this source is under way, or nothing is taken any more. */
  async drained(): Promise<void> {
    const { closed } = this.#around;
    if (this.#ledger.open === 0 || closed.aborted) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
      closed.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Records that are not settled. */
  get open(): number {
    return this.#ledger.open;
  }

  /** Makes a record of what happened. */
  async report(finding: EvidenceFinding): Promise<void> {
    this.#around.warn(`${this.id}: ${finding.message}`);
    const records = toFindingRecords(finding, BigInt(Date.now()) * 1_000_000n);
    if (records.length === 0) return;
    const entry = this.#ledger.enterReport();
    await this.#deliver(entry, records, () => {});
  }

  #context(): SourceContext {
    const { stop, untilIdle, counters, warn } = this.#around;
    return {
      positions: this.#positions(),
      push: (stretch) => this.#push(stretch),
      createPipeline: (own) => createPipeline({ ...this.#plan.pipeline(), ...own }),
      encodes: this.#plan.encodes,
      report: (finding) => this.report(finding),
      note: (message) => warn(`${this.id}: ${message}`),
      lag: (lag) => counters.lag(this.id, this.#plan.source.type, lag),
      signal: stop,
      untilIdle,
    };
  }

  #positions(): SavedPositions {
    const { positions, saver } = this.#around;
    const streams = () => positions.table.get(this.id);
    return {
      get: (stream) => streams()?.get(stream),
      entries: () => [...(streams() ?? [])],
      forget: (stream) => saver.put({ source: this.id, stream, position: undefined }),
    };
  }

  async #push({ stream, logs, position, onSettled }: Stretch): Promise<void> {
    const { closed, beforeDelivery } = this.#around;
    closed.throwIfAborted();
    // Entered before anything is waited for: the order of the calls is the order of the stream.
    const entry = this.#ledger.enter(stream, position);
    if (beforeDelivery) await beforeDelivery();
    const read = countOf(logs);
    this.#heard(logs);
    const { logs: kept, recognised } = this.#plan.prepare(logs);
    const filtered = read - countOf(kept);
    this.#counts.read += read;
    this.#counts.recognised += recognised;
    this.#counts.filtered += filtered;
    const told = (settlement: Settlement) => {
      this.#counts.exported += settlement.accepted;
      this.#counts.deadLettered += settlement.deadLettered;
      onSettled?.({ ...settlement, accepted: settlement.accepted + filtered });
    };
    if (countOf(kept) === 0) {
      this.#settle(entry);
      return told({ accepted: 0, deadLettered: 0 });
    }
    const wait = this.#limit?.(read) ?? 0;
    if (wait > 0) await pause(wait, undefined, { signal: closed });
    await this.#deliver(entry, kept, told, onSettled !== undefined);
  }

  async #deliver(
    entry: Entry,
    logs: readonly LogRecord[] | EncodedLogs,
    told: (settlement: Settlement) => void,
    isAwaited = false,
  ): Promise<void> {
    const { delivery, closed } = this.#around;
    this.#underWay.set(entry, Date.now());
    const room = delivery.push(logs, {
      onSettled: (settlement) => {
        this.#settle(entry);
        told(settlement);
      },
    });
    if (isAwaited) this.#hurry();
    if (room) await orAbort(room, closed);
  }

  /** Somebody waits for the answer and may send nothing before it: what is there goes soon, with what others send meanwhile. */
  #hurry(): void {
    this.#hurrying ??= setTimeout(() => {
      this.#hurrying = undefined;
      void this.#around.delivery.flush();
    }, HURRY_MILLIS);
  }

  #settle(entry: Entry): void {
    this.#underWay.delete(entry);
    for (const { stream, position } of this.#ledger.settle(entry))
      this.#around.saver.put({ source: this.id, stream, position });
    if (this.#ledger.open > 0) return;
    this.#drained?.();
    this.#drained = undefined;
  }

  #oldestMillis(): number | undefined {
    for (const since of this.#underWay.values()) return since;
    return undefined;
  }

  #heard(logs: readonly LogRecord[] | EncodedLogs): void {
    if (this.#failed) this.#around.onHealth(this.id, undefined);
    this.#failed = false;
    if (!this.#silence || logs.length === 0) return;
    this.#silence.heard();
    for (const node of nodesOf(logs)) this.#silence.heard(node);
  }

  #reportSilence({ node, silentMillis }: { node?: string; silentMillis: number }): Promise<void> {
    const seconds = Math.round(silentMillis / 1000);
    const who = node === undefined ? 'the source' : `node ${node}`;
    return this.report({
      event: 'cryptrail.source.silent',
      message: `${who} has been silent for ${seconds} s`,
      fields: new Map<string, FieldValue>([
        ['source', { kind: 'string', text: this.id }],
        ['source_type', { kind: 'string', text: this.#plan.source.type }],
        ['silent_seconds', { kind: 'int', text: String(seconds) }],
        ...(node === undefined ? [] : [['node', { kind: 'string', text: node }] as const]),
      ]),
    }).catch(() => undefined);
  }
}

/** The promise, or a rejection as soon as nothing is taken any more. */
async function orAbort(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
