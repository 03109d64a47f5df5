import type { RecordPlan, Step } from './record-plan.ts';
import type { Token } from './shape.ts';

/**
 * A plan whose values are those of a line in place of those of its record; texts captured out of the message stand behind them in both. Null when a value
 * that the plan uses is not in the line.
 */
export function planForLine(
  plan: RecordPlan,
  recordTokens: readonly Token[],
  lineTokens: readonly Token[],
): RecordPlan | null {
  let isWhole = true;
  const places = recordTokens.map(({ space, name }) =>
    lineTokens.findIndex((token) => token.space === space && token.name === name),
  );
  const at = (value: number): number => {
    const place = value < places.length ? (places[value] ?? -1) : value - places.length + lineTokens.length;
    if (place === -1) isWhole = false;
    return place;
  };
  const { body } = plan;
  const made: RecordPlan = {
    ...plan,
    times: plan.times.map(({ rule, value }) => ({ rule, value: at(value) })),
    body:
      body.kind === 'message'
        ? { ...body, value: at(body.value) }
        : { ...body, text: { ...body.text, values: body.text.values.map(at) } },
    steps: plan.steps.map((step) => stepForLine(step, at)),
  };
  return isWhole ? made : null;
}

function stepForLine(step: Step, at: (value: number) => number): Step {
  if (step.kind === 'known') return step;
  if (step.kind === 'list') return { ...step, values: step.values.map(at) };
  if (step.kind === 'filled') return { ...step, text: { ...step.text, values: step.text.values.map(at) } };
  return { ...step, value: at(step.value) };
}
