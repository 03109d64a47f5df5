import type { LogRecord } from '@cryptrail/mapper';
import type { EncodedLogs } from '../otlp/encoded-logs.ts';

/** What became of records that were pushed together: each is in one of the counts. */
export interface Settlement {
  /** Records that the backend has accepted. */
  readonly accepted: number;
  /** Records that it refused for good. */
  readonly deadLettered: number;
  /** Why the first of them was refused, and where it came from. */
  readonly reason?: string;
}

/** What goes with records that are pushed. */
export interface PushOptions {
  /** Told once, when each of the records is accepted or refused for good. Never called for records that were still under way when the delivery ended. */
  readonly onSettled?: ((settlement: Settlement) => void) | undefined;
}

/** A record that the backend will never take, apart from all others. */
export interface DeadLetter {
  /** The record, or several when the backend refuses one of them and does not say which. */
  readonly logs: EncodedLogs;
  /** How many of them were refused. */
  readonly refused: number;
  /** The backend's words, and where the record came from. */
  readonly reason: string;
}

/** How a delivery is getting on. */
export type DeliveryCondition =
  /** Nothing is in the way. */
  | { readonly status: 'delivering' }
  /** The backend does not answer, or asks to wait: it is asked again. */
  | { readonly status: 'waiting'; readonly reason: string }
  /** The backend refuses the sender, whatever is sent: a person must mend the set-up. It is asked again all the same. */
  | { readonly status: 'refused'; readonly reason: string };

/** What a delivery came to. Every record that was pushed is in one of the counts. */
export interface DeliveryResult {
  /** Records that the backend has accepted. */
  readonly delivered: number;
  /** Records that it has not: refused, or unanswered within the time. */
  readonly refused: number;
  /** Records that were still under way when the time to end was over. Absent: none. */
  readonly unsettled?: number;
  /** Why the first of them was refused. */
  readonly error?: string;
}

/** What a delivery has done so far, for telemetry. */
export interface DeliveryCounts {
  readonly delivered: number;
  readonly refused: number;
  /** Records that are held: gathered, waiting or under way. */
  readonly held: number;
  readonly heldBytes: number;
  /** Requests that were sent, also those that had to be sent again. */
  readonly requests: number;
}

/** Records on their way to a backend. Nothing here throws or rejects. */
export interface Delivery {
  /**
   * Takes records, in order. Gives a promise when enough is under way: wait for it before the next records, and memory stays
   * bounded. What is pushed after the end is counted as refused.
   */
  push(logs: LogRecord | readonly LogRecord[] | EncodedLogs, options?: PushOptions): Promise<void> | undefined;
  /** Sends what has been gathered, and resolves when all that was pushed before is settled, or the delivery has ended. */
  flush(): Promise<void>;
  /**
   * Sends what has been gathered and waits until all is answered; then the connections are closed.
   *
   * @param options `withinMillis`: longest time to wait; what is not settled then is given up. Default: as long as the delivery tries.
   */
  end(options?: { readonly withinMillis?: number | undefined }): Promise<DeliveryResult>;
  /** How it is getting on: for a readiness check. */
  condition(): DeliveryCondition;
  counts(): DeliveryCounts;
}

/** How much a delivery sends at a time, and for how long it tries. */
export interface BatchOptions {
  /**
   * Longest time in milliseconds for one batch with its retries and the waits that the backend asks for; with `forever` for one request.
   * Default: the variables of OTLP, then 60 000; with `forever` 10 000.
   */
  readonly timeoutMillis?: number | undefined;
  /** Waits for a backend that is away, busy or wrongly set up for as long as it takes. Default false: gives up when the time is over. */
  readonly forever?: boolean | undefined;
  /** Most bytes of one request before compression; a longer record goes by itself. Default 4 MiB. */
  readonly maxBatchBytes?: number | undefined;
  /** Most records in one request. Default 4096. */
  readonly maxBatchRecords?: number | undefined;
  /** Requests under way at a time. Default 4. */
  readonly maxInFlight?: number | undefined;
  /** From how many held bytes on `push` asks to wait. Default: those of the requests under way and one more. */
  readonly maxHeldBytes?: number | undefined;
  /** How long in milliseconds records may wait for more before they are sent. Default 200. */
  readonly lingerMillis?: number | undefined;
  /** Waiting does not keep the process from ending, as a guest in somebody's application should. Default false. */
  readonly background?: boolean | undefined;
  /**
   * Keeps a record that the backend refuses for good. The record is settled when the promise resolves; while it has not, it counts as held.
   * Default: it is counted as refused.
   */
  readonly onDeadLetter?: ((letter: DeadLetter) => Promise<void> | void) | undefined;
  /** Hears when the condition changes. */
  readonly onCondition?: ((condition: DeliveryCondition) => void) | undefined;
}

/** Numbers of {@link BatchOptions} with nothing missing. */
export interface BatchLimits {
  readonly timeoutMillis: number;
  readonly forever: boolean;
  readonly maxBatchBytes: number;
  readonly maxBatchRecords: number;
  readonly maxInFlight: number;
  readonly maxHeldBytes: number;
  readonly lingerMillis: number;
  readonly background: boolean;
}
