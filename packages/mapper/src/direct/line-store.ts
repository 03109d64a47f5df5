import { ascii, NO_BYTES } from '../bytes.ts';
import type { KnownLinesTaken } from '../decode/frame.ts';
import { zoneOffsetSeconds } from '../map/time-zone.ts';
import type { Resource } from '../records.ts';
import { KNOWN_LINES } from './known-lines.generated.ts';
import type { PlaceTemplate, PlaceWriter } from './place-writer.ts';
import type { WrittenPlace } from './record-plan.ts';

/** A part of a line: a text, or a value that is another one in other lines. */
export type LinePart =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  /** Bytes of one form: `0` stands for any digit. */
  | { readonly kind: 'formed'; readonly form: Uint8Array }
  /** Up to 15 digits; a number does not begin with 0, unless it is that. */
  | { readonly kind: 'digits' | 'number' }
  /** Letters, digits and `+ - . / @ _`, at most so many, with nothing in it that {@link LineStore.forbid} was given. */
  | { readonly kind: 'word'; readonly length: number }
  /** So many hexadecimal digits. */
  | { readonly kind: 'hex'; readonly length: number };

/** How the time of a line is written. Values are numbers of the parts that are values, in their order. */
export interface KnownTime {
  readonly form: 'unix_seconds' | 'epoch_millis' | 'iso' | 'digit_groups';
  readonly value: number;
  /** The time of a layout, which has the nanoseconds. */
  readonly beside: number | undefined;
  /** Undefined: UTC. */
  readonly timeZone: string | undefined;
}

/** A step of writing what stands between the time of a record and its place. */
export type KnownStep =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'value'; readonly value: number }
  /** An attribute up to its value (see `textHead` and `intHead`), and the value. */
  | { readonly kind: 'textAttribute' | 'intAttribute'; readonly value: number; readonly head: Uint8Array }
  /** An attribute up to its text, or the body, whose parts follow: so many bytes, and these values. `head`: see `textHead`; the tags of the body. */
  | {
      readonly kind: 'attribute' | 'body';
      readonly length: number;
      readonly values: readonly number[];
      readonly head: Uint8Array;
    };

/** Lines that differ in nothing but some values, and how their records are written. */
export interface KnownLine {
  readonly parts: readonly LinePart[];
  /** Undefined where the record has none. */
  readonly time: KnownTime | undefined;
  readonly steps: readonly KnownStep[];
  /** Between the place of the record and the time of reading; what stands last. */
  readonly status: Uint8Array;
  readonly eventName: Uint8Array;
  /** Values that are the ids of trace and span. */
  readonly traceId: number | undefined;
  readonly spanId: number | undefined;
  readonly resource: Resource;
  /** It has ended only where another one begins. */
  readonly waits: boolean;
  readonly isBeyondAscii: boolean;
}

/** What {@link LineStore.take} has written. */
export interface TakenLines extends KnownLinesTaken {
  readonly records: number;
}

/** What the compiled walk exports: see `wasm/known-lines.ts`, which says what its areas hold. */
interface Walk {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  take(start: number, stop: number, offset: number, number: number): number;
  slotOf(key: number): number;
  setObserved(length: number): void;
  readonly [name: string]: unknown;
}

/** What every runtime has that runs it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

const ROOT = 1;
/** Lines that are not kept, though there is room. */
const NOWHERE = 0;
const PAGE = 65_536;
const PAGES_AT_ONCE = 16;
/** Room for texts. */
const MAX_TEXTS = 6_000_000;
/** With a longer one there might be no room for a record. */
const LONGEST_PLACE = 4096;
/** What is compared or copied in one go may go beyond a text. */
const SLACK = 16;
/** Values that are tried one after the other: whoever makes up more of them has his lines kept no more. */
const MOST_EDGES = 48;
/** Children of nodes are found by their hash, as long as half of the table is free. */
const MAX_LOAD = 2;

/** Numbers of a node. */
const TEXT_AT = 0;
const LENGTH = 1;
const TEMPLATE = 2;
const EDGE = 3;
const CHILDREN = 4;
const BEGINS = 5;
/** Numbers of an edge. */
const KIND = 0;
const FORM = 1;
const EDGE_LENGTH = 2;
const EDGE_NODE = 3;
const NEXT = 4;

