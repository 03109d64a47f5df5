import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { EvidenceFinding, LogRecord } from '@cryptrail/mapper';
import type { SourceContext } from '../source.ts';
import type { SyslogAddress } from './listen.ts';
import { createMessageReader, type MessageReader } from './message-reader.ts';
import { kernelDrops } from './udp-losses.ts';

/** Datagrams that wait while there is no room for their records: a receiver of datagrams cannot make its senders wait. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
const AT_A_TIME = 1000;
/** Senders whose records of several lines are kept apart. */
const MAX_SENDERS = 256;
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
const LOOK_EVERY_MILLIS = 10_000;

interface Datagram {
  readonly bytes: Uint8Array;
  readonly sender: string;
}

/** Takes syslog over UDP until the signal. What could not be held is counted and reported. */
export async function receiveDatagrams(context: SourceContext, { host, port }: SyslogAddress): Promise<void> {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' });
  const waiting: Datagram[] = [];
  let waitingBytes = 0;
  let turnedAway = 0;
  let wake = () => {};
  socket.on('message', (bytes, { address }) => {
    if (waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      turnedAway += 1;
      return;
    }
    waiting.push({ bytes, sender: address });
    waitingBytes += bytes.length;
    wake();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, host, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  socket.on('error', () => {});
  const own = socket.address().port;
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system allows less: then it drops earlier, which is counted.
  }
  context.note(`listens on udp://${host}:${own}`);

  let reported = 0;
  const reportLosses = () => {
    const lost = turnedAway + (kernelDrops(own) ?? 0);
    if (lost > reported) void context.report(lossFinding(lost - reported)).catch(() => {});
    reported = Math.max(reported, lost);
  };
  const looking = setInterval(reportLosses, LOOK_EVERY_MILLIS);
  const senders = createSenders(context);
  context.signal.addEventListener('abort', () => wake(), { once: true });
  try {
    while (!context.signal.aborted) {
      const some = waiting.splice(0, AT_A_TIME);
      const logs = some.flatMap(({ bytes, sender }) => senders.read(bytes, sender));
      if (logs.length > 0) await context.push({ stream: 'syslog', logs });
      waitingBytes -= some.reduce((sum, { bytes }) => sum + bytes.length, 0);
      if (waiting.length > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (waiting.length > 0 || context.signal.aborted) resolve();
      });
    }
  } finally {
    clearInterval(looking);
    reportLosses();
    socket.close();
  }
  const rest = [...waiting.flatMap(({ bytes, sender }) => senders.read(bytes, sender)), ...senders.end()];
  if (rest.length > 0) await context.push({ stream: 'syslog', logs: rest });
}

/** One reader for each address, so that records of several lines of two senders are not mixed. */
function createSenders(context: SourceContext) {
  const pipeline = context.createPipeline();
  const readers = new Map<string, MessageReader>();
  const give = (logs: LogRecord[]) => {
    if (logs.length > 0) void context.push({ stream: 'syslog', logs }).catch(() => {});
  };
  return {
    read(bytes: Uint8Array, sender: string): LogRecord[] {
      const reader = readers.get(sender) ?? createMessageReader(pipeline, give);
      readers.delete(sender);
      readers.set(sender, reader);
      const logs = reader.read([{ kind: 'message', bytes }]);
      const [oldest] = readers;
      if (readers.size <= MAX_SENDERS || !oldest) return logs;
      readers.delete(oldest[0]);
      return [...oldest[1].end(), ...logs];
    },
    end: (): LogRecord[] => [...readers.values()].flatMap((reader) => reader.end()),
  };
}

function lossFinding(count: number): EvidenceFinding {
  return {
    event: 'cryptrail.source.data_lost',
    message: `${count} datagrams came faster than they could be taken, and were dropped.`,
    fields: new Map([['loss', { kind: 'string', text: 'dropped' }]]),
  };
}
