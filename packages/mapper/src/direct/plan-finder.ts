import type { FormatRule } from '@cryptrail/catalogue';
import type { CompiledProducts } from '../compiled-products.ts';
import type { ReadLine } from '../decode/line-formats.ts';
import { flat } from '../flat.ts';
import type { Mapping } from '../map/to-log-record.ts';
import { lookUp } from '../recognise/conditions.ts';
import type { Recogniser } from '../recognise/recognise.ts';
import type { FieldValue, LogRecord, RawRecord, Recognition } from '../records.ts';
import { type FindControl, findControls } from './controls.ts';
import type { ResolveMessage } from './line-class.ts';
import type { Lesson } from './line-lane.ts';
import { outlineOf } from './plan-outline.ts';
import { planRecord } from './plan-record.ts';
import { classOf, type RecordClass } from './record-class.ts';
import type { RecordPlan } from './record-plan.ts';
import { createShapeFinder, fillingOfText, type Shape, type ShapeFinder, type Token } from './shape.ts';

/** The steps behind decoding for one product. */
export interface PlannedProduct extends Recogniser {
  readonly mapping: Mapping;
}

/** A record on its way, and what the ordinary way makes of it. */
export interface PlanTask {
  readonly read: Extract<ReadLine, { kind: 'record' }>;
  /** Makes the record in the ordinary way, without anybody being told. */
  readonly ordinary: () => LogRecord;
}

/** Makes records by plans. */
export interface PlanUser<Task extends PlanTask, Made> {
  /** Undefined: the record is no plain one, and nothing was made. */
  makeBy(plan: RecordPlan, values: readonly FieldValue[], task: Task): Made | undefined;
  /** Holds what was made against the ordinary way: whether both give the same. If not, it is taken back. */
  prove(made: Made, task: Task): boolean;
}

/** Planning costs as much as some dozen records; each record that a plan saved pays for part of the next one. */
const PLAN_PRICE = 24;
const FIRST_CREDIT = 24_000;
const MAX_CREDIT = 24_000;
/** A class whose records are never plain is given up. */
const MAX_FAILURES = 8;
/** Texts of messages whose event is remembered, for each class, and the longest of them. */
const MAX_MESSAGES = 512;
const MAX_MESSAGE_LENGTH = 1024;
/** A format has some hundred. */
const MAX_OUTLINES = 4096;

/** The shapes of one format. */
interface FormatShapes {
  readonly findControl: FindControl;
  readonly finder: ShapeFinder;
  /** Outlines of plans that were proved. */
  readonly proved: Set<string>;
}

/** An event that a message made, in one of its classes. */
interface ByMessage {
  readonly plan: RecordPlan | null;
  /** What the template of the event captured. */
  readonly captured: readonly FieldValue[];
}

/**
 * Finds the plans of records, and makes those that are missing: one for all records that differ in nothing but free values. What a plan makes of values is proved once before it is used: plans
 * of one outline differ only in what they know of the event, and have that from the functions that the ordinary way asks for it.
 */
export class PlanFinder<Task extends PlanTask, Made> {
  /** The values of the record that was asked for last, in the order of its tokens. */
  #values: FieldValue[] = [];
  readonly #products: CompiledProducts<PlannedProduct>;
  readonly #application: string | undefined;
  readonly #user: PlanUser<Task, Made>;
  readonly #onForget: () => void;
  readonly #formats = new Map<FormatRule, FormatShapes>();
  readonly #messages = new WeakMap<RecordClass, Map<string, ByMessage>>();
  readonly #resolvers = new WeakMap<RecordClass, ResolveMessage>();
  #credit = FIRST_CREDIT;
  #lastClass: RecordClass | undefined;
  #lastShape: Shape | undefined;
  /** What is known of it for good. */
  #lastPlan: RecordPlan | null | undefined;
  /** The record that was asked for, when a new plan was tried by making it. */
  #made: Made | undefined;

  /** @param onForget Hears that there is no room for more kinds of records, so that those of one format are forgotten. */
  constructor(
    products: CompiledProducts<PlannedProduct>,
    application: string | undefined,
    user: PlanUser<Task, Made>,
    onForget: () => void = () => {},
  ) {
    this.#products = products;
    this.#application = application;
    this.#user = user;
    this.#onForget = onForget;
  }