/** The tree of lines that are known, in the memory of the compiled walk, which takes the lines that stand in it. */
export class LineStore {
  readonly #walk: Walk;
  readonly #sizes: ReturnType<typeof sizesOf>;
  #bytes = NO_BYTES;
  #ints = new Int32Array();
  #nodes = 0;
  #edges = 0;
  #children = 0;
  #templates = 0;
  #textsEnd = 0;
  readonly #resources: Resource[] = [];
  readonly #zones: string[] = [];
  #words = 0;
  #place: WrittenPlace | undefined;
  #observed: Uint8Array | undefined;
  /** The bytes that stand in the memory, and from where to where. */
  #loaded: Uint8Array | undefined;
  #from = 0;
  #to = 0;

  /** Where the bytes of places stand. */
  #placeTexts = new WeakMap<PlaceTemplate, number>();

  private constructor(walk: Walk, sizes: ReturnType<typeof sizesOf>) {
    this.#walk = walk;
    this.#sizes = sizes;
    this.#begin();
  }

  /** Undefined where the runtime does not run the walk. */
  static create(): LineStore | undefined {
    const { WebAssembly: api } = globalThis as { WebAssembly?: WebAssemblyApi };
    if (!api) return undefined;
    let store: LineStore | undefined;
    const zoneOffset = (zone: number, civil: number): number => store?.zoneOffset(zone, civil) ?? Number.NaN;
    try {
      const code = Uint8Array.from(atob(KNOWN_LINES), (sign) => sign.charCodeAt(0));
      const { exports } = new api.Instance(new api.Module(code), { env: { zoneOffset } });
      store = new LineStore(exports as Walk, sizesOf(exports as Walk));
    } catch {
      // A page may forbid it.
    }
    return store;
  }

  /** Seconds east of UTC at a civil time. */
  zoneOffset(zone: number, civil: number): number {
    return zoneOffsetSeconds(civil, this.#zones[zone] ?? 'UTC');
  }

  /** Forgets all lines. */
  clear(): void {
    const { nodes, nodeSize, children, maxChildren, places, placesEnd } = this.#sizes;
    this.#ints.fill(0, children / 4, children / 4 + maxChildren * 2);
    this.#ints.fill(0, places / 4, placesEnd / 4);
    this.#ints.fill(0, (nodes + ROOT * nodeSize) / 4, (nodes + (ROOT + 1) * nodeSize) / 4);
    this.#begin();
  }

  #begin(): void {
    this.#look();
    this.#nodes = ROOT;
    this.#edges = 0;
    this.#children = 0;
    this.#templates = 0;
    this.#textsEnd = this.#sizes.texts;
    this.#resources.length = 0;
    this.#zones.length = 0;
    this.#place = undefined;
    this.#placeTexts = new WeakMap();
  }

  /** Whether there is no room for more texts, such as those of places. */
  get isFull(): boolean {
    return this.#textsEnd - this.#sizes.texts >= MAX_TEXTS;
  }

  /** Other bytes are read, which may stand in the same memory. */
  forgetBytes(): void {
    this.#loaded = undefined;
  }

