import type { FormatRule, Product, SeverityRule } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE } from '../decode/decoder.ts';
import { pathOf } from '../ottl/condition.ts';
import { all, any, attribute, quote, set, WORK } from '../ottl/expression.ts';
import { severityTable, severityWords, table } from './tables.ts';

const level = attribute(WORK.level);

/** Statements that set severity number and text by the rule that the format names, and the level by which events ask for it. */
export function severityStatements(product: Product, format: FormatRule): string[] {
  const rule = product.severities[format.severity];
  return rule ? ruleStatements(format.severity, rule, `${attribute(FORMAT_ATTRIBUTE)} == ${quote(format.id)}`) : [];
}

function ruleStatements(name: string, rule: SeverityRule, isFormat: string): string[] {
  const path = pathOf(rule.field, rule.in);
  // A line that no format claims may have fields, too.
  const isPrinted = all(isFormat, any(`IsString(${path})`, `IsInt(${path})`));
  const allSilent = Object.values(rule.words).every(({ text }) => text === null) && rule.otherwise?.text === null;
  const fromTable = (part: 'number' | 'text' | 'level', target: string) => {
    const value = `${table(severityTable(name, part))}[${level}]`;
    return severityWords(rule, part).length === 0
      ? []
      : [set(target, value, all(`${level} != nil`, `${value} != nil`))];
  };
  return [
    ...(rule.otherwise ? [set('log.severity_number', String(rule.otherwise.number), isFormat)] : []),
    set(level, `ToLowerCase(Trim(String(${path})))`, isPrinted),
    ...fromTable('number', 'log.severity_number'),
    ...(allSilent ? [] : [set('log.severity_text', `String(${path})`, isPrinted)]),
    ...fromTable('text', 'log.severity_text'),
    ...fromTable('level', level),
  ];
}