  /** The record by its plan; undefined when it goes the ordinary way. */
  make(task: Task): Made | undefined {
    this.#made = undefined;
    const plan = this.#find(task);
    return this.#made ?? (plan && this.#user.makeBy(plan, this.#values, task));
  }

  #find(task: Task): RecordPlan | undefined {
    const { record, product, format } = task.read;
    this.#lastPlan = undefined;
    if (record.truncated) return undefined;
    const parts = this.#products.get(product.id);
    if (!parts) return undefined;
    this.#values = [];
    const { finder } = this.#shapesOf(parts, format);
    const shape = finder.find(record, this.#values);
    const found = shape && classOf(shape, this.#values);
    if (!shape || !found) {
      this.#forget(finder);
      return undefined;
    }
    this.#lastShape = shape;
    this.#lastClass = found;
    return this.#planOf(found, shape, parts, task) ?? undefined;
  }

  /** Records that cost next to nothing pay for plans. */
  earn(records = 1): void {
    this.#credit = Math.min(MAX_CREDIT, this.#credit + records);
  }

  /** What is known for good of the class of the record that was asked for last. */
  lessonOf({ read: { record, format, product } }: Task): Lesson | undefined {
    const found = this.#lastClass;
    const shape = this.#lastShape;
    const plan = this.#lastPlan;
    const parts = this.#products.get(product.id);
    if (!found || !shape || !parts || plan === undefined) return undefined;
    const resolve = found.byMessage && this.#resolverOf(found, parts, record, format);
    return { record, format, tokens: shape.tokens, issues: shape.issues, plan, resolve };
  }

  #shapesOf({ mapping }: PlannedProduct, format: FormatRule): FormatShapes {
    const known = this.#formats.get(format);
    if (known) return known;
    const findControl = findControls(mapping.context.product, format);
    const made = { findControl, finder: createShapeFinder(findControl), proved: new Set<string>() };
    this.#formats.set(format, made);
    return made;
  }

  /** There is no room for more shapes: a log that goes on with others than it began with begins anew, one that has too many pays for it. */
  #forget(finder: ShapeFinder): void {
    if (this.#credit < MAX_CREDIT / 2) return;
    this.#credit -= MAX_CREDIT / 2;
    finder.clear();
    this.#onForget();
  }

