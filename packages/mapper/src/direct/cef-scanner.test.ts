import type { CefFormat, Product } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodedFields, scannedFields } from '../../test/scanned-fields.ts';
import { decodeCef } from '../decode/cef.ts';
import { createCefScanner } from './cef-scanner.ts';

const FORMAT: CefFormat = {
  id: 'sample_cef',
  decoder: 'cef',
  header: ['vendor', 'product', 'code', 'msg'],
  escapes: 'goquoted',
  claims: [],
  time: [],
  severity: 'cef',
};
const STANDARD: CefFormat = { ...FORMAT, escapes: 'standard' };

function scannerOf(...formats: readonly CefFormat[]) {
  const product = { id: 'sample' } as Product;
  const made = createCefScanner(
    formats.map((format) => ({ product, format })),
    () => undefined,
    [],
  );
  if (!made) throw new Error('no scanner');
  return made;
}

function read(line: string, format = FORMAT) {
  return scannedFields(scannerOf(format), line);
}

describe('createCefScanner', () => {
  it('reads header and extension as the decoder does', () => {
    const line =
      'CEF:0|acme|vault-1|560|a \\= b \\| c \\\\ d|client_id=crm frontend "Key ID"=x error=a: b session_id=1 ';
    expect(read(line)).toEqual([
      ['vendor', 'acme'],
      ['product', 'vault-1'],
      ['code', '560'],
      ['msg', 'a = b | c \\ d'],
      ['client_id', 'crm frontend'],
      ['Key ID', 'x'],
      ['error', 'a: b'],
      ['session_id', '1'],
    ]);
  });

  it('reads empty values, a missing last blank and a header alone', () => {
    expect(read('CEF:0|v|p|1| |client_id=  context=  time=1.000')).toEqual([
      ['vendor', 'v'],
      ['product', 'p'],
      ['code', '1'],
      ['msg', ''],
      ['client_id', ''],
      ['context', ''],
      ['time', '1.000'],
    ]);
    expect(read('CEF:10|v|p|1|m|  ')).toHaveLength(4);
    expect(read('CEF:0|v|p|1|m|a=b=c')?.slice(4)).toEqual([
      ['a', ''],
      ['b', 'c'],
    ]);
  });

  it('reads control signs in values, quotes that are no key, and names beyond ASCII', () => {
    expect(read('CEF:0|v|p|1|m\r \u001b[31m|a=x\u0000\ry\t b=" c=" "d=e"=f \u00e9=\r')?.slice(3)).toEqual([
      ['msg', 'm\r \u001b[31m'],
      ['a', 'x\u0000\ry\t'],
      ['b', '"'],
      ['c', '"'],
      ['d=e', 'f'],
      ['\u00e9', '\r'],
    ]);
  });

  it('reads values that begin with white space', () => {
    expect(read('CEF:0|v|p|1| m|a=    b= x c=\u00a0 d=1')?.slice(3)).toEqual([
      ['msg', ' m'],
      ['a', '   '],
      ['b', ' x'],
      ['c', '\u00a0'],
      ['d', '1'],
    ]);
  });

  it('leaves what is out of the ordinary to the decoder', () => {
    const odd = [
      '',
      'CEF:',
      'CEF:0',
      'CEF:123|v|p|1|m|a=1',
      'CEF:0|v|p|1|m',
      'CEF:0|v|p|1|m|no pair',
      'CEF:0|v|p|1|m|a=1 a=2',
      'CEF:0|v|p|1|m|a=1 code=2',
      'CEF:0|v|p|1|m|"a\\"b"=1',
      'CEF:0|v|p|1|m|a\\b=1',
      'CEF:0|v|p|1|m|a=x\u0000',
      'CEF:0|v|p|1|m|a\tb=1',
      'CEF:0|v|p|1|m|a=é',
    ];
    for (const line of odd) expect(read(line), line).toBeUndefined();
  });

  it('keeps what it knows of one line out of the next one', () => {
    const scanner = scannerOf(FORMAT);
    expect(scannedFields(scanner, 'CEF:0|v|p|1|m|a=1 "a b"=2 c=\\=3')).toHaveLength(7);
    expect(scannedFields(scanner, 'CEF:0|v|p|1|m|a=1 "a b"=2')?.slice(4)).toEqual([
      ['a', '1'],
      ['a b', '2'],
    ]);
    expect(scannedFields(scanner, 'CEF:0|v|p|1|m|a=1 a b=2')?.slice(4)).toEqual([
      ['a', '1 a'],
      ['b', '2'],
    ]);
  });

  it('is none where products read their lines in different ways', () => {
    const product = { id: 'sample' } as Product;
    const both = [FORMAT, STANDARD].map((format) => ({ product, format }));
    expect(createCefScanner(both, () => undefined, [])).toBeUndefined();
    expect(createCefScanner([], () => undefined, [])).toBeUndefined();
  });

  it('reads every line as the decoder does, or not at all', () => {
    const sign = fc.constantFrom(
      ...'ab1 =|\\"nr:é\u00a0\ufeff\t\r\u0000'.split(''),
      '"Key ID"=',
      ' a=',
      ' b=',
      ' code=',
    );
    const line = fc.array(sign, { maxLength: 30 }).map((signs) => `CEF:0|v|p|1|m|a=${signs.join('')}`);
    const cut = fc.array(sign, { maxLength: 30 }).map((signs) => `CEF:0|${signs.join('')}`);
    for (const format of [FORMAT, STANDARD]) {
      const scanner = scannerOf(format);
      let taken = 0;
      fc.assert(
        fc.property(fc.oneof(line, cut), (text) => {
          const scanned = scannedFields(scanner, text);
          if (scanned === undefined) return;
          taken += 1;
          expect(scanned).toEqual(decodedFields(decodeCef(text, format)));
        }),
        { numRuns: 500 },
      );
      expect(taken).toBeGreaterThan(10);
    }
  });
});
