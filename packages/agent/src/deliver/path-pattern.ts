import { Misuse } from '../command-line/misuse.ts';

const PARTS: ReadonlyMap<string, (time: Date) => string> = new Map<string, (time: Date) => string>([
  ['%', () => '%'],
  ['Y', (time) => String(time.getUTCFullYear()).padStart(4, '0')],
  ['m', (time) => twoDigits(time.getUTCMonth() + 1)],
  ['d', (time) => twoDigits(time.getUTCDate())],
  ['H', (time) => twoDigits(time.getUTCHours())],
  ['j', (time) => String(dayOfYear(time)).padStart(3, '0')],
]);

/**
 * A path with the parts of a time in it, as `strftime` writes them, in UTC: `%Y`, `%m`, `%d`, `%H`, `%j` and `%%`.
 *
 * @throws {@link Misuse} for any other part.
 */
export function createPathPattern(pattern: string): (millis: number) => string {
  const parts = pattern.split(/(%.?)/su).map((part) => {
    if (!part.startsWith('%')) return () => part;
    const write = PARTS.get(part.slice(1));
    if (write) return write;
    throw new Misuse(`A path of export.file knows no ${JSON.stringify(part)}; it takes %Y, %m, %d, %H, %j and %%.`);
  });
  return (millis) => {
    const time = new Date(millis);
    return parts.map((write) => write(time)).join('');
  };
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

function dayOfYear(time: Date): number {
  return Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}
