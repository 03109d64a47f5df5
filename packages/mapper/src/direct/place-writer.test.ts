import { describe, expect, it } from 'vitest';
import { NO_OFFSET, PlaceWriter } from './place-writer.ts';
import { attributeBytes, RecordBuffer } from './record-buffer.ts';

const named = attributeBytes('log.file.name', 'a.log');
const NUMBERS = [0, 1, 127, 128, 16_384, 2 ** 28, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER];

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe('PlaceWriter', () => {
  it('writes places of every width as attributes one by one, also when they were written before', () => {
    const buffer = new RecordBuffer();
    const writer = new PlaceWriter(buffer);
    const place = { named, positions: true, isWrapped: false };
    for (const offset of [...NUMBERS, ...NUMBERS])
      for (const number of NUMBERS) {
        buffer.at = 0;
        writer.write(offset, number, place);
        const expected = joined(
          named,
          attributeBytes('log.file.record_offset', offset),
          attributeBytes('log.file.record_number', number),
        );
        expect(buffer.bytes.slice(0, buffer.at)).toEqual(expected);
      }
  });

  it('writes no offset where there is none, and no place where none is asked for', () => {
    const buffer = new RecordBuffer();
    const writer = new PlaceWriter(buffer);
    writer.write(NO_OFFSET, 5, { named, positions: true, isWrapped: false });
    expect(buffer.bytes.slice(0, buffer.at)).toEqual(joined(named, attributeBytes('log.file.record_number', 5)));
    buffer.at = 0;
    writer.write(1, 2, { named: new Uint8Array(), positions: false, isWrapped: false });
    expect(buffer.at).toBe(0);
  });

  it('writes the time of reading that it was given last', () => {
    const buffer = new RecordBuffer();
    const writer = new PlaceWriter(buffer);
    for (const nanos of [1n, 1n, 2n ** 63n]) writer.observed(nanos);
    const view = new DataView(buffer.bytes.buffer);
    expect([0, 9, 18].map((at) => view.getBigUint64(at + 1, true))).toEqual([1n, 1n, 2n ** 63n]);
  });
});
