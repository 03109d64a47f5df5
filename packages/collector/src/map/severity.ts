import type { FormatRule, Product, SeverityRule } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE } from '../decode/decoder.ts';
import { pathOf } from '../ottl/condition.ts';
import { all, any, attribute, quote, set, WORK } from '../ottl/expression.ts';
import { severityTable, table } from './tables.ts';

const level = attribute(WORK.level);

/** Statements that set severity number and text by the rules that the formats name, and the level by which events ask for it. */
export function severityStatements(product: Product, formats: readonly FormatRule[]): string[] {
  return Object.entries(product.severities).flatMap(([name, rule]) => {
    const users = formats.filter(({ severity }) => severity === name);
    if (users.length === 0) return [];
    const isUsed =
      users.length === formats.length
        ? undefined
        : any(...users.map(({ id }) => `${attribute(FORMAT_ATTRIBUTE)} == ${quote(id)}`));
    return ruleStatements(name, rule, isUsed);
  });
}

function ruleStatements(name: string, rule: SeverityRule, isUsed: string | undefined): string[] {
  const path = pathOf(rule.field, rule.in);
  const number = `${table(severityTable(name))}[${level}]`;
  const isPrinted = all(isUsed, any(`IsString(${path})`, `IsInt(${path})`));
  const words = Object.entries(rule.words);
  const allSilent = words.every(([, { text }]) => text === null) && rule.otherwise?.text === null;
  const renamed = words.flatMap(([word, { text }]) => (typeof text === 'string' ? [[word, text] as const] : []));
  const levels = words.flatMap(([word, { level: meant, text }]) => {
    const called = meant ?? text?.toLowerCase();
    return called === undefined || called === word ? [] : [[word, called] as const];
  });
  const isRule = (test: string) => all(isUsed, test);
  return [
    ...(rule.otherwise ? [set('log.severity_number', String(rule.otherwise.number), isUsed ?? 'true')] : []),
    set(level, `ToLowerCase(Trim(String(${path})))`, isPrinted),
    set('log.severity_number', number, all(isUsed, `${level} != nil`, `${number} != nil`)),
    ...(allSilent ? [] : [set('log.severity_text', `String(${path})`, isPrinted)]),
    ...renamed.map(([word, text]) => set('log.severity_text', quote(text), isRule(`${level} == ${quote(word)}`))),
    ...levels.map(([word, called]) => set(level, quote(called), isRule(`${level} == ${quote(word)}`))),
  ];
}
