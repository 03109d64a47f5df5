import {
  isRefined,
  type LinePlan,
  OP_FILLED,
  OP_FROM,
  OP_ID,
  OP_INT,
  OP_LIST,
  OP_SAFE_SENTENCE,
  OP_SIZE,
  OP_TEXT,
  OP_TO,
} from './line-plan.ts';
import type { LineScanner } from './line-scanner.ts';
import type { KnownStep, KnownTime } from './line-store.ts';
import type { FreeValue } from './line-template.ts';
import { BODY, STRING_VALUE } from './otlp-tags.ts';
import { listItemLength } from './record-buffer.ts';

/** What the steps of a plan have written of a line, and where each of them began in it. */
export interface WrittenSteps {
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
}

const BODY_TAGS = Uint8Array.of(BODY, STRING_VALUE);

/** How the time of known lines is written; null for one that the walk does not read. */
export function knownTime({ time }: LinePlan, values: readonly FreeValue[]): KnownTime | undefined | null {
  if (!time) return undefined;
  const { rule, timeZone } = time;
  const form = rule.form === 'layout' ? 'iso' : rule.form;
  const isGrouped = form === 'digit_groups';
  if (form !== 'unix_seconds' && form !== 'epoch_millis' && form !== 'iso' && !isGrouped) return null;
  if (rule.form === 'digit_groups' && rule.refinedBy !== undefined) return null;
  return {
    form,
    value: indexOf(values, time.value),
    beside: isRefined(time) ? indexOf(values, time.beside) : undefined,
    timeZone: timeZone === 'UTC' ? undefined : timeZone,
  };
}

/** Which of the values is an id; undefined when there is none. */
export function knownId({ ops }: LinePlan, values: readonly FreeValue[], to: string): number | undefined {
  const op = ops.findLast(({ kind, step }) => kind === OP_ID && step?.kind === 'convert' && step.rule.to === to);
  return op && indexOf(values, op.value);
}

/** The steps of a plan, where those that are the same in all lines are bytes. */
export function knownSteps(
  values: readonly FreeValue[],
  plan: LinePlan,
  scanner: LineScanner,
  written: WrittenSteps,
): KnownStep[] {
  return new StepMaker(values, plan, scanner, written).steps();
}

function indexOf(values: readonly FreeValue[], wanted: number): number {
  return values.findIndex(({ value }) => value === wanted);
}

class StepMaker {
  readonly #values: readonly FreeValue[];
  readonly #plan: LinePlan;
  readonly #scanner: LineScanner;
  readonly #written: WrittenSteps;
  readonly #steps: KnownStep[] = [];
  /** How much of what was written has been told. */
  #at = 0;

  constructor(values: readonly FreeValue[], plan: LinePlan, scanner: LineScanner, written: WrittenSteps) {
    this.#values = values;
    this.#plan = plan;
    this.#scanner = scanner;
    this.#written = written;
  }

  steps(): KnownStep[] {
    const { starts, bytes } = this.#written;
    this.#plan.ops.forEach(({ kind, value, text, step }, index) => {
      const start = starts[index] ?? 0;
      const end = starts[index + 1] ?? bytes.length;
      if (kind === OP_TEXT || kind === OP_INT) this.#attribute(index, value, start, end);
      else if (kind === OP_SAFE_SENTENCE || kind === OP_FILLED) this.#filled(index, text.values, start, end);
      else if (kind === OP_LIST && step?.kind === 'list') this.#list(step.values, end);
    });
    this.#bytesUpTo(bytes.length);
    return this.#steps;
  }

  #attribute(index: number, value: number, start: number, end: number): void {
    const free = indexOf(this.#values, value);
    const kind = this.#values[free]?.kind;
    if (!kind) return;
    if (kind === 'formed') {
      this.#value(free, end - this.#lengthOf(value), end);
      return;
    }
    this.#bytesUpTo(start);
    const isText = this.#plan.ops[index]?.kind === OP_TEXT;
    this.#steps.push({ kind: isText ? 'textAttribute' : 'intAttribute', value: free, head: this.#head(index) });
    this.#at = end;
  }

  /** A text whose parts, and the values before them, follow as steps of the plan. */
  #filled(index: number, values: readonly number[], start: number, end: number): void {
    const free = values.map((value) => indexOf(this.#values, value)).filter((one) => one !== -1);
    if (free.length === 0) return;
    const texts = values.map((_, gap) => this.#textLength(index + 1 + gap));
    const last = this.#textLength(index + 1 + values.length);
    const all = [...texts, last, ...values.map((value) => this.#lengthOf(value))].reduce((sum, one) => sum + one, 0);
    const changing = free.reduce((sum, one) => sum + this.#lengthOf(this.#values[one]?.value ?? 0), 0);
    const isBody = this.#plan.ops[index]?.kind === OP_SAFE_SENTENCE;
    const head = isBody ? BODY_TAGS : this.#head(index);
    this.#bytesUpTo(start);
    this.#steps.push({ kind: isBody ? 'body' : 'attribute', length: all - changing, values: free, head });
    this.#at = end - all;
    let at = this.#at;
    values.forEach((value, gap) => {
      const from = at + (texts[gap] ?? 0);
      at = from + this.#lengthOf(value);
      const one = indexOf(this.#values, value);
      if (one !== -1) this.#value(one, from, at);
    });
  }

  /** The texts of a list stand behind each other, each behind its own lengths. */
  #list(values: readonly number[], end: number): void {
    let at = end - values.reduce((sum, value) => sum + listItemLength(this.#lengthOf(value)), 0);
    for (const value of values) {
      at += listItemLength(this.#lengthOf(value));
      const free = indexOf(this.#values, value);
      if (free !== -1) this.#value(free, at - this.#lengthOf(value), at);
    }
  }

  #value(value: number, start: number, end: number): void {
    this.#bytesUpTo(start);
    this.#steps.push({ kind: 'value', value });
    this.#at = end;
  }

  #bytesUpTo(to: number): void {
    if (to > this.#at) this.#steps.push({ kind: 'text', bytes: this.#written.bytes.slice(this.#at, to) });
    this.#at = Math.max(this.#at, to);
  }

  /** What a step knows beforehand. */
  #head(index: number): Uint8Array {
    const { code, words } = this.#plan;
    const { buffer, byteOffset } = words;
    return new Uint8Array(buffer, byteOffset).slice(code[index * OP_SIZE + OP_FROM], code[index * OP_SIZE + OP_TO]);
  }

  #textLength(index: number): number {
    const { code } = this.#plan;
    return (code[index * OP_SIZE + OP_TO] ?? 0) - (code[index * OP_SIZE + OP_FROM] ?? 0);
  }

  #lengthOf(value: number): number {
    return (this.#scanner.ends[value] ?? 0) - (this.#scanner.starts[value] ?? 0);
  }
}
