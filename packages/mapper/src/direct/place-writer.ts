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
interface Template extends Block {
  readonly offsetAt: number;
  readonly numberAt: number;
}

/** Writes what the records of an input have in common but for two numbers: its name, their place in it, the time of reading. */
export class PlaceWriter {
  readonly #buffer: RecordBuffer;
  /** By place, then by the widths of offset and number. */
  readonly #templates = new WeakMap<WrittenPlace, (Template | undefined)[]>();
  #place: WrittenPlace | undefined;
  #current: (Template | undefined)[] = [];
  #observed: bigint | undefined;
  #observedBlock = blockOf(NO_BYTES);

  constructor(buffer: RecordBuffer) {
    this.#buffer = buffer;
  }

  /** The attributes for the place of a line; an offset of -1 is none. */
  write(offset: number, number: number, place: WrittenPlace): void {
    const buffer = this.#buffer;
    if (!place.positions) {
      buffer.raw(place.named);
      return;
    }
    if (place !== this.#place) this.#change(place);
    const widths = (offset === NO_OFFSET ? 0 : widthOfInt(offset) * MAX_WIDTH) + widthOfInt(number);
    const template = this.#current[widths] ?? this.#make(place, widths, offset, number);
    const start = buffer.at;
    buffer.block(template);
    const end = buffer.at;
    if (offset !== NO_OFFSET) {
      buffer.at = start + template.offsetAt;
      buffer.varint(offset);
    }
    buffer.at = start + template.numberAt;
    buffer.varint(number);
    buffer.at = end;
  }

  /** The time of reading, which many records share. */
  observed(nanos: bigint): void {
    if (nanos !== this.#observed) {
      this.#observed = nanos;
      this.#observedBlock = blockOf(written((buffer) => buffer.fixed64(OBSERVED_TIME, nanos)));
    }
    this.#buffer.block(this.#observedBlock);
  }

  #change(place: WrittenPlace): void {
    this.#place = place;
    const known = this.#templates.get(place);
    this.#current = known ?? [];
    if (!known) this.#templates.set(place, this.#current);
  }

  /** Two numbers of the same widths stand in the same places. */
  #make({ named }: WrittenPlace, widths: number, offset: number, number: number): Template {
    const made = new RecordBuffer();
    made.raw(named);
    if (offset !== NO_OFFSET) made.raw(attributeBytes(RECORD_OFFSET, offset));
    const offsetAt = made.at - widthOfInt(offset);
    made.intAttribute(keyBytes(RECORD_NUMBER), number);
    const numberAt = made.at - widthOfInt(number);
    const template = { ...blockOf(made.bytes.slice(0, made.at)), offsetAt, numberAt };
    this.#current[widths] = template;
    return template;
  }
}
