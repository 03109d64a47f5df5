import type { LogfmtFormat, Product } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodedFields, scannedFields } from '../../test/scanned-fields.ts';
import { decodeLogfmt } from '../decode/logfmt.ts';
import { createLogfmtScanner } from './logfmt-scanner.ts';

const FORMAT: LogfmtFormat = {
  id: 'sample_text',
  decoder: 'logfmt',
  leading: ['time', 'level', 'msg?'],
  claims: [],
  time: [],
  severity: 'level',
};

function scannerOf(...leadings: readonly (readonly string[])[]) {
  const product = { id: 'sample' } as Product;
  return createLogfmtScanner(
    leadings.map((leading) => ({ product, format: { ...FORMAT, leading } })),
    () => undefined,
    [],
  );
}

function sampleScanner() {
  const made = scannerOf(FORMAT.leading);
  if (!made) throw new Error('no scanner');
  return made;
}

function read(line: string) {
  return scannedFields(sampleScanner(), line);
}

describe('createLogfmtScanner', () => {
  it('reads bare and quoted values as the decoder does', () => {
    const line =
      'time="2024-09-17T08:00:00Z" level=error msg="a \\"b\\"\\n\\u00e9" code=587 Key ID="crm frontend" x="" y=';
    expect(read(line)).toEqual([
      ['time', '2024-09-17T08:00:00Z'],
      ['level', 'error'],
      ['msg', 'a "b"\né'],
      ['code', '587'],
      ['Key ID', 'crm frontend'],
      ['x', ''],
      ['y', ''],
    ]);
  });

  it('reads values that begin with white space', () => {
    expect(read('time=1 level=info msg=" a" x="\\t" y="\\x20b" z=\u00a0 ')?.slice(2)).toEqual([
      ['msg', ' a'],
      ['x', '\t'],
      ['y', ' b'],
      ['z', '\u00a0'],
    ]);
  });

  it('takes a leading key that may be missing for empty', () => {
    expect(read('time=1 level=info code=5  ')).toEqual([
      ['time', '1'],
      ['level', 'info'],
      ['msg', ''],
      ['code', '5'],
    ]);
  });

  it('leaves what is out of the ordinary to the decoder', () => {
    const odd = [
      '',
      'time=',
      'time=1',
      'level=info time=1',
      'time=1 level=info msg="open',
      'time=1 level=info msg="a"b',
      'time=1 level=info msg="\\q"',
      'time=1 level=info msg="\\u00g0"',
      'time=1 level=info msg=a\\b',
      'time=1 level=info msg="a" rest',
      'time=1 level=info msg="a" a=1 a=2',
      'time=1 level=info msg="a" time=2',
      'time=1 level=info msg="a\tb"',
      'time=1 level=info msg="a" \\a=1',
    ];
    for (const line of odd) expect(read(line), line).toBeUndefined();
  });

  it('is none where lines begin in different ways, or not with a plain word', () => {
    expect(scannerOf(['time', 'level'], ['time'])).toBeUndefined();
    expect(scannerOf(['time?', 'level'])).toBeUndefined();
    expect(scannerOf(['my time'])).toBeUndefined();
    expect(scannerOf()).toBeUndefined();
  });

  it('reads every line as the decoder does, or not at all', () => {
    const sign = fc.constantFrom(
      ...'ab1 =\\"nxu0é\u00a0\ufeff\t'.split(''),
      ' a="',
      ' msg=',
      '" b=',
      '\\"',
      '\\u0041',
      '\\xff',
    );
    const line = fc.tuple(
      fc.constantFrom('time=1 level=x', 'time="2 3" level=y msg="', 'time=4', ''),
      fc.array(sign, { maxLength: 20 }),
      fc.constantFrom('', '"', ' c=1', ' '),
    );
    const scanner = sampleScanner();
    let taken = 0;
    fc.assert(
      fc.property(line, ([start, signs, end]) => {
        const text = start + signs.join('') + end;
        const scanned = scannedFields(scanner, text);
        if (scanned === undefined) return;
        taken += 1;
        expect(scanned).toEqual(decodedFields(decodeLogfmt(text, FORMAT)));
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(20);
  });
});
