import type { LogRecord } from '@cryptrail/mapper';
import { encodeLogs } from '../otlp/encode-logs.ts';
import type { EncodedLogs } from '../otlp/encoded-logs.ts';
import { BatchMemory } from './batch-memory.ts';
import { Courier, weightOf } from './courier.ts';
import { type Batch, Gathering } from './gathering.ts';
import type { Piece } from './pieces.ts';
import { reportFault } from './report-fault.ts';
import type { Answer, Sender } from './sender.ts';
import { Ticket } from './ticket.ts';
import type {
  BatchLimits,
  BatchOptions,
  DeadLetter,
  Delivery,
  DeliveryCondition,
  DeliveryCounts,
  DeliveryResult,
  PushOptions,
} from './types.ts';

/** Who hears of what happens. */
export type DeliveryHooks = Pick<BatchOptions, 'onDeadLetter' | 'onCondition'>;

/** Answers that are no answers, one after the other, until the backend counts as away: one alone is nothing to speak of. */
const FAILURES_UNTIL_WAITING = 3;

/** Of one piece of memory; a request that is larger has several. */
const MOST_MEMORY_BYTES = 4 * 1024 * 1024;

/** Gathers records into requests and has several under way at a time. Nothing here throws. */
export class BatchedDelivery implements Delivery {
  readonly #sender: Sender;
  readonly #limits: BatchLimits;
  readonly #hooks: DeliveryHooks;
  readonly #ending = new AbortController();
  readonly #courier: Courier;
  readonly #gathering: Gathering;
  readonly #memories: BatchMemory;
  readonly #queue: { readonly batch: Batch; readonly done: () => void }[] = [];
  /** Batches that are queued or under way. */
  readonly #open = new Set<Promise<void>>();
  #underWay = 0;
  #lingering: NodeJS.Timeout | undefined;
  #room: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #held = { records: 0, bytes: 0 };
  #delivered = 0;
  #refused = 0;
  #unsettled = 0;
  #requests = 0;
  #error: string | undefined;
  #failures = 0;
  #condition: DeliveryCondition = { status: 'delivering' };
  /** Why dead letters cannot be kept. */
  #blocked: string | undefined;
  #result: Promise<DeliveryResult> | undefined;

  constructor(sender: Sender, limits: BatchLimits, hooks: DeliveryHooks = {}) {
    this.#sender = sender;
    this.#limits = limits;
    this.#hooks = hooks;
    const reports = {
      accepted: (pieces: readonly Piece[]) => this.#accept(pieces),
      buried: (pieces: readonly Piece[], letter: DeadLetter) => this.#bury(pieces, letter),
      givenUp: (pieces: readonly Piece[], reason: string) => this.#giveUp(pieces, reason),
      answered: (answer: Answer) => this.#look(answer),
    };
    this.#courier = new Courier(sender, limits, reports, this.#ending.signal);
    this.#memories = new BatchMemory(Math.min(limits.maxBatchBytes, MOST_MEMORY_BYTES), limits.maxInFlight + 1);
    this.#gathering = new Gathering(limits, this.#memories, (batch) => this.#enqueue(batch));
  }

  push(
    given: LogRecord | readonly LogRecord[] | EncodedLogs,
    { onSettled }: PushOptions = {},
  ): Promise<void> | undefined {
    const logs = toEncodedLogs(given);
    const records = logs.reduce((sum, { count }) => sum + count, 0);
    if (this.#result) {
      this.#unsettled += records;
      return undefined;
    }
    const ticket = new Ticket(records, onSettled && guarded(onSettled));
    for (const group of logs) {
      this.#held.records += group.count;
      this.#held.bytes += group.records.length;
    }
    this.#gathering.add(logs, ticket);
    this.#linger();
    return this.#waitForRoom();
  }

