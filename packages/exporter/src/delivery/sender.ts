import type { EncodedLogs } from '../otlp/encoded-logs.ts';

/** What the backend said to a request. */
export type Answer =
  /** It has the records, except for `rejected` of them. */
  | { readonly kind: 'accepted'; readonly rejected: number; readonly reason?: string }
  /** It will never take this content. */
  | { readonly kind: 'content'; readonly reason: string }
  /** It might take less at a time. */
  | { readonly kind: 'too-large'; readonly reason: string }
  /** It might take it later. `retryAfterMillis`: when it says when. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfterMillis?: number | undefined }
  /** It failed over it: perhaps over anything, perhaps over this content. */
  | { readonly kind: 'faulty'; readonly reason: string }
  /** It refuses the sender, whatever is sent. */
  | { readonly kind: 'set-up'; readonly reason: string };

/** How one request is sent. */
export interface SendOptions {
  /** Longest time in milliseconds until the whole answer is there. */
  readonly timeoutMillis: number;
  /** Ends waiting for the answer. */
  readonly signal: AbortSignal;
  /** Hears what the clock of the backend said, as it said it. */
  readonly onDate?: (date: string) => void;
}

/** A request that is ready to be sent, and sent again until it is accepted: then its memory may serve another one. Never rejects. */
export type PreparedRequest = (options: SendOptions) => Promise<Answer>;

/** A way to a backend. */
export interface Sender {
  /** Puts a request together, compressed when it is to be. */
  prepare(logs: EncodedLogs): Promise<PreparedRequest>;
  /** Closes connections. */
  shutdown(): Promise<void>;
}

/** Words of a backend, fit for a terminal: short and without control characters. */
export function plainText(text: string): string {
  return text
    .slice(0, 300)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
}
