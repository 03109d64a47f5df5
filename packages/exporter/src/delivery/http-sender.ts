import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { ResolvedOtlpOptions } from '../options.ts';
import type { EncodedLogs } from '../otlp/encoded-logs.ts';
import { joinParts, lengthOf, requestParts } from '../otlp/join-groups.ts';
import { requestJson } from '../otlp/json-request.ts';
import { CRYPTRAIL_SCOPE } from '../scope.ts';
import type { Compressor } from './compress.ts';
import { openConnections } from './connections.ts';
import { type HttpAnswer, readHttpAnswer } from './http-answer.ts';
import { KeptBuffers } from './kept-buffers.ts';
import { builtinHttp, builtinHttps } from './node-http.ts';
import type { Answer, PreparedRequest, Sender, SendOptions } from './sender.ts';

/** An answer holds a count and a sentence; what is longer is not read. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Sends encoded records over HTTP. Our own, because the stock transport always sends chunked, compresses anew with each try, stops trying after
 * seconds, and keeps the certificates that it started with.
 */
export async function createHttpSender(options: ResolvedOtlpOptions, maxInFlight: number): Promise<Sender> {
  const encoding = options.protocol === 'http/json' ? 'json' : 'protobuf';
  const url = new URL(options.url);
  const connections = await openConnections(options, maxInFlight);
  const headers = {
    'user-agent': `${CRYPTRAIL_SCOPE.name}/${CRYPTRAIL_SCOPE.version}`,
    ...lowerCased(options.headers),
    'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
    ...(options.compression === 'none' ? {} : { 'content-encoding': options.compression }),
  };

  const compressor =
    options.compression === 'none' ? undefined : await openCompressor(options.compression, maxInFlight);

  async function send(body: readonly Uint8Array[], { timeoutMillis, signal, onDate }: SendOptions): Promise<Answer> {
    for (;;) {
      try {
        const agent = await connections.agent();
        const answer = await post({ url, agent, headers, body, timeoutMillis, signal });
        if (answer.date !== undefined) onDate?.(answer.date);
        return readHttpAnswer(answer, encoding, Date.now());
      } catch (error) {
        if (!(error instanceof StaleConnection)) return readNetworkError(error);
      }
    }
  }

  const kept = new KeptBuffers(maxInFlight);

  function joined(parts: readonly Uint8Array[]): PreparedRequest {
    const buffer = kept.take(lengthOf(parts));
    const body = [joinParts(parts, buffer)];
    let isLent = true;
    return async (how) => {
      const answer = await send(body, how);
      if (isLent && answer.kind === 'accepted') {
        isLent = false;
        kept.giveBack(buffer);
      }
      return answer;
    };
  }

  return {
    async prepare(logs) {
      const parts = encodeRequest(logs, encoding);
      if (!compressor && parts.length > MOST_PARTS) return joined(parts);
      const body = compressor ? [await compressor.compress(parts)] : parts;
      return (how) => send(body, how);
    },
    shutdown: async () => connections.close(),
  };
}

/** Loaded for those who compress. */
async function openCompressor(compression: 'gzip' | 'zstd', maxKept: number): Promise<Compressor> {
  const { createCompressor } = await import('./compress.ts');
  return createCompressor(compression, maxKept);
}

/** More writes than this cost more than joining what is written. */
const MOST_PARTS = 512;

function encodeRequest(logs: EncodedLogs, encoding: 'json' | 'protobuf'): readonly Uint8Array[] {
  return encoding === 'json' ? [requestJson(logs)] : requestParts(logs);
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

interface Post {
  readonly url: URL;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly Uint8Array[];
  readonly timeoutMillis: number;
  readonly signal: AbortSignal;
}

/** One POST with a known length, and its whole answer within the time. Rejects with the error of the network. */
function post({ url, agent, headers, body, timeoutMillis, signal }: Post): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { request: open } = url.protocol === 'https:' ? builtinHttps() : builtinHttp();
    const request = open(url, { method: 'POST', agent, headers: { ...headers, 'content-length': lengthOf(body) } });
    const stop = (reason: Error) => request.destroy(reason);
    const timer = setTimeout(() => stop(new TimeOut(timeoutMillis)), timeoutMillis);
    const onAbort = () => stop(new Error('the delivery was ended'));
    signal.addEventListener('abort', onAbort, { once: true });
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error) => {
      finish();
      reject(error);
    };
    let isAnswered = false;
    request.on('error', (error) => {
      const isStale = request.reusedSocket && !isAnswered && 'code' in error && STALE_CODES.has(error.code);
      fail(isStale ? new StaleConnection() : error);
    });
    request.on('response', (response) => {
      isAnswered = true;
      readAnswer(request, response).then((answer) => {
        finish();
        // Whoever answers before all is read reads no more; and what is still to be written will be other records soon.
        if (!request.writableFinished) request.destroy();
        resolve(answer);
      }, fail);
    });
    if (signal.aborted) onAbort();
    request.cork();
    for (const part of body) request.write(part);
    request.end();
    request.uncork();
  });
}

async function readAnswer(request: ClientRequest, response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) break;
  }
  // The status was told; what else a talkative server has to say is worth no connection.
  if (length > MAX_ANSWER_BYTES) request.destroy();
  else if (!response.complete) throw new Error('the connection was closed in the middle of the answer');
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'],
    location: response.headers.location,
    date: response.headers.date,
    contentType: response.headers['content-type'],
    body: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES),
  };
}

/** What a kept connection says when the backend has closed it just as the request went off. */
const STALE_CODES: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

/** The request is to be sent at once over another connection. */
class StaleConnection extends Error {}

class TimeOut extends Error {
  constructor(millis: number) {
    super(`no answer within ${Math.ceil(millis)} ms`);
  }
}

/** Faults of certificates and of the address are for a person to mend; everything else of a network passes. */
const SET_UP_CODES = /^(ERR_TLS_|ERR_SSL_|ERR_INVALID_|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/;

function readNetworkError(error: unknown): Answer {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error && error.message !== '' ? error.message : code || String(error);
  return { kind: SET_UP_CODES.test(code) ? 'set-up' : 'unavailable', reason: message };
}
