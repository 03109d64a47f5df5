import type { FormatRule, Product } from '@cryptrail/catalogue';
import { isLatin1 } from '../decode/encoding.ts';
import type { Issue } from '../issue.ts';
import type { FieldValue, RawRecord } from '../records.ts';
import { ByteCache } from './byte-cache.ts';
import { type FieldControl, type FindControl, findControls } from './controls.ts';
import type { KnownLines, LearntLine } from './known-lines.ts';
import { type ByMessage, ClassTable, type LineClass, type ResolveMessage } from './line-class.ts';
import { LineMapper, type MappedLine } from './line-mapper.ts';
import { type LineExample, type LinePlan, type Made, placesOf, planLine } from './line-plan.ts';
import {
  BEYOND,
  type CreateScanner,
  ESCAPED,
  type LineScanner,
  type LineShape,
  type ProductFormat,
} from './line-scanner.ts';
import { LineValues } from './line-values.ts';
import { LineWriter } from './line-writer.ts';
import type { RecordBuffer } from './record-buffer.ts';
import { NO_PLACE, type PlanWriter, type RecordPlan, type WrittenPlace } from './record-plan.ts';
import { RepeatedLines, type WrittenLine } from './repeated-lines.ts';
import { indexOfToken, type Token } from './shape.ts';
import { isUtf8, utf8Text } from './utf8.ts';

/** What {@link LineLane.learn} is told. */
export interface Lesson {
  readonly record: RawRecord;
  readonly format: FormatRule;
  /** What the values of the record are, in order. */
  readonly tokens: readonly Token[];
  readonly issues: readonly Issue[];
  readonly plan: RecordPlan | null;
  /** Where the message makes the event: what others make. */
  readonly resolve: ResolveMessage | undefined;
}

/** A line that was left to the ordinary way because nothing was known of its class, or of its message. */
interface Waiting {
  readonly shape: LineShape;
  readonly found: LineClass;
  readonly number: number;
}

/** What a message makes of the lines of a class. */
interface MessagePlan {
  plan: LinePlan | null;
  readonly captured: readonly FieldValue[];
  /** It came before: then what it makes is known beforehand. */
  isOwn: boolean;
}

/** What plans of lines of one shape share. */
interface ShapePlans {
  /** Where the lines have the values of records: see {@link placesOf}. */
  readonly places: WeakMap<readonly Token[], readonly number[]>;
  readonly plans: Map<RecordPlan, LinePlan | null>;
  readonly caches: Map<object, ByteCache<Made>>;
}

const MESSAGE_BITS = 11;
/** Names about which nothing is asked, remembered for all lines of a lane. */
const MAX_FREE_NAMES = 4096;
const MAX_MESSAGE_BYTES = 1024;

/**
 * Writes lines straight from their bytes, for classes of records whose plan the ordinary way has made and proved. A line that is out of the
 * ordinary in any way is left to that one, which is always right.
 */
export class LineLane {
  /** Whether the line that was written last is true UTF-8 with more than ASCII in it. */
  isBeyondAscii = false;
  readonly #scanner: LineScanner;
  readonly #formats: ReadonlySet<FormatRule>;
  readonly #buffer: RecordBuffer;
  readonly #writer: PlanWriter;
  readonly #values: LineValues;
  readonly #classes: ClassTable;
  readonly #lines: LineWriter;
  #mapper: LineMapper | undefined;
  /** Plans by message, for each class in which the message makes the event. */
  readonly #messages = new ByteCache<MessagePlan>(MESSAGE_BITS);
  readonly #plans = new WeakMap<LineShape, ShapePlans>();
  readonly #repeated: RepeatedLines | undefined;
  readonly #known: KnownLines | undefined;
  /** The class of the line that was looked at last. */
  #found: LineClass | undefined;
  #waiting: Waiting | undefined;

