import type { OutcomeCase, Product } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE } from '../decode/decoder.ts';
import type { Block } from '../ottl/block.ts';
import { compileConditions, isWhole, pathOf, type TextTypes, textTypes } from '../ottl/condition.ts';
import { all, any, attribute, quote, set, WORK } from '../ottl/expression.ts';
import { ROW } from './tables.ts';

const decided = attribute(WORK.decided);
const event = attribute(WORK.event);

/** Statements that set outcome and error type: the first case that holds decides. */
export function outcomeBlocks(product: Product): Block[] {
  return Object.entries(product.outcomes).map(([name, cases]) => ({
    comment: `Outcome rule "${name}"`,
    conditions: [ruleCondition(name)],
    statements: cases.flatMap((one) => caseStatements(one, textTypes(product))),
  }));
}

/** Records without an event, and events that name no rule, have the rule called default. */
function ruleCondition(name: string): string {
  const named = all(`${event} != nil`, `${event}[${ROW.outcome}] == ${quote(name)}`);
  if (name !== 'default') return named;
  return all(`${attribute(FORMAT_ATTRIBUTE)} != nil`, any(`${event} == nil`, `${event}[${ROW.outcome}] == ""`, named));
}

function caseStatements({ conditions, outcome, errorType }: OutcomeCase, texts: TextTypes): string[] {
  const holds = all(`${decided} == nil`, compileConditions(conditions, texts));
  const { value, field, code } = errorType ?? {};
  const source = field === undefined ? undefined : pathOf(field);
  const text =
    source === undefined ? [] : [set(attribute('error.type'), `String(Int(${source}))`, all(holds, isWhole(source)))];
  const printed = attribute(WORK.code);
  const isOpen = all(holds, `${attribute('error.type')} == nil`);
  return [
    ...(outcome === null ? [] : [set(attribute('cryptrail.outcome'), quote(outcome), holds)]),
    ...(outcome === 'failure'
      ? [
          ...(value === undefined ? [] : [set(attribute('error.type'), quote(value), holds)]),
          ...text,
          ...(code ? [set(attribute('error.type'), printed, all(isOpen, `${printed} != nil`))] : []),
          set(attribute('error.type'), '"_OTHER"', isOpen),
        ]
      : []),
    set(decided, 'true', holds),
  ];
}
