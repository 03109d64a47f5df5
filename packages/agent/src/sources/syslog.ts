import { isLoopback } from '../receiver/authorise.ts';
import type { SyslogOptions } from './options.ts';
import type { Source, SourceContext } from './source.ts';
import { receiveDatagrams } from './syslog/datagrams.ts';
import { parseSyslogAddress, type SyslogAddress } from './syslog/listen.ts';
import { receiveStreams } from './syslog/streams.ts';

/** Longest message: far over what relays send, and little enough to be held for every connection. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/**
 * Syslog from relays, RFC 3164 and RFC 5424, over TCP (with lengths or line by line), TLS or UDP. The protocol knows no answer: what was received and not yet accepted
 * when the agent is killed is gone.
 *
 * @example
 * ```ts
 * await openSyslogSource({ listen: 'tcp://127.0.0.1:5514', product: 'acra' }).run(context);
 * ```
 */
export function openSyslogSource(options: SyslogOptions): Source {
  const { listen, tls, id = `syslog:${listen}` } = options;
  const address = parseSyslogAddress(listen);
  if (address.protocol === 'tls' && !tls) throw new Error('tls: tls:// needs cert_file and key_file');
  if (address.protocol !== 'tls' && tls)
    throw new Error(`listen: tls is given, so it must begin with tls://, not ${address.protocol}://`);
  return { id, type: 'syslog', run: (context) => receive(context, address, options) };
}

async function receive(
  context: SourceContext,
  address: SyslogAddress,
  { tls, maxConnections }: SyslogOptions,
): Promise<void> {
  if (context.untilIdle) return context.note('a receiver has no end to be read to; it does not listen');
  if (!isLoopback(address.host) && tls?.clientCaFile === undefined)
    context.note(
      'whoever can reach this address can write into the log: syslog asks nobody who they are, but over TLS with client_ca_file',
    );
  const limited = { ...context, createPipeline: limitedPipelines(context) };
  if (address.protocol === 'udp') return receiveDatagrams(limited, address);
  return receiveStreams(limited, address, { maxMessageBytes: MAX_MESSAGE_BYTES, maxConnections, tls });
}

/** Connections are many, so each may hold little. */
function limitedPipelines(context: SourceContext): SourceContext['createPipeline'] {
  const limits = { maxLineBytes: MAX_MESSAGE_BYTES, maxRecordBytes: MAX_MESSAGE_BYTES };
  return (own) => context.createPipeline({ input: 'lines', limits, ...own });
}