  /** @param known Is told of lines that may come again, and takes them then before they are offered here. Undefined where they become objects: then they are remembered here. */
  constructor(
    scanner: LineScanner,
    formats: readonly ProductFormat[],
    buffer: RecordBuffer,
    writer: PlanWriter,
    known: KnownLines | undefined,
  ) {
    this.#scanner = scanner;
    this.#formats = new Set(formats.map(({ format }) => format));
    this.#buffer = buffer;
    this.#writer = writer;
    this.#values = new LineValues(scanner);
    this.#classes = new ClassTable(this.#values);
    this.#lines = new LineWriter(buffer, writer, this.#values);
    this.#repeated = scanner.repeats ? new RepeatedLines() : undefined;
    this.#known = scanner.repeats ? known : undefined;
  }

  /** Whether each line is a record by itself. */
  get isOneLine(): boolean {
    return this.#scanner.unitEnd === undefined;
  }

  /** Whether a line may be one for this lane. */
  mayBegin(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#scanner.mayBegin(bytes, start, end);
  }

  /** See {@link LineScanner.forget}. Nothing is to be learned of lines that were read before, either. */
  forget(): void {
    this.#waiting = undefined;
    this.#scanner.forget?.();
  }

  /** See {@link LineScanner.begins}. */
  begins(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#scanner.begins?.(bytes, start, end) ?? false;
  }

  /** See {@link LineScanner.unitEnd}. */
  unitEnd(bytes: Uint8Array, start: number, end: number, stop: number): number {
    return this.#scanner.unitEnd ? this.#scanner.unitEnd(bytes, start, end, stop) : end;
  }

