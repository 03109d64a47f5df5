import { monotonicMillis } from './monotonic-millis.ts';
import { Patience } from './patience.ts';
import { bytesOf, countOf, halves, type Piece } from './pieces.ts';
import { originOf } from './record-origin.ts';
import type { Answer, PreparedRequest, Sender } from './sender.ts';
import type { DeadLetter } from './types.ts';

/** How long a courier tries. */
export interface CourierLimits {
  readonly timeoutMillis: number;
  readonly forever: boolean;
  readonly background: boolean;
}

/** Hears of all that happens. */
export interface CourierReports {
  /** The backend has them. */
  accepted(pieces: readonly Piece[]): void;
  /** The backend refuses `refused` of them for good; they are to be kept elsewhere. Resolves when they are settled. */
  buried(pieces: readonly Piece[], letter: DeadLetter): Promise<void>;
  /** They were not sent, because there is no sense in trying on. */
  givenUp(pieces: readonly Piece[], reason: string): void;
  /** An answer to one request. */
  answered(answer: Answer): void;
}

/** An answer that ends asking. */
type FinalAnswer = Exclude<Answer, { kind: 'faulty' }>;

/** How often a backend may fail over a batch before the batch is suspected. */
const FAULTS_UNTIL_SUSPECT = 5;

/** How many requests one batch may cost in order to find the records that were rejected of it. */
const MOST_SIFTING_REQUESTS = 512;

/** With each time that the answer was not there in time there is more time, up to so many times as much. */
const MOST_PATIENCE = 8;

/** The time limits of the platform end here. */
const LONGEST_TIMEOUT_MILLIS = 2 ** 31 - 1;

/**
 * Brings batches to the backend, each until all its records are settled: waits when the backend is away, halves what is too large, and looks for
 * the one record that it refuses.
 */
export class Courier {
  readonly #sender: Sender;
  readonly #limits: CourierLimits;
  readonly #reports: CourierReports;
  readonly #signal: AbortSignal;
  readonly #patience: Patience;
  /** How many requests were accepted: tells whether the backend works at all. */
  #successes = 0;
  /** Why everything is refused from now on. */
  #gaveUp: string | undefined;

  constructor(sender: Sender, limits: CourierLimits, reports: CourierReports, signal: AbortSignal) {
    this.#sender = sender;
    this.#limits = limits;
    this.#reports = reports;
    this.#signal = signal;
    this.#patience = new Patience(signal, limits.background);
  }

  /** Resolves when every record is settled, given up, or the signal has come. */
  async deliver(pieces: readonly Piece[]): Promise<void> {
    const answer = await this.#ask(pieces);
    if (answer === undefined) return;
    if (answer.kind === 'accepted') {
      await this.#sift(pieces, answer.rejected, answer.reason ?? '', { requests: MOST_SIFTING_REQUESTS });
    } else if (answer.kind === 'content' || answer.kind === 'too-large') {
      await this.#divide(pieces, answer.reason);
    } else {
      this.#gaveUp ??= answer.reason;
      this.#reports.givenUp(pieces, answer.reason);
    }
  }

  /** Waits for another try at something else, e.g. to write a dead letter. */
  async rest(attempts: number): Promise<void> {
    await this.#patience.wait(this.#patience.pauseAfter(attempts, undefined));
  }

