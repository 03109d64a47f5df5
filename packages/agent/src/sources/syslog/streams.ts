import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { type ListenerTls, readListenerTls, watchListenerTls } from '../../receiver/listener-tls.ts';
import type { SourceContext } from '../source.ts';
import { createSyslogDeframer } from './deframe.ts';
import type { SyslogAddress } from './listen.ts';
import { createMessageReader } from './message-reader.ts';

const MAX_CONNECTIONS = 256;
/** A sender that is silent for so long has gone away without a word; a living one connects again. */
const IDLE_MILLIS = 30 * 60_000;
const HANDSHAKE_MILLIS = 10_000;

/** What connections are taken with. */
export interface StreamOptions {
  readonly maxMessageBytes: number;
  readonly maxConnections?: number | undefined;
  readonly tls?: ListenerTls | undefined;
}

/** Takes syslog over TCP or TLS until the signal. Reads from a connection only when there is room for its records. */
export async function receiveStreams(
  context: SourceContext,
  { host, port, protocol }: SyslogAddress,
  options: StreamOptions,
): Promise<void> {
  const { tls, maxConnections = MAX_CONNECTIONS, maxMessageBytes } = options;
  const open = new Map<Socket, Promise<void>>();
  const take = (socket: Socket) => {
    const done = readConnection(context, socket, maxMessageBytes).finally(() => open.delete(socket));
    open.set(socket, done);
  };
  const server = tls
    ? createTlsServer({ ...readListenerTls(tls), handshakeTimeout: HANDSHAKE_MILLIS }, take)
    : createServer(take);
  server.maxConnections = maxConnections;
  server.on('drop', () => context.note(`more than ${maxConnections} connections; one was turned away`));
  await listenOn(server, port, host);
  const stopWatching = tls ? watchListenerTls(server as TlsServer, tls, context.note) : () => {};
  const address = server.address();
  context.note(`listens on ${protocol}://${host}:${typeof address === 'object' ? address?.port : port}`);
  await new Promise<void>((resolve) => {
    if (context.signal.aborted) resolve();
    else context.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  stopWatching();
  server.close();
  for (const socket of open.keys()) socket.destroy();
  await Promise.all(open.values());
}

function listenOn(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function readConnection(context: SourceContext, socket: Socket, maxMessageBytes: number): Promise<void> {
  const deframer = createSyslogDeframer(maxMessageBytes);
  const push = async (logs: Parameters<typeof give>[0]) => {
    if (logs.length > 0) await context.push({ stream: 'syslog', logs });
  };
  const give = (logs: ReturnType<typeof reader.end>) => void push(logs).catch(() => {});
  const reader = createMessageReader(context.createPipeline(), give);
  socket.setTimeout(IDLE_MILLIS, () => socket.destroy());
  try {
    for await (const chunk of socket) await push(reader.read(deframer.push(chunk)));
  } catch {
    // The connection broke, or the agent ends: what has come is all there is.
  }
  await push([...reader.read(deframer.end()), ...reader.end()]).catch(() => {});
}
