import type { FormatRule, Product } from '@cryptrail/catalogue';
import { ALL_PARTS } from './all-parts.ts';
import { plainBytes } from './bytes.ts';
import { compileProduct, mapOptionsOf, systemNanos } from './compile-product.ts';
import { CompiledProducts } from './compiled-products.ts';
import { createAssembler } from './decode/assemble.ts';
import { fieldsOf } from './decode/fields-of.ts';
import { bareText, type LineStart, type LineTaker } from './decode/frame.ts';
import { createJsonDecoder } from './decode/json.ts';
import { createLineReader, type ReadLine } from './decode/line-formats.ts';
import { withOrder } from './decode/own-order.ts';
import { frameOf } from './decode/read-frame.ts';
import { DirectEncoder, type EncodedRun, type EncodeRecord } from './direct/direct-encoder.ts';
import { ForeignTexts } from './direct/foreign-texts.ts';
import type { TakenLines } from './direct/line-store.ts';
import { PlanMapper } from './direct/plan-mapper.ts';
import { keyBytes, written } from './direct/record-buffer.ts';
import type { WrittenPlace } from './direct/record-plan.ts';
import type { Evidence, EvidenceFinding, InputName, SavedState } from './evidence.ts';
import type { Entry, Row, RowTaker } from './forms/form.ts';
import { openByContent } from './forms/forms.ts';
import { type Cell, rowEntry, rowText } from './forms/row.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { placeFinding, recogniseFinding } from './map/finding.ts';
import { brokenRecord, foreignRecord } from './map/foreign.ts';
import { positionAttributes } from './map/position.ts';
import { createResourceStore } from './map/resource.ts';
import type { AttributeValue, Frame, LogRecord, Position, Recognition } from './records.ts';
import { compileTextRedactor } from './redact/message.ts';
import { createCutFinder, createStanding, earliestOf } from './resume.ts';
import { createUnwrapper, unwrapOne } from './unwrap/unwrapper.ts';

/** Options of {@link createPipeline}. */
export interface PipelineOptions {
  /** Products that may occur. */
  readonly products: readonly Product[];
  /** Id of the one product that all input is of. Default: each line is recognised by itself. */
  readonly product?: string;
  /** Application of the product, where records do not tell. */
  readonly application?: string;
  /** IANA zone of layouts that print none. Default `UTC`. */
  readonly timeZone?: string;
  /** The order of values in logs whose pattern an administrator configured, e.g. `AUDIT;${LOG_ID};${WORKER_ID}`. */
  readonly logOrder?: string;
  /** `source` (default): severity as printed; `catalogue`: raised to the floor of the event. */
  readonly severity?: 'source' | 'catalogue';
  /** Adds `log.record.original`, redacted. Default false. */
  readonly original?: boolean;
  /** Adds `cryptrail.attack.technique_ids`. Default false. */
  readonly attack?: boolean;
  /** Keeps certificates and other large blobs. Default false. */
  readonly blobs?: boolean;
  readonly limits?: Partial<Limits>;
  /** Id of the form of all input, e.g. `lines`. Default: told by the content of each. */
  readonly input?: string;
  /** Gets the raw line of every record that could not be read (`unparsed`), e.g. to keep it for repair. Not redacted: secrets cannot be located in it. */
  readonly onUnreadable?: (line: Frame) => void;
  /** Gets every record of a known product beside what was read of it, before anything is redacted: for verification, never for output. */
  readonly onRecognition?: (recognition: Recognition, record: LogRecord) => void;
  /** Verifies the evidence in the records: adds `cryptrail.integrity.status`, and records of its own where it does not hold. */
  readonly evidence?: Evidence;
  /** Time of reading in nanoseconds since 1970. Default: the clock of the runtime. */
  readonly now?: () => bigint;
}