  async #divide(pieces: readonly Piece[], reason: string): Promise<void> {
    const [first, rest] = countOf(pieces) > 1 ? halves(pieces) : [pieces, []];
    if (first.length === 0 || rest.length === 0) return this.#bury(pieces, countOf(pieces), reason);
    await this.deliver(first);
    await this.deliver(rest);
  }

  /**
   * The backend has taken all but `rejected` of these, and does not say which. It is asked about halves: what it has taken it gets a second time,
   * as the same records, up to once more altogether. What is known of a whole and one half need not be asked of the other.
   */
  async #sift(pieces: readonly Piece[], rejected: number, reason: string, budget: { requests: number }): Promise<void> {
    const count = countOf(pieces);
    if (rejected <= 0) return this.#reports.accepted(pieces);
    const [first, rest] = rejected < count ? halves(pieces) : [[], []];
    if (first.length === 0 || rest.length === 0 || budget.requests <= 0) {
      return this.#bury(pieces, Math.min(rejected, count), reason);
    }
    budget.requests -= 1;
    const answer = await this.#ask(first);
    if (answer === undefined) return;
    const inFirst = answer.kind === 'accepted' ? answer.rejected : Number.NaN;
    const inRest = rejected - inFirst;
    // A backend that answers otherwise than before (it may refuse what it has already) cannot be asked which ones it meant.
    if (!(inRest >= 0 && inRest <= countOf(rest))) return this.#bury(pieces, rejected, reason);
    await this.#sift(first, inFirst, reason, budget);
    await this.#sift(rest, inRest, reason, budget);
  }

  #bury(pieces: readonly Piece[], refused: number, reason: string): Promise<void> {
    // A letter outlives the memory of its batch.
    const logs = pieces.map(({ group }) => ({ ...group, records: group.records.slice() }));
    const count = countOf(pieces);
    const among = count > refused ? `one of ${count} from ` : '';
    const origin = originOf(logs);
    const words = origin === '' ? reason : `${reason} (${among}${origin})`;
    return this.#reports.buried(pieces, { logs, refused, reason: words });
  }

  /** Asks until there is an answer that another try would not change, or no time left. Undefined when it was ended. */
  async #ask(pieces: readonly Piece[]): Promise<FinalAnswer | undefined> {
    const send = await this.#prepare(pieces);
    const { forever, timeoutMillis } = this.#limits;
    const began = monotonicMillis();
    const left = () => (forever ? Number.POSITIVE_INFINITY : timeoutMillis - (monotonicMillis() - began));
    const successesBefore = this.#successes;
    for (let attempts = 1; ; attempts += 1) {
      await this.#patience.turn();
      if (this.#gaveUp !== undefined) return { kind: 'set-up', reason: this.#gaveUp };
      if (this.#signal.aborted) return undefined;
      const time = forever ? timeoutMillis * Math.min(attempts, MOST_PATIENCE) : Math.max(1, left());
      const answer = await send({ timeoutMillis: Math.min(time, LONGEST_TIMEOUT_MILLIS), signal: this.#signal });
      if (this.#signal.aborted && answer.kind !== 'accepted') return undefined;
      this.#reports.answered(answer);
      if (answer.kind === 'accepted') this.#successes += 1;
      if (answer.kind === 'accepted' || answer.kind === 'content' || answer.kind === 'too-large') {
        this.#patience.encourage();
        return answer;
      }
      if (answer.kind === 'set-up' && !forever) return answer;
      const othersWork = this.#successes > successesBefore;
      if (answer.kind === 'faulty' && attempts >= FAULTS_UNTIL_SUSPECT && (countOf(pieces) > 1 || othersWork)) {
        return { kind: 'content', reason: answer.reason };
      }
      const retryAfterMillis = answer.kind === 'unavailable' ? answer.retryAfterMillis : undefined;
      const pause = this.#patience.pauseAfter(attempts, retryAfterMillis);
      if (pause >= left()) return { kind: 'unavailable', reason: answer.reason };
      if (retryAfterMillis !== undefined) this.#patience.holdAll(pause);
      await this.#patience.wait(pause);
    }
  }

  async #prepare(pieces: readonly Piece[]): Promise<PreparedRequest> {
    try {
      return await this.#sender.prepare(pieces.map(({ group }) => group));
    } catch (error) {
      const reason = `the records cannot be encoded: ${error instanceof Error ? error.message : String(error)}`;
      return async () => ({ kind: 'content', reason });
    }
  }
}

/** How much a batch holds in memory. */
export function weightOf(pieces: readonly Piece[]): { records: number; bytes: number } {
  return { records: countOf(pieces), bytes: bytesOf(pieces) };
}
