import { AttributeList } from '../attribute-list.ts';
import { NO_BYTES } from '../bytes.ts';
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
import type { PlanWriter, RecordPlan, WrittenPlace } from './record-plan.ts';
import type { Words } from './words.ts';

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const LETTER_D = 0x64;
const SMALL = 0x20;

/** Where no place is written. */
const NOWHERE: WrittenPlace = { named: NO_BYTES, positions: false, isWrapped: false };

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
    if (this.#mayHalvePairs()) return undefined;
    const nanos = this.#lines.nanos(plan);
    if (nanos === undefined) return undefined;
    const { at } = this.#buffer;
    const made = !plan.hasIds && this.#parts(plan) ? this.#made(plan, nanos) : this.#whole(plan, nanos);
    this.#buffer.at = at;
    return made;
  }

  #made({ record: plan }: LinePlan, nanos: bigint, { traceId, spanId } = NO_IDS, hides = false): MappedLine {
    return { plan, nanos, attributes: this.#attributes, body: this.#body, traceId, spanId, hides };
  }

  /** False when something may have to be taken out of the rest. */
  #parts(plan: LinePlan): boolean {
    this.#attributes.clear();
    this.#lines.begin(plan);
    return this.#ops(plan) && this.#writer.hidden.count === 0 && !this.#writer.isCut;
  }

  /** Has the whole record written, which is always right. */
  #whole(plan: LinePlan, nanos: bigint): MappedLine | undefined {
    const isWritten = this.#lines.write(plan, 0, 0, NOWHERE, 0n);
    const made = isWritten ? this.#lines.lastBlock() : undefined;
    if (!made) return undefined;
    this.#attributes.clear();
    this.#add(partOf(made.block.bytes, 0, made.block.length));
    const ids = plan.hasIds ? this.#writer.ids : NO_IDS;
    return this.#made(plan, nanos, ids, made.hidden.length > 0);
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

  /** Whether an escape in the line may stand for half of a surrogate pair, which bytes cannot hold. */
  #mayHalvePairs(): boolean {
    const { scanner, bytes, count } = this.#values;
    if ((scanner.seen & ESCAPED) === 0) return false;
    for (let value = 0; value < count; value += 1) {
      if (((scanner.signs[value] ?? 0) & ESCAPED) === 0) continue;
      const end = scanner.ends[value] ?? 0;
      for (let at = scanner.starts[value] ?? 0; at < end; at += 1)
        if (bytes[at] === BACKSLASH && isSurrogate(bytes, at + 1)) return true;
    }
    return false;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Words): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Whether behind a backslash stands `uD…`, or what a longer form of it begins with. */
function isSurrogate(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] === (LETTER_U ^ SMALL)) return true;
  return bytes[at] === LETTER_U && ((bytes[at + 1] ?? 0) | SMALL) === LETTER_D;
}