  /** What is made of a line, until the next one is; undefined when it is not for this way. `isPlaced`: more attributes follow those of the line. */
  map(
    bytes: Uint8Array,
    from: number,
    to: number,
    number: number,
    isPlaced: boolean,
    source?: string,
  ): MappedLine | undefined {
    const repeated = this.#repeated;
    const again = repeated?.find(bytes, from, to);
    const values = this.#values;
    this.#mapper ??= new LineMapper(this.#buffer, this.#writer, values, this.#lines);
    const madeAgain = repeated && again && this.#mapper.mapAgain(again, bytes, repeated, isPlaced);
    if (madeAgain) {
      this.isBeyondAscii = again.isBeyondAscii;
      return madeAgain;
    }
    const plan = this.#find(bytes, from, to, number, false);
    if (!plan) return undefined;
    values.source = this.isBeyondAscii ? undefined : (source ?? utf8Text(bytes, from, to));
    values.sourceAt = from;
    const made = this.#mapper.map(plan);
    if (made && repeated && !again && !repeated.isResting)
      repeated.learn(bytes, from, to, () => this.#writtenAside(plan));
    return made;
  }

  /** The plan by which the line was written; undefined when nothing was. */
  write(
    bytes: Uint8Array,
    from: number,
    to: number,
    offset: number,
    number: number,
    place: WrittenPlace,
    observed: bigint,
  ): RecordPlan | undefined {
    const known = place.isWrapped ? undefined : this.#known;
    const repeated = known ? undefined : this.#repeated;
    const again = repeated?.find(bytes, from, to);
    if (repeated && again && this.#lines.writeAgain(again, bytes, repeated, offset, number, place, observed)) {
      this.isBeyondAscii = again.isBeyondAscii;
      return again.plan.record;
    }
    const plan = this.#find(bytes, from, to, number, !place.isWrapped && this.#repeated !== undefined);
    if (!plan || !this.#lines.write(plan, offset, number, place, observed)) return undefined;
    known?.learn(bytes, from, to, () => this.#learnt(plan));
    if (repeated && !again && !repeated.isResting) repeated.learn(bytes, from, to, () => this.#written(plan));
    return plan.record;
  }

  /** What is told of the line that was written last. */
  #learnt(plan: LinePlan): LearntLine {
    const { scanner, shape } = this.#values;
    return {
      plan,
      deciding: this.#deciding(shape),
      scanner,
      tokens: shape?.tokens ?? [],
      waits: !this.isOneLine,
      isBeyondAscii: this.isBeyondAscii,
      hides: this.#lines.hides,
      isPlain: this.#lines.isPlain,
      steps: () => this.#lines.lastSteps(plan),
    };
  }

  /** Values on which it depends what becomes of the line that was looked at last. */
  #deciding(shape: LineShape | undefined): number[] {
    const deciding = shape?.controls.map(({ token }) => token) ?? [];
    if (this.#found?.byMessage) deciding.push(this.#found.byMessage.token);
    return deciding;
  }

  /** What is remembered of the line that was written last. */
  #written(plan: LinePlan): WrittenLine | undefined {
    const { count, scanner, shape } = this.#values;
    const written = this.#lines.lastBlock();
    if (!written || !shape) return undefined;
    const { isBeyondAscii } = this;
    return { ...written, plan, isBeyondAscii, deciding: this.#deciding(shape), scanner, count };
  }

  /** The same for a line of which nothing was written. */
  #writtenAside(plan: LinePlan): WrittenLine | undefined {
    const { at } = this.#buffer;
    const written = this.#lines.write(plan, 0, 0, NO_PLACE, 0n) ? this.#written(plan) : undefined;
    this.#buffer.at = at;
    return written;
  }

  /** @param readsDamage What is no UTF-8 may be read as the ordinary way reads it: it stands in no wrapper, which could say otherwise. */
  #find(bytes: Uint8Array, from: number, to: number, number: number, readsDamage: boolean): LinePlan | undefined {
    this.#waiting = undefined;
    const scanner = this.#scanner;
    const shape = scanner.scan(bytes, from, to);
    if (!shape) return undefined;
    this.#values.take(bytes, shape);
    this.isBeyondAscii = ((scanner.seen | shape.signs) & BEYOND) !== 0;
    if (this.isBeyondAscii && !isUtf8(bytes, from, to)) {
      if (!readsDamage || isLatin1(bytes.subarray(from, to), utf8Text(bytes, from, to))) return undefined;
      this.isBeyondAscii = false;
      this.#values.mark(BEYOND, ESCAPED);
    }
    const found = this.#classes.find(shape);
    this.#found = found;
    return found && this.#planOf(found, shape, number);
  }

  /** Called when a line was left to the ordinary way, and that has found out about it. */
  learn({ record, format, tokens, issues, plan, resolve }: Lesson): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!waiting || waiting.number !== record.position.number || !this.#formats.has(format)) return;
    const { shape, found } = waiting;
    if (this.#placesOf(shape, tokens).includes(-1) || !areSame(shape.issues, issues)) return;
    if (!resolve) found.plan = this.#sharedPlan(shape, tokens, plan);
    else if (!found.byMessage) {
      const token = messageToken(format, shape.tokens);
      if (token !== -1) found.byMessage = { token, value: messageToken(format, tokens), resolve, tokens };
    }
  }

  /** Makes room when there is none for more shapes. */
  tidy(): void {
    this.#scanner.tidy();
    this.#classes.tidy();
  }

  /** The plan of a class or of its message; undefined when it must go the ordinary way. */
  #planOf(found: LineClass, shape: LineShape, number: number): LinePlan | undefined {
    if (found.plan !== undefined) return found.plan ?? undefined;
    const plan = found.byMessage && this.#planByMessage(found, found.byMessage, shape);
    if (plan === undefined) this.#waiting = { shape, found, number };
    return plan ?? undefined;
  }

  #planByMessage({ id }: LineClass, by: ByMessage, shape: LineShape): LinePlan | null | undefined {
    const values = this.#values;
    const { bytes, scanner } = values;
    const start = scanner.starts[by.token] ?? 0;
    const end = scanner.ends[by.token] ?? 0;
    const isKept = end - start <= MAX_MESSAGE_BYTES;
    const known = isKept ? this.#messages.get(bytes, start, end, id) : undefined;
    if (known?.isOwn) {
      values.captured = known.captured;
      return known.plan;
    }
    const text = values.text(by.token);
    const found = known ?? (text === undefined ? undefined : this.#resolve(text, by, shape));
    if (!found || text === undefined) return undefined;
    values.captured = found.captured;
    if (known) this.#makeOwn(known, text, by, shape);
    else if (isKept) this.#messages.set(bytes, start, end, found, id);
    return found.plan;
  }

