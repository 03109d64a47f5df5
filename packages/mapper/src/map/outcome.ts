import type { Outcome, OutcomeCase, Product } from '@cryptrail/catalogue';
import { compileConditions, lookUp, wholeText } from '../recognise/conditions.ts';
import type { FieldValue, RawRecord, Recognition } from '../records.ts';

/** Outcome of an event; `errorType` only on failure. */
export interface ReadOutcome {
  readonly outcome?: Outcome;
  readonly errorType?: string;
}

/** Reads the outcome of records of one product. */
export type ReadOutcomeOf = (recognition: Recognition) => ReadOutcome;

const NONE: ReadOutcome = {};

/** Compiles the outcome rules of a product: the one that the event names counts, or the rule `default` for records without an event. */
export function compileOutcome(product: Product): ReadOutcomeOf {
  const rules = new Map(
    Object.entries(product.outcomes).map(([name, cases]) => [
      name,
      cases.map((one) => ({ one, holds: compileConditions(one.conditions) })),
    ]),
  );
  return ({ record, event, code, captures }) => {
    const found = rules.get(event?.outcome ?? 'default')?.find(({ holds }) => holds(record, captures));
    return found ? outcomeOf(found.one, record, code) : NONE;
  };
}

function outcomeOf({ outcome, errorType }: OutcomeCase, record: RawRecord, code: string | undefined): ReadOutcome {
  if (outcome === null) return NONE;
  if (outcome !== 'failure') return { outcome };
  const { value, field, code: byCode } = errorType ?? {};
  const text = value ?? (field ? textOf(lookUp(record, field)) : undefined) ?? (byCode ? code : undefined);
  return { outcome: 'failure', errorType: text ?? '_OTHER' };
}

function textOf(value: FieldValue | undefined): string | undefined {
  return value && wholeText(value);
}
