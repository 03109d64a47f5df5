import type { FormatRule, Product, SeverityRule } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE } from '../decode/decoder.ts';
import { pathOf } from '../ottl/condition.ts';
import { all, any, attribute, quote, set, WORK } from '../ottl/expression.ts';
import { severityTable, table } from './tables.ts';

const level = attribute(WORK.level);

/** Statements that set severity number and text by the rule that the format names, and the level by which events ask for it. */
export function severityStatements(product: Product, format: FormatRule): string[] {
  const rule = product.severities[format.severity];
  return rule ? ruleStatements(format.severity, rule, `${attribute(FORMAT_ATTRIBUTE)} == ${quote(format.id)}`) : [];
}

function ruleStatements(name: string, rule: SeverityRule, isFormat: string): string[] {
  const path = pathOf(rule.field, rule.in);
  const number = `${table(severityTable(name))}[${level}]`;
  // A line that no format claims may have fields, too.
  const isPrinted = all(isFormat, any(`IsString(${path})`, `IsInt(${path})`));
  const words = Object.entries(rule.words);
  const allSilent = words.every(([, { text }]) => text === null) && rule.otherwise?.text === null;
  const renamed = words.flatMap(([word, { text }]) => (typeof text === 'string' ? [[word, text] as const] : []));
  const levels = words.flatMap(([word, { level: meant, text }]) => {
    const called = meant ?? text?.toLowerCase();
    return called === undefined || called === word ? [] : [[word, called] as const];
  });
  return [
    ...(rule.otherwise ? [set('log.severity_number', String(rule.otherwise.number), isFormat)] : []),
    set(level, `ToLowerCase(Trim(String(${path})))`, isPrinted),
    set('log.severity_number', number, all(`${level} != nil`, `${number} != nil`)),
    ...(allSilent ? [] : [set('log.severity_text', `String(${path})`, isPrinted)]),
    ...renamed.map(([word, text]) => set('log.severity_text', quote(text), `${level} == ${quote(word)}`)),
    ...levels.map(([word, called]) => set(level, quote(called), `${level} == ${quote(word)}`)),
  ];
}
