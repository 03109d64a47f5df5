import type { Counts, LogRecord, Pipeline, Reader } from '@cryptrail/mapper';
import { type Member, STANDARD_INPUT } from './member.ts';

/** A member being read through the pipeline. */
export interface Reading<Records = readonly LogRecord[]> {
  /** Records of the next bytes, may be none; undefined when there are no more. A fault of the input ends it, never throws. */
  readonly next: () => Promise<Records | undefined>;
  /** Lets go of the input before its end. */
  readonly close: () => Promise<void>;
  /** Counts so far. */
  readonly counts: Counts;
  /** What broke the input off. What came before is kept: it was read, and may be all that is left. */
  readonly fault: { readonly error: unknown } | undefined;
}

/**
 * Starts reading a member.
 *
 * @param portionBytes Most bytes that are turned into records at a time; default as they come.
 */
export function openReading(member: Member, pipeline: Pipeline, portionBytes = Number.POSITIVE_INFINITY): Reading {
  return openReadingWith(member, pipeline, (reader) => reader, portionBytes);
}

/** What gives records of bytes, in one form or another. */
interface Giver<Records> {
  push(chunk: Uint8Array): Records;
  settle(): Records;
  end(): Records;
}

/** The same for records in the form that `open` makes a reader give. */
export function openReadingWith<Records>(
  member: Member,
  pipeline: Pipeline,
  open: (reader: Reader) => Giver<Records>,
  portionBytes = Number.POSITIVE_INFINITY,
): Reading<Records> {
  const { name, path } = member;
  const opened = pipeline.open(path === STANDARD_INPUT ? {} : { name, path });
  const reader = open(opened);
  const chunks = member.bytes[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();
  let paused = false;
  let ended = false;
  let fault: Reading['fault'];
  /** Keeps faults of the input apart from those of the output, which must end the run. */
  const fill = async () => {
    try {
      const next = await chunks.next();
      if (next.done) ended = true;
      else held = next.value;
      paused = !ended && held.length === 0;
    } catch (error) {
      ended = true;
      fault = { error };
    }
  };
  let finished = false;
  return {
    next: async () => {
      if (held.length === 0 && !ended) await fill();
      if (held.length > 0) {
        const portion = held.subarray(0, portionBytes);
        held = held.subarray(portion.length);
        return reader.push(portion);
      }
      // Nothing of nothing: no bytes complete no record.
      if (!ended) return paused ? reader.settle() : reader.push(held);
      if (finished) return undefined;
      finished = true;
      return reader.end();
    },
    close: async () => {
      await chunks.return?.();
    },
    get counts() {
      return opened.counts;
    },
    get fault() {
      return fault;
    },
  };
}
