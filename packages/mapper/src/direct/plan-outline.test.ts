import type { FieldRule } from '@cryptrail/catalogue';
import { describe, expect, it } from 'vitest';
import { outlineOf } from './plan-outline.ts';
import { attributeBytes, keyBytes } from './record-buffer.ts';
import type { ConvertStep, RecordPlan, Step } from './record-plan.ts';

type Outlined = Parameters<typeof outlineOf>[0];

const PORT: FieldRule = { fields: ['port'], attribute: 'client.port', type: 'int' };
const TIME: RecordPlan['times'][number] = { rule: { form: 'unix_seconds', field: 'unixTime' }, value: 0 };
const COMMON: RecordPlan['common'] = { severityNumber: 9, eventName: 'acra.general.general', issues: [] };

function plan(steps: readonly Step[], more: Partial<Outlined> = {}): Outlined {
  return { times: [TIME], body: { kind: 'message', value: 1 }, steps, common: COMMON, ...more };
}

function known(name: string, value: string): Step {
  return { kind: 'known', attributes: new Map([[name, value]]), bytes: attributeBytes(name, value) };
}

function text(name: string, value: number): Step {
  return { kind: 'text', name, key: keyBytes(name), value };
}

function convert(rule: FieldRule, value: number, taken: readonly string[] = []): ConvertStep {
  return { kind: 'convert', rule, value, taken: new Set(taken), convert: () => true };
}

describe('outlineOf', () => {
  it('is the same for plans that differ in what is known of the event', () => {
    const one = plan([known('cryptrail.code', '101'), text('user.name', 2)]);
    const other = plan([known('cryptrail.category', 'keys'), text('user.name', 2)]);
    expect(outlineOf(one)).toBe(outlineOf(other));
  });

  it('is the same for sentences that differ in their words', () => {
    const sentence = (word: string) =>
      plan([], { body: { kind: 'filled', text: { texts: [word, '.'], values: [3] } } });
    expect(outlineOf(sentence('Key created by '))).toBe(outlineOf(sentence('Key removed by ')));
  });

  it('tells plans apart that do something else with values', () => {
    const steps: Step[][] = [
      [],
      [text('user.name', 2)],
      [text('user.name', 3)],
      [text('user.id', 2)],
      [text('user.name', 2), text('user.id', 3)],
      [text('user.id', 3), text('user.name', 2)],
      [convert(PORT, 2)],
      [convert({ ...PORT }, 2)],
      [convert(PORT, 3)],
      [convert(PORT, 2, ['client.port'])],
      [{ kind: 'pair', first: convert(PORT, 2), second: convert(PORT, 3) }],
      [convert(PORT, 2), convert(PORT, 3)],
      [{ kind: 'list', values: [2, 3], name: 'tags', key: keyBytes('tags') }],
      [{ kind: 'list', values: [2], name: 'tags', key: keyBytes('tags') }],
      [{ kind: 'filled', text: { texts: ['', ''], values: [2] }, name: 'tags', key: keyBytes('tags') }],
    ];
    const plans = [
      ...steps.map((list) => plan(list)),
      plan([], { times: [] }),
      plan([], { common: { ...COMMON, parseStatus: 'partial' } }),
      plan([], { times: [{ ...TIME, value: 4 }] }),
      plan([], { body: { kind: 'message', value: 2 } }),
      plan([], { body: { kind: 'filled', text: { texts: ['', ''], values: [1] } } }),
    ];
    expect(new Set(plans.map(outlineOf)).size).toBe(plans.length);
  });
});
