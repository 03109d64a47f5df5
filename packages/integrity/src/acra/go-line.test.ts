import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes.ts';
import { goJson } from './go-json.ts';
import { readGoLine } from './go-line.ts';
import { readAnyJson } from './read-entry.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const HEX = 'ab'.repeat(32);

/** What both readers make of a line must be the same, where the fast one reads it at all. */
function compare(line: Uint8Array): boolean {
  const fast = readGoLine(line);
  if (!fast) return false;
  const slow = readAnyJson(line);
  if (slow.kind === 'refused') return slow.class !== 'unreadable_line';
  if (slow.kind !== 'signed') throw new Error(`taken for signed: ${new TextDecoder().decode(line)}`);
  expect(slow.data.map(toHex)).toEqual([toHex(fast.data)]);
  expect([slow.first, slow.last]).toEqual([fast.first, fast.last]);
  const seconds = fast.unixTime && Number(new TextDecoder().decode(fast.unixTime));
  if (seconds !== undefined && Number.isFinite(seconds)) expect(slow.time()).toBe(seconds);
  return true;
}

describe('readGoLine', () => {
  it.each([
    `{"chain":"new","code":587,"integrity":"${HEX}","level":"warning","msg":"a\\u003cb\\u003e \\"x\\" \\\\ \\n é 😀","unixTime":"1726560000.000"}`,
    `{"chain":"end","integrity":"${HEX}","msg":"End of current audit log chain","ok":true,"no":null,"unixTime":"1"}`.replace(
      '"no":null,"unixTime"',
      '"unixTime"',
    ),
    `{"a":0,"b":false,"integrity":"${HEX.toUpperCase()}","z":"\\u001f\\u2028"}`,
  ])('C45 reads what Go wrote: %s', (line) => {
    expect(compare(bytes(line))).toBe(true);
  });

  it.each([
    ['a name that comes twice', `{"a":1,"a":2,"integrity":"${HEX}"}`],
    ['names in another order', `{"integrity":"${HEX}","a":1}`],
    ['blanks', `{"a": 1,"integrity":"${HEX}"}`],
    ['a number that Go writes otherwise', `{"a":1.0,"integrity":"${HEX}"}`],
    ['a number beyond what a double holds', `{"a":12345678901234567,"integrity":"${HEX}"}`],
    ['a leading zero', `{"a":01,"integrity":"${HEX}"}`],
    ['a sign that Go escapes', `{"a":"<","integrity":"${HEX}"}`],
    ['an escape that Go does not write', `{"a":"\\u0041","integrity":"${HEX}"}`],
    ['a control that versions of Go write in two ways', `{"a":"\\u0008","integrity":"${HEX}"}`],
    ['an object inside', `{"a":{},"integrity":"${HEX}"}`],
    ['no value', '{"a":1}'],
    ['a value that is no text', '{"integrity":1}'],
    ['something behind', `{"integrity":"${HEX}"}}`],
    ['a separator', `{"a":"\u2028","integrity":"${HEX}"}`],
    ['no object', '[]'],
  ])('leaves a line with %s to the reader that knows', (_, line) => {
    expect(readGoLine(bytes(line))).toBeUndefined();
  });

  it('leaves bytes that are no UTF-8', () => {
    const line = bytes(`{"a":"é","integrity":"${HEX}"}`);
    expect(readGoLine(line)).toBeDefined();
    line[6] = 0x41;
    expect(readGoLine(line)).toBeUndefined();
  });

  it('C45 reads each line that Go would write as any reader does', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.double(),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 4 }), value, { maxKeys: 5 }), (fields) => {
        const text = goJson({ ...fields, integrity: HEX }, 'short');
        compare(bytes(text));
      }),
    );
  });

  it('never reads a line with a changed byte as another than any reader', () => {
    const line = bytes(
      `{"chain":"end","code":587,"integrity":"${HEX}","msg":"End of \\u003c é","unixTime":"1726560000.000"}`,
    );
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.nat(255), (at, byte) => {
        compare(line.with(at, byte));
      }),
      { numRuns: 1000 },
    );
  });
});
