import type { FieldRule } from '@cryptrail/catalogue';
import type { RecordPlan, Step } from './record-plan.ts';

/**
 * What a plan makes of the values of a record, as one text. Plans of one format with the same outline differ in nothing but what is known of the event
 * beforehand: its name, severity, fixed attributes, and the words of its sentence.
 */
export function outlineOf({
  times,
  body,
  steps,
  common: { parseStatus },
}: Pick<RecordPlan, 'times' | 'body' | 'steps' | 'common'>): string {
  const source = body.kind === 'message' ? `message ${body.value}` : `sentence ${body.text.values.join()}`;
  let outline = `${parseStatus ?? 'whole'}\n${source}`;
  times.forEach(({ rule, value }) => {
    outline += `\ntime ${rule.form} ${value}`;
  });
  steps.forEach((step) => {
    if (step.kind !== 'known') outline += `\n${outlineOfStep(step)}`;
  });
  return outline;
}

function outlineOfStep(step: Exclude<Step, { kind: 'known' }>): string {
  switch (step.kind) {
    case 'text':
      return `text ${step.value} ${step.name}`;
    case 'convert':
      return `convert ${step.value} ${numberOf(step.rule)} ${[...step.taken].join()}`;
    case 'pair':
      return `${outlineOfStep(step.first)} or ${outlineOfStep(step.second)}`;
    case 'list':
      return `list ${step.values.join()} ${step.name}`;
    case 'filled':
      return `filled ${step.text.values.join()} ${step.name}`;
  }
}

const numbers = new WeakMap<FieldRule, number>();
let count = 0;

/** A number of its own for each rule. */
function numberOf(rule: FieldRule): number {
  const known = numbers.get(rule);
  if (known !== undefined) return known;
  count += 1;
  numbers.set(rule, count);
  return count;
}