  #resolve(text: string, { resolve, tokens }: ByMessage, shape: LineShape): MessagePlan | undefined {
    const found = resolve(text);
    if (!found) return undefined;
    return { plan: this.#sharedPlan(shape, tokens, found.plan), captured: found.captured, isOwn: false };
  }

  /** Gives a message that came again a plan in which all that follows from it is written already. */
  #makeOwn(known: MessagePlan, text: string, { tokens, value }: ByMessage, shape: LineShape): void {
    known.isOwn = true;
    if (!known.plan) return;
    const example = { ...this.#exampleOf(shape, tokens), captured: known.captured, message: { text, value } };
    known.plan = planLine(known.plan.record, example, this.#writer, this.#buffer) ?? known.plan;
  }

  #sharedPlan(shape: LineShape, tokens: readonly Token[], plan: RecordPlan | null): LinePlan | null {
    if (!plan) return null;
    const { plans } = this.#plansOf(shape);
    const known = plans.get(plan);
    if (known !== undefined) return known;
    const made = planLine(plan, this.#exampleOf(shape, tokens), this.#writer, this.#buffer);
    plans.set(plan, made);
    return made;
  }

  #exampleOf(shape: LineShape, tokens: readonly Token[]): LineExample {
    const { caches } = this.#plansOf(shape);
    return { tokens: shape.tokens, places: this.#placesOf(shape, tokens), captured: [], message: undefined, caches };
  }

  /** Where the lines of a shape have the values of a record: the same for all plans of the shape. */
  #placesOf(shape: LineShape, tokens: readonly Token[]): readonly number[] {
    const { places } = this.#plansOf(shape);
    const known = places.get(tokens);
    if (known) return known;
    const made = placesOf(tokens, shape.tokens);
    places.set(tokens, made);
    return made;
  }

  #plansOf(shape: LineShape): ShapePlans {
    const known = this.#plans.get(shape);
    if (known) return known;
    const made: ShapePlans = { places: new WeakMap(), plans: new Map(), caches: new Map() };
    this.#plans.set(shape, made);
    return made;
  }
}

/** What a value decides in any of several formats. One answer for each name of the tables, which are read when the first line asks. */
function togetherOf(formats: readonly ProductFormat[]): FindControl {
  const known = new Map<string, FieldControl | undefined>();
  let finders: readonly FindControl[] | undefined;
  return (space, field) => {
    const key = `${space}:${field}`;
    if (known.has(key)) return known.get(key);
    finders ??= formats.map(({ product, format }) => findControls(product, format));
    const controls = finders.flatMap((find) => find(space, field) ?? []);
    const made = controls.length === 0 ? undefined : joinControls(controls);
    // Names of details may be anything.
    if (made || known.size < MAX_FREE_NAMES) known.set(key, made);
    return made;
  };
}

function joinControls(controls: readonly FieldControl[]): FieldControl {
  return {
    identity: controls.some(({ identity }) => identity),
    tests: [...new Set(controls.flatMap(({ tests }) => tests))],
  };
}

/** Whether the same is reported. */
function areSame(ones: readonly Issue[], others: readonly Issue[]): boolean {
  return (
    ones.length === others.length &&
    ones.every(({ code, message }, at) => code === others[at]?.code && message === others[at]?.message)
  );
}

function messageToken({ message = [] }: FormatRule, tokens: readonly Token[]): number {
  for (const { field, in: space = 'fields' } of message) {
    const token = indexOfToken(tokens, space, field);
    if (token !== -1) return token;
  }
  return -1;
}

/** The lane of the formats of some decoders; undefined when there is none. */
export function createLane(
  decoders: readonly FormatRule['decoder'][],
  create: CreateScanner,
  products: readonly Product[],
  buffer: RecordBuffer,
  writer: PlanWriter,
  known?: KnownLines,
): LineLane | undefined {
  const formats = products.flatMap((product) =>
    product.formats.filter(({ decoder }) => decoders.includes(decoder)).map((format) => ({ product, format })),
  );
  const scanner = create(formats, togetherOf(formats), products);
  return scanner && formats.length > 0 ? new LineLane(scanner, formats, buffer, writer, known) : undefined;
}