/** Counts of one input; findings of the evidence are not among them. `records` = `events` + `foreign` + `unparsed`; `truncated` records are counted where they would be if they were whole. */
export interface Counts {
  readonly records: number;
  /** Records of a known product that could be read. */
  readonly events: number;
  readonly foreign: number;
  readonly unparsed: number;
  readonly blank: number;
  readonly bytes: number;
}

/** One input being read. */
export interface Reader {
  /** Records completed by these bytes. */
  push(chunk: Uint8Array): LogRecord[];
  /** Records of one row that a database gave: its column names, and a cell for each, null for NULL. Numbers are given as digits, so that none is rounded. */
  pushRow(columns: readonly string[], cells: readonly Cell[]): LogRecord[];
  /** Records that wait for more of their lines, given out because nothing has come for a while. A line that has not ended stays held. */
  settle(): LogRecord[];
  /** What is left when the input ends. */
  end(): LogRecord[];
  /** Another way to read the same input: records come encoded, which costs a fraction where nobody needs them as objects. Use one way or the other. */
  encoded(encode: EncodeRecord): EncodedReader;
  readonly counts: Counts;
  /** Where to go on in order to get what was not given out yet, and no record twice. */
  readonly resume: ResumePoint;
}

/** What {@link Reader} does, with encoded records. The bytes of these are lent: they hold until a reader of the same pipeline is called the next time. */
export interface EncodedReader {
  push(chunk: Uint8Array): EncodedRun[];
  settle(): EncodedRun[];
  end(): EncodedRun[];
}

/** Takes records that are offered by their bytes before they are read. */
interface OfferedTaker extends RecordTaker {
  /** Whether a line begins like one that {@link takeLine} takes. */
  readonly mayTake: (bytes: Uint8Array, start: number, end: number) => boolean;
  /** Whether a line begins something of its own for certain. */
  readonly begins: (bytes: Uint8Array, start: number, end: number) => boolean;
  /** Takes the record that begins in a line; -1 when it must be read first. */
  readonly takeLine: LineTaker['take'];
  /** Takes the lines from here on that are like others before them, as far as there are any. */
  readonly takeKnown?: (
    bytes: Uint8Array,
    start: number,
    stop: number,
    offset: number,
    number: number,
  ) => TakenLines | undefined;
  /** Whether what {@link takeLine} took last holds more than ASCII. */
  readonly tookUtf8: () => boolean;
  /** Whether that was a line that no product knows. */
  readonly tookForeign: () => boolean;
}

/** Takes records, encoded. */
interface EncodedTaker extends OfferedTaker {
  /** Other bytes are read, now. */
  begin(): void;
  /** Takes a row of a table; -1 when it must be read first. */
  readonly takeRow: RowTaker['take'];
  /** What was taken since the last time. */
  runs(): EncodedRun[];
}

/** Takes what was read of an input, record by record. */
interface RecordTaker {
  take(read: ReadLine, frame: Frame): void;
}

/**
 * A place in an input at which it can be taken up: small and ready for JSON. With an offset, the bytes from there on are all that is needed. Without
 * one (tables, journal entries) the input must be given from its beginning, and what stands before `number` is passed over.
 */
export interface ResumePoint extends Position {
  /** How the bytes above ASCII are to be read, as what came before has told; absent when it told nothing. */
  readonly encoding?: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** Where the evidence stands. A secret: whoever reads it may be able to go on with a chain. */
  readonly evidence?: SavedState;
}

/** Bytes or text in, records out. Nothing throws on input. */
export interface Pipeline {
  /** Starts reading one input. `from`: where its first byte stands, when that is not its beginning, or how many of its entries are known already. */
  open(input?: InputName, from?: ResumePoint): Reader;
  /** One record given as text, e.g. the body of a record that is already in an SDK. Blank text gives undefined. */
  readText(text: string): LogRecord | undefined;
  /** One record given as a parsed JSON object. */
  readObject(value: Readonly<Record<string, unknown>>): LogRecord;
  /** As {@link readText} for records of a product, broken ones included; undefined for any other, which costs far less where most are not. */
  findText(text: string): LogRecord | undefined;
  /** As {@link readObject} for records of a product; undefined for any other. */
  findObject(value: Readonly<Record<string, unknown>>): LogRecord | undefined;
  /** When all inputs are read: what the evidence says of them together. Nothing without {@link PipelineOptions.evidence}. */
  finish(): LogRecord[];
}

