import { readFileSync } from 'node:fs';

/** Datagrams that the kernel dropped at a port since its socket was opened, because nobody fetched them in time; undefined where it does not tell. */
export function kernelDrops(
  port: number,
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): number | undefined {
  let drops: number | undefined;
  for (const path of ['/proc/net/udp', '/proc/net/udp6']) {
    try {
      for (const line of read(path).split('\n').slice(1)) drops = sum(drops, dropsOf(line, port));
    } catch {}
  }
  return drops;
}

/** `  12: 0100007F:15AE 00000000:0000 07 … 0 12345 2 0000000000000000 17`: local address and port in hex, drops last. */
function dropsOf(line: string, port: number): number | undefined {
  const columns = line.trim().split(/ +/);
  const [, local = ''] = columns;
  if (Number.parseInt(local.split(':')[1] ?? '', 16) !== port) return undefined;
  const drops = Number(columns.at(-1));
  return Number.isSafeInteger(drops) ? drops : undefined;
}

function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : one + other;
}
