import { Misuse } from './misuse.ts';

const UNITS = new Map([
  ['', 1],
  ['b', 1],
  ['kib', 1024],
  ['mib', 1024 ** 2],
  ['gib', 1024 ** 3],
]);

/**
 * A whole number from 1, as the value of a flag.
 *
 * @throws {@link Misuse} when it is none.
 */
export function readCount(flag: string, written: string): number {
  const count = /^\d{1,15}$/.test(written) ? Number(written) : 0;
  if (count < 1) throw new Misuse(`${flag} takes a whole number from 1, not ${JSON.stringify(written)}.`);
  return count;
}

/**
 * A size in bytes, as the value of a flag: `65536`, `64KiB`, `16MiB`.
 *
 * @throws {@link Misuse} when it is none, or more than `most` bytes.
 */
export function readSize(flag: string, written: string, most: number): number {
  const [, number = '0', unit = ''] = /^(\d{1,12}) ?([a-z]*)$/i.exec(written) ?? [];
  const bytes = Number(number) * (UNITS.get(unit.toLowerCase()) ?? 0);
  if (bytes < 1) throw new Misuse(`${flag} takes a size such as 64KiB or 16MiB, not ${JSON.stringify(written)}.`);
  if (bytes > most) throw new Misuse(`${flag} ${written} is too large; ${most / 1024 ** 2}MiB is the most.`);
  return bytes;
}