/** No line that is remembered, nor one like it, is so long. */
const LONG_LINE = 65_536;

type Attributes = [string, AttributeValue][];
type Members = Readonly<Record<string, unknown>>;

/**
 * Builds the pure pipeline: frame → decode → recognise → map → redact. The only place that knows the order of the steps.
 *
 * @example
 * ```ts
 * const pipeline = createPipeline({ products });
 * const reader = pipeline.open({ name: 'acra.log' });
 * const records = [...reader.push(bytes), ...reader.end()];
 * ```
 */
export function createPipeline(options: PipelineOptions): Pipeline {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { product: chosen, logOrder, blobs = false } = options;
  const products = options.products
    .filter(({ id }) => chosen === undefined || id === chosen)
    .map((product) => (logOrder === undefined ? product : withOrder(product, logOrder)));
  const { now = systemNanos } = options;
  const decodeJson = createJsonDecoder();
  const lines = createLineReader(products, chosen !== undefined, decodeJson);
  const resources = createResourceStore();
  const redactForeign = compileTextRedactor(products.map(({ redaction }) => redaction));
  const mapOptions = mapOptionsOf(options);
  const { timeZone } = mapOptions;
  const internal = options.products.filter(({ kind }) => kind === 'internal');
  const compiled = new CompiledProducts([...products, ...internal], (product) =>
    compileProduct(product, { limits, blobs }, ALL_PARTS, mapOptions, resources),
  );

  /** Lines that are like one that was read may be longer than that, and too long. */
  const isTight = Math.min(limits.maxLineBytes, limits.maxRecordBytes) < LONG_LINE;
  /** Whether nobody asks for more than the record itself. */
  const isPlain = !options.evidence && !options.onRecognition;
  /** Whether there are plans at all: none says what a line was before. */
  const isPlanned = isPlain && !mapOptions.original;
  const planned = new PlanMapper(compiled, options.application, now);
  const encoders = new WeakMap<EncodeRecord, DirectEncoder>();
  const foreign = new ForeignTexts(products);

  /** The record by a plan where there is one, else in the ordinary way. */
  function makeRecord(read: ReadLine, frame: Frame, place: Place, found?: LogRecord[]): LogRecord {
    const observedTimeUnixNano = now();
    const ordinary = () => toRecord(read, frame, place, found, observedTimeUnixNano);
    if (!isPlanned || read.kind !== 'record') return ordinary();
    const extra = transportAttributes(frame, place, read.format);
    return planned.map({ read, extra, observedTimeUnixNano, ordinary }) ?? ordinary();
  }

  /** `found`: takes the findings of the evidence, which is not asked without it: texts given one by one are no log. */
  function toRecord(
    read: ReadLine,
    frame: Frame,
    place: Place,
    found?: LogRecord[],
    observedTimeUnixNano = now(),
  ): LogRecord {
    const extra = transportAttributes(frame, place, read.kind === 'record' ? read.format : undefined);
    const evidence = found && options.evidence;
    const parts = read.kind === 'record' ? compiled.get(read.product.id) : undefined;
    if (read.kind !== 'record' || !parts) {
      const verdict = evidence?.check(frame, undefined, place.input);
      if (verdict?.attributes) extra.push(...verdict.attributes);
      const record = unreadRecord(read, frame, extra, observedTimeUnixNano);
      if (verdict) found?.push(...verdict.findings.flatMap(findingAt(record, extra)));
      return record;
    }
    const recognition = parts.recognise(read.record, read.format, options.application);
    const verdict = evidence?.check(frame, recognition, place.input);
    if (verdict?.status !== undefined) extra.push(['cryptrail.integrity.status', verdict.status]);
    if (verdict?.attributes) extra.push(...verdict.attributes);
    const record = parts.map(recognition, observedTimeUnixNano, extra);
    options.onRecognition?.(recognition, record);
    if (verdict && verdict.findings.length > 0) found?.push(...verdict.findings.flatMap(findingAt(record, extra)));
    return record;
  }

  function unreadRecord(read: ReadLine, frame: Frame, extra: Attributes, observedTimeUnixNano: bigint): LogRecord {
    const context = { timeZone, original: mapOptions.original, redactText: redactForeign, observedTimeUnixNano, extra };
    if (read.kind === 'broken') {
      options.onUnreadable?.(frame);
      return brokenRecord(frame, read.product, read.problem, resources, context);
    }
    return foreignRecord(frame, read.kind === 'foreign' ? read.layout : undefined, context);
  }

  /** Makes a finding a record in the place of the one at which it showed. */
  function findingAt(record: LogRecord | undefined, extra: Attributes): (finding: EvidenceFinding) => LogRecord[] {
    const position = extra.filter(([name]) => name.startsWith('log.'));
    return (finding) => {
      const recognition = recogniseFinding(finding, internal);
      const parts = recognition && compiled.get(recognition.product.id);
      return parts ? [placeFinding(parts.map(recognition, now(), position), record)] : [];
    };
  }

  /** What one input has taught serves the next one, too. */
  function encoderOf(encode: EncodeRecord): DirectEncoder {
    const known = encoders.get(encode);
    if (known) return known;
    const foreign = mapOptions.original ? undefined : { products, timeZone };
    const made = new DirectEncoder(compiled, options.application, encode, foreign);
    encoders.set(encode, made);
    return made;
  }

  /** Takes the records of a reader as objects. */
  function takeRecords(place: Place): OfferedTaker & { readonly records: LogRecord[] } {
    const records: LogRecord[] = [];
    planned.begin();
    return {
      records,
      mayTake: (bytes, start, end) => isPlanned && planned.mayBegin(bytes, start, end),
      begins: (bytes, start, end) => planned.begins(bytes, start, end),
      takeLine(bytes, start, end, stop, offset, number) {
        const done = planned.takeLine(bytes, start, end, stop, offset, number, place.named);
        if (done >= 0 && planned.taken) records.push(planned.taken);
        return done;
      },
      tookUtf8: () => planned.isBeyondAscii,
      tookForeign: () => false,
      take(read, frame) {
        records.push(makeRecord(read, frame, place, records));
      },
    };
  }

  /** Takes the records of a reader encoded: by a plan where there is one, else one by one. */
  function takeEncoded(place: Place, encode: EncodeRecord): EncodedTaker {
    const encoder = encoderOf(encode);
    const written = writtenPlace(place);
    let observed = 0n;
    return {
      begin() {
        observed = now();
        encoder.begin();
      },
      mayTake: (bytes, start, end) => isPlain && encoder.mayBegin(bytes, start, end),
      begins: (bytes, start, end) => encoder.begins(bytes, start, end),
      takeLine: (bytes, start, end, stop, offset, number) =>
        encoder.writeLine(bytes, start, end, stop, offset, number, written, observed),
      takeKnown: (bytes, start, stop, offset, number) =>
        encoder.writeKnown(bytes, start, stop, offset, number, written, observed),
      tookUtf8: () => encoder.isBeyondAscii,
      tookForeign: () => encoder.tookForeign,
      takeRow: (bytes, start, stop, number, table) =>
        isPlain ? encoder.writeRow(bytes, start, stop, number, table, written, observed) : -1,
      take(read, frame) {
        const ordinary = () => toRecord(read, frame, place, undefined, observed);
        const at = frame.outer ? encoder.placesIn(written).of(frame.outer) : written;
        if (isPlain && at && read.kind === 'record') {
          const task = { read, place: at, observedTimeUnixNano: observed, ordinary };
          if (encoder.write(task)) return;
        }
        const found: LogRecord[] = [];
        found.push(toRecord(read, frame, place, found, observed));
        for (const record of found) encoder.add(record);
      },
      runs: () => encoder.take(),
    };
  }

  function open(input: InputName = {}, from: ResumePoint = BEGINNING): Reader {
    const source = openByContent(limits, options.input, lineStart(from));
    const passedOver = from.offset === undefined ? from.number : 0;
    const place = placeOf(input);
    if (from.evidence !== undefined) options.evidence?.resume?.(input, from.evidence);
    const unwrapper = createUnwrapper(limits, decodeJson);
    const assembler = createAssembler(products, limits);
    const counts = { records: 0, events: 0, foreign: 0, unparsed: 0, blank: 0, bytes: 0 };
    const count = (read: ReadLine) => {
      counts.records += 1;
      counts[read.kind === 'record' ? 'events' : read.kind === 'broken' ? 'unparsed' : 'foreign'] += 1;
      return read;
    };
    const cuts = createCutFinder(from);
    const { evidence } = options;
    const standing = evidence?.snapshot && createStanding(() => evidence.snapshot?.(input));
    const held = () =>
      earliestOf([source.next, ...[unwrapper.earliest, assembler.earliest].flatMap((one) => one ?? [])]) ?? source.next;
    const addLine = (frame: Frame, taker: RecordTaker) => {
      if (bareText(frame.text) === '' && !frame.withheld) counts.blank += 1;
      else taker.take(count(lines.read(frame)), frame);
    };
    const addLines = (frames: readonly Frame[], taker: RecordTaker) => {
      for (const frame of frames) if (frame.lastNumber !== undefined) cuts.note(frame, held);
      for (const frame of frames) {
        standing?.note(frame, held);
        addLine(frame, taker);
      }
    };
    /** Nothing waits for more of its lines: asked once, and again when a line was read in the ordinary way. */
    let isClear = false;
    const addUnwrapped = (frames: readonly Frame[], taker: RecordTaker) => {
      isClear = false;
      for (const frame of frames) addLines(assembler.push(frame), taker);
    };
    const addRow = (row: Row, taker: RecordTaker) => {
      const frame = rowFrame(row);
      const read = count(lines.readRow(row, frame));
      taker.take(read, read.kind === 'foreign' ? unknownRow(row, frame) : frame);
    };
    const addEntries = (entries: readonly Entry[], taker: RecordTaker) => {
      for (const entry of entries) {
        if (positionOf(entry).number < passedOver) continue;
        if (entry.kind === 'line') addUnwrapped(unwrapper.push(entry.frame), taker);
        else addRow(entry.row, taker);
      }
    };
    const pushChunk = (chunk: Uint8Array, taker: RecordTaker) => {
      addEntries(source.push(chunk), taker);
    };
    const countTaken = (isForeign: boolean, records = 1) => {
      counts.records += records;
      if (isForeign) counts.foreign += records;
      else counts.events += records;
    };
    /** Lines are taken where they stand, as far as nothing before them waits for more. */
    const isClearBefore = (bytes: Uint8Array, start: number, end: number, taker: OfferedTaker): boolean => {
      if (!unwrapper.idle) return false;
      if (assembler.idle) return true;
      if (!taker.begins(bytes, start, end)) return false;
      addLines(assembler.closeBare(), taker);
      return assembler.idle;
    };
    const lineTaker = (taker: OfferedTaker): LineTaker => ({
      take(bytes, start, end, stop, offset, number) {
        if (!isClear && !isClearBefore(bytes, start, end, taker)) return -1;
        isClear = true;
        const last = Math.min(stop, start + limits.maxRecordBytes);
        const done = taker.takeLine(bytes, start, end, last, offset, number);
        if (done >= 0) countTaken(taker.tookForeign());
        return done;
      },
      takeKnown(bytes, start, end, stop, offset, number) {
        if (!taker.takeKnown || isTight || (!isClear && !isClearBefore(bytes, start, end, taker))) return undefined;
        isClear = true;
        const known = taker.takeKnown(bytes, start, stop, offset, number);
        if (known) countTaken(false, known.records);
        return known;
      },
      tookUtf8: () => taker.tookUtf8(),
      give: (frame) => addUnwrapped(unwrapper.push(frame), taker),
    });
    const rowTaker = (taker: EncodedTaker): RowTaker => ({
      take(bytes, start, stop, number, table) {
        const done = number < passedOver ? -1 : taker.takeRow(bytes, start, stop, number, table);
        if (done !== -1) countTaken(taker.tookForeign());
        return done;
      },
      give: (entry) => addEntries([entry], taker),
    });
    /** Lines are offered one by one where most of them begin like those that can be taken as they stand. */
    const offersLines = (chunk: Uint8Array, taker: OfferedTaker, takesLines: LineTaker): boolean =>
      passedOver <= 1 && mayTakeAny(chunk, taker) && source.offer?.(chunk, takesLines) === true;
    const settle = (taker: RecordTaker) => {
      addEntries(source.settle?.() ?? [], taker);
      addLines(assembler.end(), taker);
    };
    const addRest = (taker: RecordTaker) => {
      addEntries(source.end(), taker);
      addUnwrapped(unwrapper.end(), taker);
      addLines(assembler.end(), taker);
    };
    let rows = 0;
    return {
      get counts() {
        return { ...counts };
      },
      get resume() {
        const cut = cuts.cut(held());
        const encoding = cut.offset === undefined ? undefined : source.encodingBefore?.(cut.number);
        const stands = standing?.at(cut);
        return { ...cut, ...(encoding ? { encoding } : {}), ...(stands === undefined ? {} : { evidence: stands }) };
      },
      push(chunk) {
        const taker = takeRecords(place);
        counts.bytes += chunk.length;
        const told = source.tell(plainBytes(chunk));
        if (told && !offersLines(told, taker, lineTaker(taker))) pushChunk(told, taker);
        return taker.records;
      },
      pushRow(columns, cells) {
        const taker = takeRecords(place);
        rows += 1;
        const original = rowText(columns, cells);
        counts.bytes += original.length;
        addEntries([rowEntry(columns, cells, rows, original)], taker);
        return taker.records;
      },
      settle() {
        const taker = takeRecords(place);
        settle(taker);
        return taker.records;
      },
      end() {
        const taker = takeRecords(place);
        addRest(taker);
        return taker.records;
      },
      encoded(encode) {
        const taker = takeEncoded(place, encode);
        const runsOf = (read: () => void) => {
          taker.begin();
          read();
          return taker.runs();
        };
        const takesLines = lineTaker(taker);
        const takesRows = rowTaker(taker);
        const isOffered = (chunk: Uint8Array) =>
          source.offerRows?.(chunk, takesRows) === true || offersLines(chunk, taker, takesLines);
        return {
          push: (chunk) =>
            runsOf(() => {
              counts.bytes += chunk.length;
              const told = source.tell(plainBytes(chunk));
              if (told && !isOffered(told)) pushChunk(told, taker);
            }),
          settle: () => runsOf(() => settle(taker)),
          end: () => runsOf(() => addRest(taker)),
        };
      },
    };
  }

  function readOne(text: string, isWanted: (read: ReadLine) => boolean): LogRecord | undefined {
    if (bareText(text) === '') return undefined;
    const frame = unwrapOne(frameOf(text), decodeJson);
    const read = lines.read(frame);
    return isWanted(read) ? makeRecord(read, frame, NOWHERE) : undefined;
  }

  function readMembers(value: Members): LogRecord;
  function readMembers(value: Members, isWanted: (read: ReadLine) => boolean): LogRecord | undefined;
  function readMembers(value: Members, isWanted = (_: ReadLine) => true): LogRecord | undefined {
    const frame = frameOf('');
    const read = lines.readFields(fieldsOf(value), frame);
    return isWanted(read) ? makeRecord(read, frame, NOWHERE) : undefined;
  }

  const takeText = (text: string) => (isPlanned ? planned.takeText(text) : undefined);
  const takeObject = (value: Members) => (isPlanned ? planned.takeObject(value, isBare) : undefined);

  function isBare(text: string): boolean {
    const frame = frameOf(text);
    return unwrapOne(frame, decodeJson) === frame;
  }

  return {
    open,
    readText: (text) => takeText(text) ?? readOne(text, () => true),
    findText: (text) => takeText(text) ?? (foreign.has(text) ? undefined : readOne(text, isOfProduct)),
    readObject: (value) => takeObject(value) ?? readMembers(value),
    findObject: (value) => takeObject(value) ?? readMembers(value, isOfProduct),
    finish: () => (options.evidence?.finish() ?? []).flatMap(findingAt(undefined, [])),
  };
}

