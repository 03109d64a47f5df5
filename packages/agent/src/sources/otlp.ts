import { products } from '@cryptrail/catalogue';
import { createRecordFinder, decodeLogsRequest, type EncodedLogs, encodeRequest, takeApart } from '@cryptrail/exporter';
import { isLoopback } from '../receiver/authorise.ts';
import { Refused } from '../receiver/body.ts';
import { MAX_BODY_BYTES, openListener, type ReceivedRequest } from '../receiver/listener.ts';
import type { Rejected } from '../receiver/status.ts';
import { parseAddress } from '../run/listen-address.ts';
import type { OtlpOptions } from './options.ts';
import { completeRequest, type Find } from './otlp/complete-request.ts';
import type { Settlement, Source, SourceContext } from './source.ts';

/** Records, attributes and values of one request: each takes some hundred bytes of memory while it is read. */
const MAX_VALUES = 500_000;

/**
 * Receives OTLP over HTTP, as the neighbour of a Collector or an SDK. Answers 200 only when every record of the request has been accepted by the next
 * hop, so the sender's queue is the buffer. Throws when it would listen to everybody without asking who they are.
 *
 * @example
 * ```ts
 * await openOtlpSource({ listen: '127.0.0.1:4319' }).run(context);
 * ```
 */
export function openOtlpSource(options: OtlpOptions): Source {
  const { listen, token, tls, id = `otlp:${listen}` } = options;
  const address = parseAddress(listen);
  if (!address) throw new Error('listen: expected HOST:PORT, e.g. 127.0.0.1:4319');
  if (!isLoopback(address.host) && token === undefined && tls?.clientCaFile === undefined)
    throw new Error(
      `listen: ${address.host} can be reached by others; set a token, or tls with client_ca_file, so that not everybody can write into the log`,
    );
  return { id, type: 'otlp', run: (context) => receive(context, options, address) };
}

/** Listens until the signal. Reading until idle means nothing here: whoever wants to send may come at any time. */
async function receive(
  context: SourceContext,
  options: OtlpOptions,
  address: { host: string; port: number },
): Promise<void> {
  const { signal, untilIdle, note } = context;
  if (untilIdle) return note('a receiver has no end to be read to; it does not listen');
  const { token, tls, maxBodyBytes = MAX_BODY_BYTES, maxRequests } = options;
  const find = createRecordFinder(context.createPipeline(), products);
  const listener = await openListener({
    ...address,
    token,
    tls,
    maxBodyBytes,
    maxRequests,
    note,
    handle: (request) => deliver(context, readLogs(request, maxBodyBytes, find)),
  });
  note(`listens on ${listener.url}`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await listener.close();
}

/** The records of a request, completed. Throws {@link Refused} for what cannot be read. */
function readLogs({ body, contentType }: ReceivedRequest, maxBytes: number, find: Find): EncodedLogs {
  const decoded = decodeLogsRequest(body, contentType, { maxBytes, maxValues: MAX_VALUES });
  if (!decoded.ok) throw new Refused(decoded.error.status, decoded.error.message);
  const { request } = decoded;
  if (decoded.encoding === 'json') return completeRequest(request, encodeRequest(request), find);
  const apart = takeApart(body);
  if (!apart.ok) throw new Refused(apart.error.status, apart.error.message);
  return completeRequest(request, apart.logs, find);
}

/** Hands the records on, and waits until each of them has been accepted or refused for good. */
async function deliver(context: SourceContext, logs: EncodedLogs): Promise<Rejected | undefined> {
  if (logs.length === 0) return undefined;
  const { settlement, onSettled } = createSettlement();
  try {
    await context.push({ stream: 'requests', logs, onSettled });
  } catch {
    throw new Refused(503, 'the receiver is stopping');
  }
  const { deadLettered, reason } = await settlement;
  return deadLettered === 0 ? undefined : { records: deadLettered, reason: reason ?? 'refused by the backend' };
}

function createSettlement(): { settlement: Promise<Settlement>; onSettled: (settlement: Settlement) => void } {
  const { promise, resolve } = Promise.withResolvers<Settlement>();
  return { settlement: promise, onSettled: resolve };
}
