import { AttributeList } from '../attribute-list.ts';
import { redactText } from '../redact/text.ts';
import {
  type LinePlan,
  OP_BLOCK,
  OP_END,
  OP_FROM,
  OP_GAP,
  OP_INT,
  OP_SAFE_SENTENCE,
  OP_SIZE,
  OP_TEXT,
  OP_TO,
  OP_VALUE,
} from './line-plan.ts';
import { ESCAPED } from './line-scanner.ts';
import type { LineValues } from './line-values.ts';
import type { LineWriter } from './line-writer.ts';
import type { RecordBuffer } from './record-buffer.ts';
import { partOf, type RecordPart } from './record-part.ts';
import { NO_PLACE, type PlanWriter, type RecordPlan } from './record-plan.ts';
import type { RepeatedLine, RepeatedTimes } from './repeated-lines.ts';
import type { Words } from './words.ts';

const NO_IDS: PlanWriter['ids'] = { traceId: undefined, spanId: undefined };

/** What is made of a line. */
export interface MappedLine {
  readonly plan: RecordPlan;
  /** Its time in nanoseconds since 1970, or 0n. */
  readonly nanos: bigint;
  readonly attributes: AttributeList;
  readonly body: string;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** Something in it stands for a text that may be nowhere else in the record. */
  readonly hides: boolean;
  /** The line that this one repeats. */
  readonly repeats: RepeatedLine | undefined;
}

/**
 * Makes records of lines by their plans, as objects: texts are cut out of the line, and all else is what {@link LineWriter} makes of it, read once where that is remembered.
 */
export class LineMapper {
  readonly #attributes = new AttributeList();
  #body = '';
  readonly #buffer: RecordBuffer;
  readonly #writer: PlanWriter;
  readonly #values: LineValues;
  readonly #lines: LineWriter;

  constructor(buffer: RecordBuffer, writer: PlanWriter, values: LineValues, lines: LineWriter) {
    this.#buffer = buffer;
    this.#writer = writer;
    this.#values = values;
    this.#lines = lines;
  }

  /** Holds until the next line is made. Undefined: the line is no plain one of its class. */
  map(plan: LinePlan): MappedLine | undefined {
    const nanos = this.#lines.nanos(plan);
    if (nanos === undefined) return undefined;
    const { at } = this.#buffer;
    const made = !plan.hasIds && this.#parts(plan) ? this.#made(plan, nanos, false) : this.#whole(plan, nanos);
    this.#buffer.at = at;
    return made;
  }

  /** The same for a line that is like one before it but for its time; `isPlaced`: attributes are added to those of the line. */
  mapAgain(line: RepeatedLine, bytes: Uint8Array, times: RepeatedTimes, isPlaced: boolean): MappedLine | undefined {
    const nanos = this.#lines.nanosAgain(line, bytes, times);
    if (nanos === undefined) return undefined;
    if (isPlaced || !line.record) {
      line.part ??= partOf(line.block.bytes, 0, line.block.length);
      this.#attributes.clear();
      this.#add(line.part);
    }
    return this.#made(line.plan, nanos, line.hidden.length > 0, line);
  }

  #made({ record: plan, hasIds }: LinePlan, nanos: bigint, hides: boolean, repeats?: RepeatedLine): MappedLine {
    const { traceId, spanId } = hasIds ? this.#writer.ids : NO_IDS;
    return { plan, nanos, attributes: this.#attributes, body: this.#body, traceId, spanId, hides, repeats };
  }

  /** False when something may have to be taken out of the rest. */
  #parts(plan: LinePlan): boolean {
    this.#attributes.clear();
    this.#lines.begin(plan);
    return this.#ops(plan) && this.#writer.hidden.count === 0 && !this.#writer.isCut;
  }

  /** Has the whole record written, which is always right. */
  #whole(plan: LinePlan, nanos: bigint): MappedLine | undefined {
    const made = this.#lines.write(plan, 0, 0, NO_PLACE, 0n) ? this.#lines.lastBlock() : undefined;
    if (!made) return undefined;
    this.#attributes.clear();
    this.#add(partOf(made.block.bytes, 0, made.block.length));
    return this.#made(plan, nanos, made.hidden.length > 0);
  }

  #ops(plan: LinePlan): boolean {
    const { code } = plan;
    for (let at = 0; ; at += OP_SIZE) {
      const kind = code[at];
      if (kind === OP_END) return true;
      if (kind === OP_BLOCK) this.#known(plan, at);
      else if (kind === OP_TEXT) {
        if (!this.#text(plan, at)) return false;
      } else if (kind === OP_INT) {
        if (!this.#int(plan, at)) return false;
      } else if (kind === OP_SAFE_SENTENCE) {
        if (!this.#sentence(plan, at)) return false;
      } else if (kind === undefined || (kind < OP_GAP && !this.#step(plan, at))) return false;
    }
  }

  /** What is known beforehand. */
  #known({ ops, code, words }: LinePlan, at: number): void {
    const op = ops[at / OP_SIZE];
    if (!op) return;
    op.part ??= partOf(bytesOf(words), code[at + OP_FROM] ?? 0, code[at + OP_TO] ?? 0);
    this.#add(op.part);
  }

  #add({ names, values, body }: RecordPart): void {
    const attributes = this.#attributes;
    for (let index = 0; index < names.length; index += 1) {
      const value = values[index];
      if (value !== undefined) attributes.add(names[index] ?? '', value);
    }
    if (body !== undefined) this.#body = body;
  }

  #text(plan: LinePlan, at: number): boolean {
    const op = plan.ops[at / OP_SIZE];
    const value = plan.code[at + OP_VALUE] ?? 0;
    const { scanner, count } = this.#values;
    const isOwn = value < count;
    if (isOwn && (((scanner.signs[value] ?? 0) & ESCAPED) !== 0 || !this.#lines.isClean(value)))
      return this.#step(plan, at);
    const text = this.#values.text(value);
    if (text === undefined || !op) return false;
    this.#attributes.add(op.name, isOwn ? text : redactText(text, plan.record.context.product.redaction));
    return true;
  }

  #int(plan: LinePlan, at: number): boolean {
    const op = plan.ops[at / OP_SIZE];
    const number = this.#lines.wholeNumber(plan.code[at + OP_VALUE] ?? 0);
    if (number === -1 || !op) return this.#step(plan, at);
    this.#attributes.add(op.name, number);
    return true;
  }

  #sentence(plan: LinePlan, at: number): boolean {
    const op = plan.ops[at / OP_SIZE];
    if (!op || !this.#lines.nameNothing(plan, at)) return this.#step(plan, at);
    const text = this.#lines.filledText(op);
    if (text === undefined) return false;
    this.#body = text;
    return true;
  }

  /** Any other step. */
  #step(plan: LinePlan, at: number): boolean {
    const buffer = this.#buffer;
    const before = buffer.at;
    const lines = this.#lines;
    if (!lines.step(plan, at)) return false;
    const { made } = lines;
    if (made) {
      made.part ??= partOf(made.bytes, 0, made.length);
      this.#add(made.part);
    } else this.#add(partOf(buffer.bytes, before, buffer.at));
    buffer.at = before;
    return true;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Words): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