const LF = 0x0a;
const BEGINNING: ResumePoint = { offset: 0, number: 1 };

/** Lines at the beginning of a chunk among which one is looked for that may be taken: the first one may be torn, and records of several lines go on in others. */
const FIRST_LINES = 64;

function mayTakeAny(chunk: Uint8Array, taker: OfferedTaker): boolean {
  let start = chunk.indexOf(LF) + 1;
  for (let lines = 0; lines < FIRST_LINES; lines += 1) {
    const end = chunk.indexOf(LF, start);
    if (end === -1) return false;
    if (taker.mayTake(chunk, start, end)) return true;
    start = end + 1;
  }
  return false;
}

/** What begins at 0 is told by its content. */
function lineStart({ offset, number, encoding }: ResumePoint): LineStart | undefined {
  return offset ? { offset, number, ...(encoding ? { encoding } : {}) } : undefined;
}

function isOfProduct(read: ReadLine): boolean {
  return read.kind === 'record' || (read.kind === 'broken' && read.product !== undefined);
}

function positionOf(entry: Entry): Position {
  return entry.kind === 'line' ? entry.frame.position : entry.row.position;
}

function rowFrame({ original, position, outer }: Row): Frame {
  return { text: original, position, byteLength: original.length, ...(outer ? { outer } : {}) };
}

