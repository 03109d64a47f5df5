import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Level 4 costs two thirds of zlib's default 6 on OTLP, for 7 to 9 % more bytes; level 3 half, for 18 %. */
const USUAL_LEVEL = 4;
/** Costs half of that again; where most of a record is that of others it takes hardly more bytes, or even fewer. */
const CHEAP_LEVEL = 1;
/** What the stock exporter sends: zlib's default, over requests of 512 records, which take about so many bytes. */
const STOCK_LEVEL = 6;
const STOCK_BYTES = 256 * 1024;
/** Parts of that size, from the beginning of a request to its end, that are compressed in a trial: records of one resource stand together. */
const PARTS = 4;
/** The cheap level may take so many bytes in relation to the stock exporter's. */
const MOST_BYTES = 1.08;
/** Beyond this, something else is sent by now. */
const TOO_MANY_BYTES = 1.15;
/** Requests after which it is tried again. */
const TRIED_EVERY = 64;
/** The most memory that zlib takes (from 256 to 384 KiB for each request under way) saves it a twentieth of the time. */
const MEMORY_LEVEL = 9;
/** zlib hands its output over in pieces of this size; its default of 16 KiB costs a third of the time. */
export const CHUNK_BYTES = 256 * 1024;

const gzipped = promisify(gzip) as (bytes: Uint8Array, options: object) => Promise<Uint8Array>;

/** Compresses requests with gzip, as cheaply as the records let it without sending many more bytes than others do. */
export class Gzip {
  /** What the stock exporter would send for a byte, as the last trial told. */
  #stock = 0;
  #level = USUAL_LEVEL;
  #untilTrial = 0;

  /** The level of the next large request. */
  get level(): number {
    return this.#level;
  }

  async compress(bytes: Uint8Array): Promise<Uint8Array> {
    if (bytes.length < PARTS * STOCK_BYTES) return at(USUAL_LEVEL, bytes);
    this.#untilTrial -= 1;
    if (this.#untilTrial < 0) return this.#try(bytes);
    const level = this.#level;
    const made = await at(level, bytes);
    if (level === CHEAP_LEVEL && made.length > bytes.length * this.#stock * TOO_MANY_BYTES) this.#untilTrial = 0;
    return made;
  }

  async #try(bytes: Uint8Array): Promise<Uint8Array> {
    this.#untilTrial = TRIED_EVERY;
    const cheap = await at(CHEAP_LEVEL, bytes);
    let stock = 0;
    for (let part = 0; part < PARTS; part += 1) {
      const start = Math.floor(((bytes.length - STOCK_BYTES) * part) / (PARTS - 1));
      const made = await at(STOCK_LEVEL, bytes.subarray(start, start + STOCK_BYTES));
      stock += made.length;
    }
    this.#stock = stock / (PARTS * STOCK_BYTES);
    const isGood = cheap.length <= bytes.length * this.#stock * MOST_BYTES;
    this.#level = isGood ? CHEAP_LEVEL : USUAL_LEVEL;
    return isGood ? cheap : at(USUAL_LEVEL, bytes);
  }
}

function at(level: number, bytes: Uint8Array): Promise<Uint8Array> {
  return gzipped(bytes, { level, memLevel: MEMORY_LEVEL, chunkSize: CHUNK_BYTES });
}
