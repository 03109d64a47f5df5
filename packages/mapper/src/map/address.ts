import { remembered } from '../remembered.ts';

/** A host and, where the text named one, its port. */
export interface HostPort {
  readonly host: string;
  readonly port?: number;
}

const MAX_PORT = 65_535;

/**
 * The IP address in a text, as written but without brackets, port and zone: `[2001:db8::2]:44312` → `2001:db8::2`, `192.0.2.5:51234` → `192.0.2.5`,
 * `fe80::1%eth0` → `fe80::1`. Undefined for anything else, host names included.
 */
export const readAddress: (text: string) => string | undefined = /* @__PURE__ */ remembered((text) => {
  const trimmed = text.trim();
  const inBrackets = /^\[([^\]]*)\](?::[0-9]{1,5})?$/.exec(trimmed)?.[1];
  const bare = withoutZone(inBrackets ?? trimmed);
  if (isIpv6(bare)) return bare;
  if (inBrackets !== undefined) return undefined;
  const withoutPort = bare.replace(/:[0-9]{1,5}$/, '');
  return isIpv4(withoutPort) ? withoutPort : undefined;
});

/**
 * The client in a forwarded list: its first entry when that is an IP address. Reads lists as proxies write them into `X-Forwarded-For`
 * (`203.0.113.5, 10.0.0.2`) and `Forwarded` (`for="[2001:db8::17]:4711";proto=https`, RFC 7239). Undefined for `unknown`, hidden names and other texts.
 */
export const readForwarded: (text: string) => string | undefined = /* @__PURE__ */ remembered((text) => {
  const first = text.split(',', 1)[0]?.trim() ?? '';
  const pairs = first.split(';').map((pair) => pair.trim());
  const named = pairs.find((pair) => /^for=/i.test(pair))?.slice('for='.length);
  return readAddress((named ?? first).replace(/^"(.*)"$/, '$1'));
});

/**
 * Host and port of `scheme://user:password@host:port/path?query` or of `host:port`; IPv6 addresses come without brackets. The port is only what
 * the text says, never a scheme's default. Undefined for unix sockets and for texts that name no host.
 */
export function readHostPort(text: string): HostPort | undefined {
  const authority = authorityOf(text.trim());
  const inBrackets = /^\[([^\]]*)\](?::([0-9]*))?$/.exec(authority);
  if (inBrackets)
    return isIpv6(withoutZone(inBrackets[1] ?? '')) ? hostPort(inBrackets[1] ?? '', inBrackets[2]) : undefined;
  if (isIpv6(withoutZone(authority))) return { host: authority };
  const [host = '', port, ...more] = authority.split(':');
  if (host === '' || more.length > 0 || /[\s@[\]"'\\<>]/.test(host)) return undefined;
  return hostPort(host, port);
}

/** What stands between `//` and the path, without user info; of a text without `//`, the text up to its path. */
function authorityOf(text: string): string {
  if (/^unix:/i.test(text)) return '';
  const start = text.indexOf('://');
  const afterScheme = start >= 0 && /^[a-z][a-z0-9+.-]*$/i.test(text.slice(0, start)) ? text.slice(start + 3) : text;
  const end = afterScheme.search(/[/?#]/);
  const authority = end < 0 ? afterScheme : afterScheme.slice(0, end);
  return authority.slice(authority.lastIndexOf('@') + 1);
}

function hostPort(host: string, port: string | undefined): HostPort | undefined {
  if (port === undefined || port === '') return { host };
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > MAX_PORT) return undefined;
  return { host, port: Number(port) };
}

function withoutZone(text: string): string {
  return text.split('%', 1)[0] ?? '';
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
}

/** Eight groups of hexadecimal digits; one `::` stands for missing ones; the last two may be written as IPv4. */
function isIpv6(text: string): boolean {
  if (text.length > 45 || !text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const counts = halves.map((half, i) => countGroups(half, i === halves.length - 1));
  const groups = counts.reduce((sum, count) => sum + count, 0);
  return halves.length === 2 ? groups <= 7 : groups === 8;
}

/** Number of 16-bit groups in `a:b:c`; NaN when one is malformed. */
function countGroups(text: string, isEnd: boolean): number {
  if (text === '') return 0;
  const groups = text.split(':');
  const last = groups.at(-1) ?? '';
  const mapped = isEnd && last.includes('.');
  if (mapped && !isIpv4(last)) return Number.NaN;
  const plain = mapped ? groups.slice(0, -1) : groups;
  return plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? plain.length + (mapped ? 2 : 0) : Number.NaN;
}