  /** Takes the lines from `start` on as far as they are known. `stop`: behind a line break. The records are at {@link written}. */
  take(
    bytes: Uint8Array,
    start: number,
    stop: number,
    offset: number,
    number: number,
    place: WrittenPlace,
    places: PlaceWriter,
    observed: Uint8Array,
  ): TakenLines {
    if (this.#loaded !== bytes || start < this.#from || start >= this.#to) this.#load(bytes, start, stop);
    if (observed !== this.#observed) this.#setObserved(observed);
    this.#setPlace(offset, number, place, places);
    const { lines } = this.#sizes;
    const shift = lines - this.#from;
    const end = this.#walk.take(start + shift, this.#to + shift, offset, number) - shift;
    const of = (name: string) => numberOf(this.#walk[name]);
    return { end, lines: of('lines'), records: of('records'), utf8: of('utf8') };
  }

  /** The records that were written last. */
  get written(): Uint8Array {
    return this.#bytes.subarray(this.#sizes.records, numberOf(this.#walk.written));
  }

  /** Calls back for each run of records of one resource: where it begins among them, and how many it has. */
  forEachRun(call: (resource: Resource, start: number, count: number) => void): void {
    const { runs, runSize, records } = this.#sizes;
    const count = numberOf(this.#walk.runs);
    for (let run = 0; run < count; run += 1) {
      const at = (runs + run * runSize) / 4;
      const resource = this.#resources[this.#ints[at] ?? 0];
      if (resource) call(resource, (this.#ints[at + 1] ?? 0) - records, this.#ints[at + 2] ?? 0);
    }
  }

  /** No word holds one of these, which begin with three letters, in lower case. False: there is no room for them. */
  forbid(words: readonly Uint8Array[]): boolean {
    const { trigrams, words: start, wordSize, maxWords } = this.#sizes;
    if (this.#words + words.length >= maxWords) return false;
    for (const word of words) {
      const begin = word.subarray(0, wordSize - 1);
      const at = start + this.#words * wordSize;
      this.#words += 1;
      this.#bytes[at] = begin.length;
      this.#bytes.set(begin, at + 1);
      const [one = 0, two = 0, three = 0] = begin;
      const trigram = ((one & 0x1f) << 10) | ((two & 0x1f) << 5) | (three & 0x1f);
      const place = trigrams + (trigram >> 3);
      this.#bytes[place] = (this.#bytes[place] ?? 0) | (1 << (trigram & 7));
    }
    return true;
  }

  /** Adds lines, unless there are too many kinds of values where one of theirs stands; false when there is no room for them. */
  add(line: KnownLine): boolean {
    if (!this.#hasRoom(line.parts)) return false;
    const end = this.#behind(line.parts);
    if (end !== NOWHERE && this.#node(end, TEMPLATE) === 0) this.#setNode(end, TEMPLATE, this.#addTemplate(line));
    return true;
  }

  /** Adds what lines begin with that begin a record for certain; false when there is no room for it. */
  addHead(parts: readonly LinePart[]): boolean {
    if (!this.#hasRoom(parts)) return false;
    const end = this.#behind(parts);
    if (end !== NOWHERE) this.#setNode(end, BEGINS, 1);
    return true;
  }

  #hasRoom({ length }: readonly LinePart[]): boolean {
    const { maxNodes, maxEdges, maxChildren, maxTemplates } = this.#sizes;
    return (
      this.#nodes + 2 * length < maxNodes &&
      this.#edges + length < maxEdges &&
      (this.#children + 2 * length) * MAX_LOAD < maxChildren &&
      this.#templates + 1 < maxTemplates &&
      !this.isFull
    );
  }

  /** The node behind all of these parts, or {@link NOWHERE}. */
  #behind(parts: readonly LinePart[]): number {
    let node = ROOT;
    for (const part of parts) {
      if (node === NOWHERE) return NOWHERE;
      node = part.kind === 'text' ? this.#behindText(node, part.bytes) : this.#behindValue(node, part);
    }
    return node;
  }

  #look(): void {
    const { buffer } = this.#walk.memory;
    if (this.#bytes.buffer === buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#ints = new Int32Array(buffer);
  }

  #load(bytes: Uint8Array, start: number, stop: number): void {
    const { lines, linesSize } = this.#sizes;
    this.#loaded = bytes;
    this.#from = start;
    this.#to = Math.min(stop, start + linesSize);
    this.#bytes.set(bytes.subarray(start, this.#to), lines);
  }

  #setObserved(bytes: Uint8Array): void {
    this.#observed = bytes;
    this.#bytes.set(bytes, this.#sizes.observed);
    this.#walk.setObserved(bytes.length);
  }

  #setPlace(offset: number, number: number, place: WrittenPlace, places: PlaceWriter): void {
    const { places: start, placesEnd, placeSize } = this.#sizes;
    if (place !== this.#place) {
      this.#place = place;
      this.#ints.fill(0, start / 4, placesEnd / 4);
    }
    const template = places.templateOf(offset, number, place);
    const { widths, bytes, offsetAt, numberAt } = template;
    const at = (start + widths * placeSize) / 4;
    if (this.#ints[at] !== 0 || bytes.length > LONGEST_PLACE) return;
    const text = this.#placeTexts.get(template) ?? this.#addText(bytes);
    this.#placeTexts.set(template, text);
    this.#ints.set([text, bytes.length, offsetAt, numberAt], at);
  }

  /** Where a copy of a text stands. */
  #addText(bytes: Uint8Array): number {
    const at = this.#textsEnd;
    this.#textsEnd += bytes.length;
    const missing = this.#textsEnd + SLACK - this.#bytes.length;
    if (missing > 0) {
      this.#walk.memory.grow(Math.max(PAGES_AT_ONCE, Math.ceil(missing / PAGE)));
      this.#look();
    }
    this.#bytes.set(bytes, at);
    return at;
  }

  #node(node: number, member: number): number {
    return this.#ints[this.#nodeAt(node) + member] ?? 0;
  }

  #setNode(node: number, member: number, value: number): void {
    this.#ints[this.#nodeAt(node) + member] = value;
  }

  #nodeAt(node: number): number {
    return (this.#sizes.nodes + node * this.#sizes.nodeSize) / 4;
  }

  #addNode(text: number, length: number): number {
    this.#nodes += 1;
    const at = this.#nodeAt(this.#nodes);
    this.#ints.fill(0, at, at + this.#sizes.nodeSize / 4);
    this.#ints[at + TEXT_AT] = text;
    this.#ints[at + LENGTH] = length;
    return this.#nodes;
  }

  /** The node behind a text that follows another node. */
  #behindText(from: number, text: Uint8Array): number {
    let node = from;
    let rest = text;
    while (rest.length > 0) {
      const slot = this.#childSlot(node, rest[0] ?? 0);
      const child = this.#ints[slot + 1] ?? 0;
      if (child === 0) {
        const made = this.#addNode(this.#addText(rest), rest.length);
        this.#setChild(slot, node, rest[0] ?? 0, made);
        return made;
      }
      const length = this.#commonLength(child, rest);
      node = length < this.#node(child, LENGTH) ? this.#split(slot, child, length) : child;
      rest = rest.subarray(length);
    }
    return node;
  }

  #commonLength(node: number, text: Uint8Array): number {
    const at = this.#node(node, TEXT_AT);
    const most = Math.min(this.#node(node, LENGTH), text.length);
    let length = 0;
    while (length < most && this.#bytes[at + length] === text[length]) length += 1;
    return length;
  }

  /** Puts a new node with the beginning of a text before the one that has the text; gives the new one. */
  #split(slot: number, node: number, length: number): number {
    const text = this.#node(node, TEXT_AT);
    const before = this.#addNode(text, length);
    this.#ints[slot + 1] = before;
    this.#setNode(node, TEXT_AT, text + length);
    this.#setNode(node, LENGTH, this.#node(node, LENGTH) - length);
    const first = this.#bytes[text + length] ?? 0;
    this.#setChild(this.#childSlot(before, first), before, first, node);
    return before;
  }

  /** Where in the table the child stands whose text begins with a byte, or has its place. */
  #childSlot(node: number, byte: number): number {
    const { children, maxChildren } = this.#sizes;
    const key = node * 256 + byte;
    let slot = this.#walk.slotOf(key);
    for (;;) {
      const at = children / 4 + slot * 2;
      const found = this.#ints[at];
      if (found === key || found === 0) return at;
      slot = (slot + 1) & (maxChildren - 1);
    }
  }

  #setChild(slot: number, node: number, byte: number, child: number): void {
    this.#ints[slot] = node * 256 + byte;
    this.#ints[slot + 1] = child;
    this.#children += 1;
    this.#setNode(node, CHILDREN, this.#node(node, CHILDREN) + 1);
  }

