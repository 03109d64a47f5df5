import { Misuse } from '../command-line/misuse.ts';
import type { ListenAddress } from './settings.ts';

/** The parts of `127.0.0.1:9464`, `[::1]:9464` or `localhost:0`; undefined when it is no address to listen on. */
export function parseAddress(written: string): ListenAddress | undefined {
  const [, bracketed, plain, digits = ''] =
    /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9.-]{1,253})):(\d{1,5})$/i.exec(written) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

/**
 * An address to listen on, as the value of a flag.
 *
 * @throws {@link Misuse} when it is none.
 */
export function readAddress(flag: string, written: string): ListenAddress {
  const address = parseAddress(written);
  if (address) return address;
  throw new Misuse(`${flag} takes HOST:PORT, e.g. 127.0.0.1:9464, not ${JSON.stringify(written)}.`);
}
