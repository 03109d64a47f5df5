import type { CommandRule } from './command.ts';
import { type FlagRules, placeholderOf } from './flags.ts';

/** The help of one command: usage, flags in two columns, examples. */
export function renderHelp<Rules extends FlagRules>(rule: CommandRule<Rules>): string {
  const usage = ['cryptrail', rule.name, rule.words, Object.keys(rule.flags).length > 0 ? '[flags]' : undefined];
  const rows = Object.entries(rule.flags).map(([name, flag]): [string, string] => {
    const value = flag.kind === 'switch' ? '' : ` ${placeholderOf(flag)}`;
    return [`--${name}${value}`, flag.help];
  });
  rows.push(['-h, --help', 'Show this help.']);
  return [
    `${rule.summary}\n`,
    `Usage: ${usage.filter((part) => part !== undefined).join(' ')}\n`,
    ...(rule.description ?? []).map((paragraph) => `${paragraph}\n`),
    'Flags:',
    ...columns(rows),
    '',
    rule.examples.length === 1 ? 'Example:' : 'Examples:',
    ...rule.examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

/** Two columns; a left side that is too wide gets a line of its own. */
export function columns(rows: readonly (readonly [left: string, right: string])[], width = 30): string[] {
  return rows.flatMap(([left, right]) =>
    left.length > width - 2 ? [`  ${left}`, `  ${' '.repeat(width)}${right}`] : [`  ${left.padEnd(width)}${right}`],
  );
}
