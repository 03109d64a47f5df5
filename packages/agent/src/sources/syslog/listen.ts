import { parseAddress } from '../../run/listen-address.ts';

/** Where syslog is taken. */
export interface SyslogAddress {
  readonly protocol: 'tcp' | 'udp' | 'tls';
  readonly host: string;
  readonly port: number;
}

/** Reads `tcp://127.0.0.1:5514`. Throws an Error that says what is expected. */
export function parseSyslogAddress(text: string): SyslogAddress {
  const [, protocol = '', rest = ''] = /^(tcp|udp|tls):\/\/(.{1,300})$/.exec(text) ?? [];
  const address = parseAddress(rest);
  if (!address || !isProtocol(protocol))
    throw new Error('listen: expected tcp://HOST:PORT, udp://HOST:PORT or tls://HOST:PORT');
  return { protocol, ...address };
}

function isProtocol(word: string): word is SyslogAddress['protocol'] {
  return word === 'tcp' || word === 'udp' || word === 'tls';
}