/** A row of a table that no product writes, e.g. of other tables in a dump: what it holds may be anything, so its values never leave. */
function unknownRow({ fields }: Row, frame: Frame): Frame {
  const names = [...fields.keys()].slice(0, 20).map((name) => name.slice(0, 64));
  return { ...frame, text: `A row of a table that is not known, with ${fields.size} columns: ${names.join(', ')}` };
}

/** An input, and the attributes that all its records share. */
interface Place {
  readonly input: InputName;
  readonly named: Attributes;
}

const NOWHERE: Place = { input: {}, named: [] };

function placeOf(input: InputName): Place {
  const { name, path } = input;
  const named: Attributes = [];
  if (name !== undefined) named.push(['log.file.name', name]);
  if (path !== undefined) named.push(['log.file.path', path]);
  return { input, named };
}

function writtenPlace({ named }: Place): WrittenPlace {
  const bytes = written((buffer) => {
    for (const [name, value] of named) buffer.attribute(keyBytes(name), value);
  });
  return { named: bytes, positions: named.length > 0, isWrapped: false };
}

function transportAttributes({ position, outer }: Frame, { named }: Place, format: FormatRule | undefined): Attributes {
  const attributes: Attributes = outer?.attributes ? [...outer.attributes] : [];
  if (outer?.stream) attributes.push(['log.iostream', outer.stream]);
  // A row has a number; where its text begins in a file depends on how it was exported.
  const { number } = position;
  for (const one of positionAttributes(named, format?.decoder === 'row' ? { number } : position)) attributes.push(one);
  return attributes;
}
