import { NO_BYTES } from '../bytes.ts';
import { RECORD_NUMBER, RECORD_OFFSET } from '../map/position.ts';
import { OBSERVED_TIME } from './otlp-tags.ts';
import { attributeBytes, keyBytes, RecordBuffer, widthOfInt, written } from './record-buffer.ts';
import type { WrittenPlace } from './record-plan.ts';
import { type Block, blockOf } from './words.ts';

const MAX_WIDTH = 8;
/** The offset of rows: where one begins in a file depends on how it was exported. */
export const NO_OFFSET = -1;

/** Where the numbers stand in {@link PlaceWriter}'s templates. */
export interface PlaceTemplate extends Block {
  readonly offsetAt: number;
  readonly numberAt: number;
  /** The same for all places of these widths of both numbers. */
  readonly widths: number;
}

/** Writes what the records of an input have in common but for two numbers: its name, their place in it, the time of reading. */
export class PlaceWriter {
  readonly #buffer: RecordBuffer;
  /** By place, then by the widths of offset and number. */
  readonly #templates = new WeakMap<WrittenPlace, (PlaceTemplate | undefined)[]>();
  #place: WrittenPlace | undefined;
  #current: (PlaceTemplate | undefined)[] = [];
  #observed: bigint | undefined;
  #observedBlock = blockOf(NO_BYTES);

  constructor(buffer: RecordBuffer) {
    this.#buffer = buffer;
  }

  /** The attributes for the place of a line; an offset of -1 is none. */
  write(offset: number, number: number, place: WrittenPlace): void {
    const buffer = this.#buffer;
    const template = this.templateOf(offset, number, place);
    const start = buffer.at;
    buffer.block(template);
    const end = buffer.at;
    if (template.offsetAt !== -1) {
      buffer.at = start + template.offsetAt;
      buffer.varint(offset);
    }
    if (template.numberAt !== -1) {
      buffer.at = start + template.numberAt;
      buffer.varint(number);
    }
    buffer.at = end;
  }

  /** What {@link write} writes, and where the numbers stand in it: -1 where there is none. */
  templateOf(offset: number, number: number, place: WrittenPlace): PlaceTemplate {
    if (place !== this.#place) this.#change(place);
    const widths = (offset === NO_OFFSET ? 0 : widthOfInt(offset) * MAX_WIDTH) + widthOfInt(number);
    return this.#current[widths] ?? this.#make(place, widths, offset, number);
  }

  /** The time of reading, which many records share. */
  observed(nanos: bigint): void {
    this.#buffer.block(this.observedBlock(nanos));
  }

  /** What {@link observed} writes. */
  observedBlock(nanos: bigint): Block {
    if (nanos !== this.#observed) {
      this.#observed = nanos;
      this.#observedBlock = blockOf(written((buffer) => buffer.fixed64(OBSERVED_TIME, nanos)));
    }
    return this.#observedBlock;
  }

  #change(place: WrittenPlace): void {
    this.#place = place;
    const known = this.#templates.get(place);
    this.#current = known ?? [];
    if (!known) this.#templates.set(place, this.#current);
  }

  /** Two numbers of the same widths stand in the same places. */
  #make({ named, positions }: WrittenPlace, widths: number, offset: number, number: number): PlaceTemplate {
    const made = new RecordBuffer();
    made.raw(named);
    const hasOffset = positions && offset !== NO_OFFSET;
    if (hasOffset) made.raw(attributeBytes(RECORD_OFFSET, offset));
    const offsetAt = hasOffset ? made.at - widthOfInt(offset) : -1;
    if (positions) made.intAttribute(keyBytes(RECORD_NUMBER), number);
    const numberAt = positions ? made.at - widthOfInt(number) : -1;
    const template = { ...blockOf(made.bytes.slice(0, made.at)), offsetAt, numberAt, widths };
    this.#current[widths] = template;
    return template;
  }
}
