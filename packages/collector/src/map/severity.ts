import type { FormatRule, Product, SeverityRule } from '@cryptrail/catalogue';
import { isOneOf } from '../decode/decoder.ts';
import type { Block } from '../ottl/block.ts';
import { pathOf } from '../ottl/condition.ts';
import { all, any, attribute, quote, set, WORK } from '../ottl/expression.ts';
import { severityTable, table } from './tables.ts';

const level = attribute(WORK.level);

/** Blocks that set severity number and text by the rules that the formats name, and the level by which events ask for it. */
export function severityBlocks(product: Product, formats: readonly FormatRule[]): Block[] {
  return Object.entries(product.severities).flatMap(([name, rule]) => {
    const users = formats.filter(({ severity }) => severity === name);
    if (users.length === 0) return [];
    return [
      {
        comment: `Severity by the rule ${quote(name)}`,
        conditions: [isOneOf(users, formats)],
        statements: ruleStatements(name, rule),
      },
    ];
  });
}

function ruleStatements(name: string, rule: SeverityRule): string[] {
  const path = pathOf(rule.field, rule.in);
  const number = `${table(severityTable(name))}[${level}]`;
  const isPrinted = any(`IsString(${path})`, `IsInt(${path})`);
  const words = Object.entries(rule.words);
  const allSilent = words.every(([, { text }]) => text === null) && rule.otherwise?.text === null;
  const renamed = words.flatMap(([word, { text }]) => (typeof text === 'string' ? [[word, text] as const] : []));
  const levels = words.flatMap(([word, { level: meant, text }]) => {
    const called = meant ?? text?.toLowerCase();
    return called === undefined || called === word ? [] : [[word, called] as const];
  });
  return [
    ...(rule.otherwise ? [set('log.severity_number', String(rule.otherwise.number))] : []),
    set(level, `ToLowerCase(Trim(String(${path})))`, isPrinted),
    set('log.severity_number', number, all(`${level} != nil`, `${number} != nil`)),
    ...(allSilent ? [] : [set('log.severity_text', `String(${path})`, isPrinted)]),
    ...renamed.map(([word, text]) => set('log.severity_text', quote(text), `${level} == ${quote(word)}`)),
    ...levels.map(([word, called]) => set(level, quote(called), `${level} == ${quote(word)}`)),
  ];
}
