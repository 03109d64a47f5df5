import { readPartialSuccess } from './partial-success.ts';
import { readRetryAfter } from './retry-after.ts';
import { type Answer, plainText } from './sender.ts';

/** An answer over HTTP, read up to a limit. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter?: string | undefined;
  readonly location?: string | undefined;
  readonly date?: string | undefined;
  readonly contentType?: string | undefined;
  readonly body: Uint8Array;
}

/** What a status means for a sender of OTLP. Anything else from 500 on is a fault, anything else below is about the set-up. */
const KINDS: ReadonlyMap<number, 'content' | 'too-large' | 'unavailable'> = new Map([
  [400, 'content'],
  [408, 'unavailable'],
  [413, 'too-large'],
  [422, 'content'],
  [425, 'unavailable'],
  [429, 'unavailable'],
  [502, 'unavailable'],
  [503, 'unavailable'],
  [504, 'unavailable'],
]);

/** Reads what a backend answered. */
export function readHttpAnswer(answer: HttpAnswer, encoding: 'json' | 'protobuf', now: number): Answer {
  const { status } = answer;
  if (status >= 200 && status < 300) return readSuccess(answer, encoding);
  const reason = describe(answer, encoding);
  const kind = KINDS.get(status) ?? (status >= 500 ? 'faulty' : 'set-up');
  if (kind !== 'unavailable') return { kind, reason };
  return { kind, reason, retryAfterMillis: readRetryAfter(answer.retryAfter, now) };
}

function readSuccess({ body, contentType = '' }: HttpAnswer, encoding: 'json' | 'protobuf'): Answer {
  // The page of a proxy or a portal: whoever wrote it has no use for records.
  if (/^text\/html\b/i.test(contentType)) {
    return { kind: 'set-up', reason: 'a web page answers at this address, not a receiver of OTLP' };
  }
  const partial = readPartialSuccess(body, encoding);
  if (partial === undefined || partial.rejected <= 0) return { kind: 'accepted', rejected: 0 };
  const reason = plainText(`the backend rejected records: ${partial.message || 'no reason given'}`);
  return { kind: 'accepted', rejected: partial.rejected, reason };
}

function describe({ status, location, body }: HttpAnswer, encoding: 'json' | 'protobuf'): string {
  if (status >= 300 && status < 400) return `status ${status}: the backend redirects ${target(location)}`;
  const text = new TextDecoder().decode(body.subarray(0, 2048));
  return plainText(`status ${status} ${encoding === 'json' ? (messageOf(text) ?? text) : text}`);
}

/** Redirects are not followed: the headers may hold credentials, which are for the configured address alone. */
function target(location = ''): string {
  return URL.canParse(location) ? `to ${new URL(location).origin}; set the endpoint to that` : 'elsewhere';
}

/** `{"code":3,"message":"…"}`, a `Status`. */
function messageOf(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text);
    return typeof message === 'string' && message !== '' ? message : undefined;
  } catch {
    return undefined;
  }
}
