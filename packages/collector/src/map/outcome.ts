import type { OutcomeCase, Product } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE } from '../decode/decoder.ts';
import type { Block } from '../ottl/block.ts';
import { compileConditions, isWhole, pathOf, type TextTypes, textTypes } from '../ottl/condition.ts';
import { all, any, attribute, quote, set, WORK } from '../ottl/expression.ts';
import { ROW } from './tables.ts';

const event = attribute(WORK.event);
/** Number of the case that holds. */
const decided = 'log.cache["o"]';
const errorTypeAttribute = attribute('error.type');

/** Statements that set outcome and error type: the first case that holds decides. */
export function outcomeBlocks(product: Product): Block[] {
  return Object.entries(product.outcomes).map(([name, cases]) => ({
    comment: `Outcome rule "${name}"`,
    conditions: [ruleCondition(name)],
    statements: ruleStatements(cases, textTypes(product)),
  }));
}

/** Records without an event, and events that name no rule, have the rule called default. */
function ruleCondition(name: string): string {
  const named = `${event}[${ROW.outcome}] == ${quote(name)}`;
  if (name !== 'default') return named;
  return all(`${attribute(FORMAT_ATTRIBUTE)} != nil`, any(`${event} == nil`, `${event}[${ROW.outcome}] == ""`, named));
}

/** Which case holds is found out first, with one statement a case; what follows from it compares numbers. */
function ruleStatements(cases: readonly OutcomeCase[], texts: TextTypes): string[] {
  const [only] = cases;
  if (cases.length === 1 && only && !only.conditions?.length) return caseStatements(only, undefined);
  return [
    ...cases.map(({ conditions }, index) =>
      set(
        decided,
        String(index),
        all(index === 0 ? undefined : `${decided} == nil`, compileConditions(conditions, texts)),
      ),
    ),
    ...cases.flatMap((one, index) => caseStatements(one, `${decided} == ${index}`)),
  ];
}

function caseStatements({ outcome, errorType }: OutcomeCase, holds: string | undefined): string[] {
  const { value, field, code } = errorType ?? {};
  const source = field === undefined ? undefined : pathOf(field);
  const printed = attribute(WORK.code);
  const isOpen = all(holds, `${errorTypeAttribute} == nil`);
  if (outcome === null) return [];
  return [
    set(attribute('cryptrail.outcome'), quote(outcome), holds),
    ...(outcome === 'failure'
      ? [
          ...(value === undefined ? [] : [set(errorTypeAttribute, quote(value), holds)]),
          ...(source === undefined
            ? []
            : [set(errorTypeAttribute, `String(Int(${source}))`, all(holds, isWhole(source)))]),
          ...(code ? [set(errorTypeAttribute, printed, all(isOpen, `${printed} != nil`))] : []),
          ...(value === undefined ? [set(errorTypeAttribute, '"_OTHER"', isOpen)] : []),
        ]
      : []),
  ];
}
