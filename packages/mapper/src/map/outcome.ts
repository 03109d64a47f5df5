import type { Outcome, Product } from '@cryptrail/catalogue';
import { allHold, lookUp, wholeText } from '../recognise/conditions.ts';
import type { FieldValue, Recognition } from '../records.ts';

/** Outcome of an event; `errorType` only on failure. */
export interface ReadOutcome {
  readonly outcome?: Outcome;
  readonly errorType?: string;
}

/** Applies the outcome rule that the event names, or the product's rule `default` for records without an event. */
export function readOutcome({ record, product, event, code, captures }: Recognition): ReadOutcome {
  const cases = outcomeRule(product, event?.outcome);
  const decided = cases?.find(({ conditions }) => allHold(conditions, record, captures));
  if (!decided || decided.outcome === null) return {};
  if (decided.outcome !== 'failure') return { outcome: decided.outcome };
  const { value, field, code: byCode } = decided.errorType ?? {};
  const errorType =
    value ?? (field ? textOf(lookUp(record, field)) : undefined) ?? (byCode ? code : undefined) ?? '_OTHER';
  return { outcome: 'failure', errorType };
}

function textOf(value: FieldValue | undefined): string | undefined {
  return value && wholeText(value);
}

function outcomeRule(product: Product, name: string | undefined) {
  const key = name ?? 'default';
  return Object.hasOwn(product.outcomes, key) ? product.outcomes[key] : undefined;
}
