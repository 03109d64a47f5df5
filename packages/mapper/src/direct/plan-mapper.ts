import type { CompiledProducts } from '../compiled-products.ts';
import { type AttributeSink, createSink, resetSink } from '../map/attribute-sink.ts';
import type { MapContext } from '../map/conversions.ts';
import { readTime } from '../map/timestamp.ts';
import { scrub } from '../map/to-log-record.ts';
import type { AttributeValue, FieldValue, LogRecord } from '../records.ts';
import { removeSecrets } from '../redact/original.ts';
import { redactText } from '../redact/text.ts';
import { PlanFinder, type PlannedProduct, type PlanTask } from './plan-finder.ts';
import { type ConvertStep, filled, type RecordPlan, type Step } from './record-plan.ts';
import { isSameRecord } from './same-record.ts';

/** A record that is to be made as an object. */
export interface MapTask extends PlanTask {
  /** Position and transport attributes of the input. */
  readonly extra: readonly (readonly [string, AttributeValue])[];
  readonly observedTimeUnixNano: bigint;
}

/**
 * Makes records as objects, by the plans by which the direct way writes them as bytes: what the tables say of a class of records is found out once. Whatever
 * is not plain is left to the ordinary way, against which each plan is held before it is used.
 */
export class PlanMapper {
  readonly #finder: PlanFinder<MapTask>;
  // Only one record is made at a time, so what holds nothing of it at the end serves the next one, too.
  readonly #sink = createSink();
  readonly #scratch = createSink();

  constructor(products: CompiledProducts<PlannedProduct>, application: string | undefined) {
    this.#finder = new PlanFinder(products, application, (plan, values, task: MapTask) => {
      const made = this.#make(plan, values, task);
      return made && isSameRecord(made, task.ordinary());
    });
  }

  /** The record as its plan says; undefined when it goes the ordinary way. */
  map(task: MapTask): LogRecord | undefined {
    const plan = this.#finder.find(task);
    const made = plan && this.#make(plan, this.#finder.values, task);
    if (made) this.#finder.earn();
    return made;
  }

  #make(plan: RecordPlan, values: readonly FieldValue[], task: MapTask): LogRecord | undefined {
    const { context, common } = plan;
    const { record } = task.read;
    const time = readTime(record, plan.format, plan.timeZone);
    if (time.nanos === undefined && time.found) return undefined;
    const sink = resetSink(this.#sink);
    for (const step of plan.steps) if (!this.#step(step, values, context)) return undefined;
    for (const [name, value] of task.extra) sink.attributes.set(name, value);
    const body = this.#body(plan, values);
    if (sink.secrets.size > 0) scrub(sink);
    if (isAnyLong(sink, context.limits.maxValueLength)) return undefined;
    const made: { -readonly [Key in keyof LogRecord]: LogRecord[Key] } = {
      timeUnixNano: time.nanos ?? record.outer?.timeUnixNano ?? 0n,
      observedTimeUnixNano: task.observedTimeUnixNano,
      severityNumber: common.severityNumber,
      body,
      attributes: sink.attributes,
      resource: plan.resource,
      product: context.product.id,
      issues: common.issues,
    };
    if (common.severityText !== undefined) made.severityText = common.severityText;
    if (common.eventName !== undefined) made.eventName = common.eventName;
    if (sink.traceId !== undefined) made.traceId = sink.traceId;
    if (sink.spanId !== undefined) made.spanId = sink.spanId;
    return made;
  }

  #body({ body, context }: RecordPlan, values: readonly FieldValue[]): string {
    const { secrets } = this.#sink;
    if (body.kind === 'message')
      return removeSecrets(context.redactMessage(values[body.value]?.text ?? '', secrets), secrets);
    const sentence = removeSecrets(filled(body.text, values), secrets);
    return removeSecrets(redactText(sentence, context.product.redaction), secrets);
  }

  /** Adds the attributes of a step; false when the record is no plain one. */
  #step(step: Step, values: readonly FieldValue[], context: MapContext): boolean {
    const { attributes } = this.#sink;
    const { redaction } = context.product;
    switch (step.kind) {
      case 'known':
        for (const [name, value] of step.attributes) attributes.add(name, value);
        return true;
      case 'text':
        attributes.add(step.name, redactText(values[step.value]?.text ?? '', redaction));
        return true;
      case 'convert':
        return this.#convert(step, step.taken, values, context);
      case 'pair': {
        const { first, second } = step;
        return (
          this.#convert(first, first.taken, values, context) && this.#convert(second, first.taken, values, context)
        );
      }
      case 'filled':
        attributes.add(step.name, redactText(filled(step.text, values), redaction));
        return true;
      case 'list':
        attributes.add(
          step.name,
          step.values.map((index) => redactText(values[index]?.text ?? '', redaction)),
        );
        return true;
    }
  }

  /** Adds what a conversion makes, but for the attributes that are `taken`: they stay as they are. */
  #convert(
    { value: index, rule, convert }: ConvertStep,
    taken: ReadonlySet<string>,
    values: readonly FieldValue[],
    context: MapContext,
  ): boolean {
    const sink = this.#sink;
    const value = values[index];
    if (value === undefined) return false;
    if (taken.size === 0) return convert(rule, value, context, sink) && sink.issues.length === 0;
    const apart = resetSink(this.#scratch);
    if (!convert(rule, value, context, apart) || apart.issues.length > 0) return false;
    for (const [name, made] of apart.attributes) if (!taken.has(name)) sink.attributes.set(name, made);
    for (const [secret, shown] of apart.secrets) sink.secrets.set(secret, shown);
    sink.traceId = apart.traceId ?? sink.traceId;
    sink.spanId = apart.spanId ?? sink.spanId;
    return true;
  }
}

/** Values that are too long are cut, which the ordinary way does. */
function isAnyLong({ attributes }: AttributeSink, limit: number): boolean {
  for (const value of attributes.values()) if (typeof value === 'string' && value.length > limit) return true;
  return false;
}
