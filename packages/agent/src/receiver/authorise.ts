import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { Refused } from './body.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** True for an address, or the name, that only programs of this machine can reach. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  return host === 'localhost' || (version !== 0 && LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6'));
}

/** A page in a browser can be made to reach loopback under a name of its own; programs that mean us use ours. */
export function requireOwnName({ headers }: IncomingMessage): void {
  const [, bracketed, plain] =
    /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9.-]{1,253}))(?::\d{1,5})?$/i.exec(headers.host ?? '') ?? [];
  if (!isLoopback((bracketed ?? plain ?? '').toLowerCase())) throw new Refused(403, 'host must be 127.0.0.1');
}

/** Compares in a time that does not depend on how much of the token is right. */
export function createTokenCheck(token: string): (request: IncomingMessage) => void {
  const wanted = digest(`Bearer ${token}`);
  return ({ headers }) => {
    const given = (headers.authorization ?? '').replace(/^bearer /i, 'Bearer ');
    if (!timingSafeEqual(digest(given), wanted)) throw new Refused(401, 'the token is missing or wrong');
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
