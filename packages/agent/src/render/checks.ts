import type { Check } from '../doctor/check.ts';
import { visible } from './visible.ts';

const WORDS = { good: 'ok', odd: 'look', bad: 'BAD' } as const;

/** Checks for people: a line each, and below it what to do. Ends with a line break. */
export function renderChecks(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length), 0);
  const lines = checks.flatMap(({ name, verdict, message, advice }) => [
    `${WORDS[verdict].padEnd(4)}  ${name.padEnd(width)}  ${message}`,
    ...(advice === undefined ? [] : [`${' '.repeat(width + 8)}→ ${advice}`]),
  ]);
  return `${lines.map(visible).join('\n')}\n`;
}
