import type { Outer } from '../records.ts';
import { ByteCache } from './byte-cache.ts';
import { keyBytes, written } from './record-buffer.ts';
import type { WrittenPlace } from './record-plan.ts';

/** What a wrapper may say of a line here; lines whose wrappers say more go the ordinary way. */
export const CONTAINER_NAME = 'container.name';
const STREAM = 'log.iostream';
/** An input has few containers. */
const PLACE_BITS = 8;
const STREAMS = ['', 'stdout', 'stderr'] as const;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The places of records in one input whose lines stand in wrappers: what those say comes before the name of the input. */
export class WrappedPlaces {
  readonly #place: WrittenPlace;
  readonly #known = new ByteCache<WrittenPlace>(PLACE_BITS);

  constructor(place: WrittenPlace) {
    this.#place = place;
  }

  /** The place for a stream, and for a container whose name stands from `start` to `end`; no name when both are the same. */
  at(stream: Outer['stream'], bytes: Uint8Array, start: number, end: number): WrittenPlace {
    const seed = stream === undefined ? 0 : STREAMS.indexOf(stream);
    const known = this.#known.get(bytes, start, end, seed);
    if (known) return known;
    const named = written((buffer) => {
      if (end > start) buffer.attribute(keyBytes(CONTAINER_NAME), decoder.decode(bytes.subarray(start, end)));
      if (stream) buffer.attribute(keyBytes(STREAM), stream);
      buffer.raw(this.#place.named);
    });
    const made = { ...this.#place, named, isWrapped: true };
    this.#known.set(bytes, start, end, made, seed);
    return made;
  }

  /** The same for what was read of the wrappers; undefined when they say more than that. */
  of({ stream, attributes }: Outer): WrittenPlace | undefined {
    const [first, ...more] = attributes ?? [];
    const [name, value] = first ?? [CONTAINER_NAME, ''];
    if (more.length > 0 || name !== CONTAINER_NAME || typeof value !== 'string') return undefined;
    const bytes = encoder.encode(value);
    return this.at(stream, bytes, 0, bytes.length);
  }
}