  #planOf(found: RecordClass, shape: Shape, parts: PlannedProduct, task: Task): RecordPlan | null | undefined {
    if (found.byMessage) return this.#planByMessage(found, shape, parts, task);
    if (found.plan !== undefined) {
      this.#lastPlan = found.plan;
      return found.plan;
    }
    if (!this.#pays()) return undefined;
    const { record, format } = task.read;
    if (parts.goesByMessage(record, format)) {
      found.byMessage = new Map();
      return this.#planByMessage(found, shape, parts, task);
    }
    const recognition = parts.recognise(record, format, this.#application);
    const made = this.#plan({ recognition, tokens: shape.tokens, values: this.#values }, parts, task);
    if (made === undefined) found.failures += 1;
    if (made !== undefined) found.plan = made;
    else if (found.failures >= MAX_FAILURES) found.plan = null;
    this.#lastPlan = found.plan;
    return made;
  }

  #pays(): boolean {
    if (this.#credit < PLAN_PRICE) return false;
    this.#credit -= PLAN_PRICE;
    return true;
  }

  #planByMessage(found: RecordClass, shape: Shape, parts: PlannedProduct, task: Task): RecordPlan | null | undefined {
    const { record, format } = task.read;
    const message = messageOf(record, format);
    const messages = this.#messages.get(found) ?? new Map<string, ByMessage>();
    const known = message === undefined ? undefined : messages.get(message);
    if (known) {
      for (const value of known.captured) this.#values.push(value);
      this.#lastPlan = known.plan;
      return known.plan;
    }
    const recognition = parts.recognise(record, format, this.#application);
    const captured = capturedOf(recognition);
    const key = messageKey(recognition);
    for (const value of captured) this.#values.push(value);
    let plan = found.byMessage?.get(key);
    if (plan === undefined) {
      if (!this.#pays()) return undefined;
      const { findControl } = this.#shapesOf(parts, format);
      const names = [...recognition.captures.keys()];
      const isFree = !names.some((name) => findControl('message', name));
      const tokens =
        names.length === 0
          ? shape.tokens
          : [...shape.tokens, ...names.map((name): Token => ({ space: 'message', name }))];
      plan = isFree ? this.#plan({ recognition, tokens, values: this.#values }, parts, task) : null;
      if (plan === undefined) found.failures += 1;
      if (plan === undefined && found.failures < MAX_FAILURES) return undefined;
      plan ??= null;
      found.byMessage?.set(key, plan);
    }
    if (message !== undefined && message.length <= MAX_MESSAGE_LENGTH) {
      if (messages.size >= MAX_MESSAGES) messages.clear();
      messages.set(flat(message), { plan, captured: captured.map(keptValue) });
      this.#messages.set(found, messages);
    }
    this.#lastPlan = plan;
    return plan;
  }

  /** Tells what another message makes of the records of a class. */
  #resolverOf(found: RecordClass, parts: PlannedProduct, record: RawRecord, format: FormatRule): ResolveMessage {
    const known = this.#resolvers.get(found);
    if (known) return known;
    const example = exampleOf(record);
    const setMessage = messageSetter(example, format);
    const made: ResolveMessage = (message) => {
      if (!setMessage) return undefined;
      setMessage(message);
      const recognition = parts.recognise(example, format, this.#application);
      const plan = found.byMessage?.get(messageKey(recognition));
      return plan === undefined ? undefined : { plan, captured: capturedOf(recognition).map(keptValue) };
    };
    this.#resolvers.set(found, made);
    return made;
  }

  /** A plan that makes of values what the ordinary way makes of them; null when there is none; undefined when this record cannot tell. */
  #plan(example: Parameters<typeof planRecord>[0], parts: PlannedProduct, task: Task): RecordPlan | null | undefined {
    const plan = planRecord(example, parts.mapping);
    if (!plan) return null;
    const made = this.#user.makeBy(plan, example.values, task);
    if (made === undefined) return undefined;
    const { proved } = this.#shapesOf(parts, plan.format);
    const outline = outlineOf(plan);
    if (!proved.has(outline)) {
      if (!this.#user.prove(made, task)) return null;
      if (proved.size >= MAX_OUTLINES) proved.clear();
      proved.add(outline);
    }
    this.#made = made;
    return plan;
  }
}

/** A record whose values may be changed. */
interface ExampleRecord extends RawRecord {
  readonly fields: Map<string, FieldValue>;
  readonly details: Map<string, FieldValue>;
}

/** A record of the same values that keeps nothing else in memory. */
function exampleOf({ fields, details, layout, position, issues }: RawRecord): ExampleRecord {
  return {
    fields: keptValues(fields),
    details: keptValues(details),
    original: '',
    position,
    issues,
    ...(layout ? { layout } : {}),
  };
}

function keptValues(values: RawRecord['fields']): Map<string, FieldValue> {
  const kept = new Map<string, FieldValue>();
  values.forEach((value, name) => {
    kept.set(flat(name), keptValue(value));
  });
  return kept;
}

/** The value without the line it was cut from. */
function keptValue({ kind, text }: FieldValue): FieldValue {
  return { kind, text: flat(text) };
}

/** Gives a record another message; undefined when its message does not stand among its fields or details. */
function messageSetter(record: ExampleRecord, { message = [] }: FormatRule): ((text: string) => void) | undefined {
  for (const { field, in: space = 'fields' } of message) {
    if (!lookUp(record, field, space)) continue;
    if (space !== 'fields' && space !== 'details') return undefined;
    const { kind } = record[space].get(field) ?? { kind: 'text' };
    return (text) => record[space].set(field, { kind, text });
  }
  return undefined;
}

/** What the template of the event captured. */
function capturedOf({ captures }: Recognition): FieldValue[] {
  const values: FieldValue[] = [];
  captures.forEach((text) => {
    values.push({ kind: 'text', text });
  });
  return values;
}

function messageOf(record: RawRecord, format: FormatRule): string | undefined {
  for (const { field, in: space } of format.message ?? []) {
    const value = lookUp(record, field, space);
    if (value) return value.text;
  }
  return undefined;
}

/** Messages of one class that make the same event and capture as much. */
function messageKey({ eventName = '', captures }: Recognition): string {
  let key = eventName;
  captures.forEach((text, name) => {
    key += `\n${name}:${fillingOfText(text)}`;
  });
  return key;
}