  /** The node behind a value that follows another node. */
  #behindValue(node: number, part: Exclude<LinePart, { kind: 'text' }>): number {
    const { edges, edgeSize, kinds } = this.#sizes;
    const kind = kinds[part.kind];
    const form = part.kind === 'formed' ? part.form : NO_BYTES;
    const length = part.kind === 'formed' ? form.length : 'length' in part ? part.length : 0;
    /** Where the number of the edge stands before which a new one has its place: a longer form may begin like a shorter one, and words take in what others say more of. */
    let link = this.#nodeAt(node) + EDGE;
    let count = 0;
    for (let edge = this.#ints[link] ?? 0; edge !== 0; edge = this.#ints[edge / 4 + NEXT] ?? 0) {
      const at = edge / 4;
      count += 1;
      const isSameKind = this.#ints[at + KIND] === kind;
      const isLonger = (this.#ints[at + EDGE_LENGTH] ?? 0) >= length;
      if (isSameKind && this.#ints[at + EDGE_LENGTH] === length && this.#hasText(this.#ints[at + FORM] ?? 0, form))
        return this.#ints[at + EDGE_NODE] ?? 0;
      if ((this.#ints[at + KIND] ?? 0) < kind || (isSameKind && isLonger)) link = at + NEXT;
    }
    if (count >= MOST_EDGES) return NOWHERE;
    const behind = this.#addNode(0, 0);
    const text = this.#addText(form);
    this.#edges += 1;
    const made = edges + this.#edges * edgeSize;
    this.#ints.set([kind, text, length, behind, this.#ints[link] ?? 0], made / 4);
    this.#ints[link] = made;
    return behind;
  }

  #hasText(at: number, text: Uint8Array): boolean {
    return text.every((byte, index) => this.#bytes[at + index] === byte);
  }

  /** The numbers of a step: see `wasm/known-lines.ts`. */
  #numbersOf(step: KnownStep): number[] {
    const { stepKinds } = this.#sizes;
    const kind = stepKinds[step.kind];
    if (step.kind === 'text') return [kind, 0, this.#addText(step.bytes), step.bytes.length];
    if (step.kind === 'value') return [kind, step.value, 0, 0];
    const head = [this.#addText(step.head), step.head.length];
    if ('value' in step) return [kind, step.value, ...head];
    const { length, values } = step;
    return [stepKinds.sum, length, this.#addText(Uint8Array.from(values)), values.length, kind, 0, ...head];
  }

  #addTemplate(line: KnownLine): number {
    const { parts, time, steps, status, eventName, resource, waits, isBeyondAscii, traceId = -1, spanId = -1 } = line;
    const { templates, templateSize, stepKinds, forms } = this.#sizes;
    const numbers = steps.flatMap((step) => this.#numbersOf(step));
    const texts = [status, this.#addText(status), eventName, this.#addText(eventName)] as const;
    this.#textsEnd += -this.#textsEnd & 3;
    const stepsAt = this.#addText(new Uint8Array(Int32Array.from([...numbers, stepKinds.end, 0, 0, 0]).buffer));
    const at = (templates + this.#templates * templateSize) / 4;
    const zone = time?.timeZone === undefined ? -1 : indexIn(this.#zones, time.timeZone);
    const breaks = parts.reduce((sum, part) => sum + countOf(bytesOf(part), LF), 1);
    const form = time ? forms[time.form] : forms.none;
    this.#ints.set([stepsAt, form, time?.value ?? 0, time?.beside ?? -1, zone], at);
    this.#ints.set([indexIn(this.#resources, resource), breaks, waits ? 1 : 0], at + 5);
    this.#ints.set([texts[1], status.length, texts[3], eventName.length, isBeyondAscii ? 1 : 0], at + 8);
    this.#ints.set([traceId, spanId], at + 13);
    this.#templates += 1;
    return this.#templates;
  }
}

const [LF = 0] = ascii('\n');

/** What is the same in all lines, but for digits. */
function bytesOf(part: LinePart): Uint8Array {
  return part.kind === 'text' ? part.bytes : part.kind === 'formed' ? part.form : NO_BYTES;
}

function countOf(bytes: Uint8Array, wanted: number): number {
  return bytes.reduce((sum, byte) => (byte === wanted ? sum + 1 : sum), 0);
}

function indexIn<Item>(list: Item[], item: Item): number {
  const known = list.indexOf(item);
  return known === -1 ? list.push(item) - 1 : known;
}

function numberOf(global: unknown): number {
  return (global as { readonly value: number }).value;
}

/** Where the areas of the memory are, and how numbers stand for kinds. */
function sizesOf(walk: Walk) {
  const of = (name: string) => numberOf(walk[name]);
  return {
    lines: of('LINES'),
    linesSize: of('LINES_SIZE'),
    records: of('RECORDS'),
    nodes: of('NODES'),
    nodeSize: of('NODE_SIZE'),
    maxNodes: of('MAX_NODES'),
    edges: of('EDGES'),
    edgeSize: of('EDGE_SIZE'),
    maxEdges: of('MAX_EDGES'),
    children: of('CHILDREN'),
    maxChildren: of('MAX_CHILDREN'),
    templates: of('TEMPLATES'),
    templateSize: of('TEMPLATE_SIZE'),
    maxTemplates: of('MAX_TEMPLATES'),
    runs: of('RUNS'),
    runSize: of('RUN_SIZE'),
    places: of('PLACES'),
    placeSize: of('PLACE_SIZE'),
    placesEnd: of('OBSERVED'),
    observed: of('OBSERVED'),
    trigrams: of('TRIGRAMS'),
    words: of('WORDS'),
    wordSize: of('WORD_SIZE'),
    maxWords: of('MAX_WORDS'),
    texts: of('TEXTS'),
    kinds: {
      formed: of('FORMED'),
      digits: of('DIGITS'),
      number: of('NUMBER'),
      word: of('WORD'),
      hex: of('HEX'),
    },
    stepKinds: {
      text: of('COPY'),
      value: of('VALUE'),
      textAttribute: of('TEXT'),
      intAttribute: of('INT'),
      sum: of('SUM'),
      attribute: of('HEAD'),
      body: of('BODY'),
      end: of('END'),
    },
    forms: {
      none: of('NO_TIME'),
      unix_seconds: of('UNIX_SECONDS'),
      epoch_millis: of('EPOCH_MILLIS'),
      iso: of('ISO'),
      digit_groups: of('DIGIT_GROUPS'),
    },
  };
}