  async flush(): Promise<void> {
    this.#handOver();
    await Promise.all(this.#open);
  }

  end({ withinMillis }: { readonly withinMillis?: number | undefined } = {}): Promise<DeliveryResult> {
    this.#result ??= this.#end(withinMillis);
    return this.#result;
  }

  condition(): DeliveryCondition {
    return this.#blocked === undefined ? this.#condition : { status: 'waiting', reason: this.#blocked };
  }

  counts(): DeliveryCounts {
    return {
      delivered: this.#delivered,
      refused: this.#refused,
      held: this.#held.records,
      heldBytes: this.#held.bytes,
      requests: this.#requests,
    };
  }

  async #end(withinMillis: number | undefined): Promise<DeliveryResult> {
    await within(this.flush(), withinMillis);
    this.#ending.abort();
    this.#room?.resolve();
    await this.#sender
      .shutdown()
      .catch((error: unknown) => reportFault('cryptrail: the connections of a delivery could not be closed', error));
    const unsettled = this.#held.records + this.#unsettled;
    return {
      delivered: this.#delivered,
      refused: this.#refused,
      ...(unsettled === 0 ? {} : { unsettled }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  #linger(): void {
    if (this.#gathering.isEmpty || this.#lingering) return;
    this.#lingering = setTimeout(() => this.#handOver(), this.#limits.lingerMillis);
    if (this.#limits.background) this.#lingering.unref();
  }

  #handOver(): void {
    clearTimeout(this.#lingering);
    this.#lingering = undefined;
    this.#gathering.handOver();
  }

  #enqueue(batch: Batch): void {
    const { promise, resolve: done } = Promise.withResolvers<void>();
    this.#open.add(promise);
    void promise.then(() => this.#open.delete(promise));
    this.#queue.push({ batch, done });
    this.#sendNext();
  }

  #sendNext(): void {
    while (this.#underWay < this.#limits.maxInFlight) {
      const next = this.#queue.shift();
      if (!next) return;
      this.#underWay += 1;
      void this.#send(next.batch).finally(next.done);
    }
  }

  async #send({ pieces, memories }: Batch): Promise<void> {
    try {
      await this.#courier.deliver(pieces);
    } catch (error) {
      await reportFault('cryptrail: a batch could not be delivered', error);
    } finally {
      for (const memory of memories) this.#memories.giveBack(memory);
      this.#underWay -= 1;
      this.#sendNext();
    }
  }

  /** A promise when enough is held. What is gathered then goes, full or not: nobody will bring more. */
  #waitForRoom(): Promise<void> | undefined {
    if (this.#held.bytes < this.#limits.maxHeldBytes || this.#ending.signal.aborted) return undefined;
    if (this.#open.size === 0) this.#handOver();
    this.#room ??= Promise.withResolvers<void>();
    return this.#room.promise;
  }

  #release(pieces: readonly Piece[]): void {
    const { records, bytes } = weightOf(pieces);
    this.#held.records -= records;
    this.#held.bytes -= bytes;
    if (this.#held.bytes >= this.#limits.maxHeldBytes) return;
    this.#room?.resolve();
    this.#room = undefined;
  }

  #accept(pieces: readonly Piece[]): void {
    this.#release(pieces);
    for (const { group, ticket } of pieces) {
      this.#delivered += group.count;
      ticket.accept(group.count);
    }
  }

  async #bury(pieces: readonly Piece[], letter: DeadLetter): Promise<void> {
    if (!(await this.#keep(letter))) return;
    this.#release(pieces);
    this.#error ??= letter.reason;
    let left = letter.refused;
    for (const { group, ticket } of pieces) {
      const refused = Math.min(left, group.count);
      left -= refused;
      this.#refused += refused;
      this.#delivered += group.count - refused;
      ticket.refuse(refused, letter.reason);
      ticket.accept(group.count - refused);
    }
  }

  /** True when the letter is kept, or nobody keeps any. */
  async #keep(letter: DeadLetter): Promise<boolean> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        await this.#hooks.onDeadLetter?.(letter);
        if (this.#blocked !== undefined) this.#setBlocked(undefined);
        return true;
      } catch (error) {
        this.#setBlocked(error instanceof Error ? error.message : String(error));
      }
      if (this.#ending.signal.aborted) return false;
      await this.#courier.rest(attempts);
    }
  }

  /** Not settled: the sender's position stays before these records. */
  #giveUp(pieces: readonly Piece[], reason: string): void {
    this.#refused += weightOf(pieces).records;
    this.#error ??= reason;
    this.#release(pieces);
  }

  #look(answer: Answer): void {
    this.#requests += 1;
    if (answer.kind === 'accepted' || answer.kind === 'content' || answer.kind === 'too-large') {
      this.#failures = 0;
      this.#setCondition({ status: 'delivering' });
      return;
    }
    this.#failures += 1;
    if (answer.kind === 'set-up') this.#setCondition({ status: 'refused', reason: answer.reason });
    else if (this.#failures >= FAILURES_UNTIL_WAITING) this.#setCondition({ status: 'waiting', reason: answer.reason });
  }

  #setCondition(condition: DeliveryCondition): void {
    const before = this.#condition;
    this.#condition = condition;
    if (before.status !== condition.status && this.#blocked === undefined) this.#tell();
  }

  #setBlocked(reason: string | undefined): void {
    const isNew = this.#blocked !== reason;
    this.#blocked = reason;
    if (isNew) this.#tell();
  }

  #tell(): void {
    const { onCondition } = this.#hooks;
    if (onCondition) guarded(onCondition)(this.condition());
  }
}

function toEncodedLogs(given: LogRecord | readonly LogRecord[] | EncodedLogs): EncodedLogs {
  if (!isList(given)) return encodeLogs([given]);
  return isEncoded(given) ? given : encodeLogs(given);
}

type List = readonly LogRecord[] | EncodedLogs;

function isList(given: LogRecord | List): given is List {
  return Array.isArray(given);
}

function isEncoded(given: List): given is EncodedLogs {
  const [first] = given;
  return first === undefined || 'records' in first;
}

/** What a caller's function throws is not for us: it must not stop the others' records. */
function guarded<Argument>(tell: (argument: Argument) => void): (argument: Argument) => void {
  return (argument) => {
    try {
      tell(argument);
    } catch (error) {
      void reportFault('cryptrail: a callback of the delivery threw', error);
    }
  };
}

async function within(work: Promise<void>, millis: number | undefined): Promise<void> {
  if (millis === undefined) return work;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, millis);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
