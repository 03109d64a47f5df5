import type { Product, RowFormat } from '@cryptrail/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRow } from '../decode/row.ts';
import { csv } from '../forms/csv.ts';
import { csvRowEnd } from '../forms/csv-row.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { CsvScanner } from './csv-scanner.ts';
import { ESCAPED, kindOf, TELLING } from './line-scanner.ts';
import { isUtf8, utf8Text } from './utf8.ts';

const FORMAT: RowFormat = {
  id: 'sample_rows',
  decoder: 'row',
  columns: ['pk', 'nodeId', 'extra', 'eventType'],
  requires: ['pk', 'nodeId'],
  details: { column: 'extra', form: 'java_xml', encodedPrefix: 'B64:' },
  time: [],
  severity: 'status',
};
const COLUMNS = ['pk', 'node_id', 'EXTRA', 'eventType'];
const encoder = new TextEncoder();

type Value = readonly [place: string, kind: string, text: string];

function scannerOf(columns: readonly string[], delimiter: string): CsvScanner {
  const scanner = new CsvScanner([{ product: { id: 'sample' } as Product, format: FORMAT }], () => undefined);
  scanner.begin({ columns, delimiter });
  return scanner;
}

/** What the scanner makes of the first row, and where it ends; undefined when it leaves the row. */
function scanned(scanner: CsvScanner, text: string): { values: Value[]; end: number } | undefined {
  const bytes = encoder.encode(text);
  const end = scanner.rowEnd(bytes, 0, bytes.length);
  const shape = end === -1 ? undefined : scanner.scan(bytes, 0, end);
  if (!shape || !isUtf8(bytes, 0, end)) return undefined;
  const values = shape.tokens.map(({ space, name }, index): Value => {
    const { starts, ends, signs, kinds } = scanner;
    const isPlain = ((signs[index] ?? 0) & ESCAPED) === 0;
    const shown = isPlain ? utf8Text(scanner.row.bytes, starts[index] ?? 0, ends[index] ?? 0) : scanner.text(index);
    const isTelling = ((signs[index] ?? 0) & (TELLING | ESCAPED)) !== 0;
    if (!isTelling && /[ :="'`]/.test(shown ?? '')) throw new Error(`${name} tells nothing`);
    if (((signs[index] ?? 0) & ~scanner.seen) !== 0) throw new Error(`${name} is not among what was seen`);
    return [`${space}:${name}`, kindOf(kinds[index] ?? 0), shown ?? '(none)'];
  });
  return { values, end };
}

/** What the decoder makes of it. */
function decoded(columns: readonly string[], delimiter: string, text: string): Value[] | undefined {
  const reader = csv.open(DEFAULT_LIMITS);
  const [entry] = [...reader.push(encoder.encode(`${columns.join(delimiter)}\n${text}`)), ...reader.end()];
  if (entry?.kind !== 'row' || entry.row.issues.length > 0) return undefined;
  const read = decodeRow(entry.row.fields, FORMAT);
  if (!read || read.issues.length > 0) return undefined;
  const values = (space: string, map: typeof read.fields) =>
    [...map].map(([name, { kind, text: shown }]): Value => [`${space}:${name}`, kind, shown]);
  return [...values('fields', read.fields), ...values('details', read.details)];
}

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<java version="17.0.15" class="java.beans.XMLDecoder">\n <object class="a.b.Base64PutHashMap"';
const xml = (puts: string) => `${HEAD}>\n${puts} </object>\n</java>\n`;
const put = (key: string, value: string) =>
  `  <void method="put">\n   <string>${key}</string>\n   ${value}\n  </void>\n`;
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const row = (details: string) => `6fb0,node-1,${details},ACCESS_CONTROL\n`;

function read(text: string): Value[] | undefined {
  return scanned(scannerOf(COLUMNS, ','), text)?.values;
}

describe('CsvScanner', () => {
  it('reads the cells and the details of a row where they stand', () => {
    const details = xml(put('msg', '<string>Added a &lt;b&gt;</string>') + put('id', '<int>-7</int>'));
    const text = row(quoted(details));
    expect(read(text)).toEqual([
      ['fields:pk', 'text', '6fb0'],
      ['fields:nodeId', 'text', 'node-1'],
      ['fields:extra', 'text', details],
      ['fields:eventType', 'text', 'ACCESS_CONTROL'],
      ['details:msg', 'string', 'Added a <b>'],
      ['details:id', 'int', '-7'],
    ]);
    expect(read(text)).toEqual(decoded(COLUMNS, ',', text));
  });

  it.each([
    ['an encoded text', '<string>B64:aMOkag==</string>'],
    ['an encoded blank', '<string>B64:IA==</string>'],
    ['a text that begins like an encoded one', '<string>b64:x</string>'],
    ['no text', '<string></string>'],
    ['a text of several lines', '<string>a\nb</string>'],
    ['a text beyond ASCII', '<string>händelse</string>'],
    ['a text that begins beyond ASCII', '<string>ユーザー</string>'],
    ['white space beyond ASCII', '<string> \u3000\u2009</string>'],
    ['white space before a text', '<string>\u00a0 x</string>'],
    ['a number that is too long for a look', '<long>-9223372036854775808</long>'],
    ['a class', '<class>java.lang.String</class>'],
    ['a power of ten', '<float>1.0E10</float>'],
    ['a quote', '<string>say "hello"</string>'],
    ['an entity that is a blank', '<string>&#32;x</string>'],
    ['a null', '<null/>'],
    ['a truth value', '<boolean>true</boolean>'],
    ['a long', '<long>1793595665131</long>'],
    ['the largest int', '<int>2147483647</int>'],
    ['a date before 1970', '<object class="java.util.Date">\n    <long>-1</long>\n   </object>'],
    ['a decimal number', '<double>-1.5</double>'],
    ['a date', '<object class="java.util.Date"><long>1761350400123</long></object>'],
    ['a list', '<object class="java.util.ArrayList"><void method="add"><string>x</string></void></object>'],
    ['a constant', '<object class="java.lang.Enum" method="valueOf"><class>a.B</class><string>C</string></object>'],
  ])('reads %s as the decoder does', (_, value) => {
    const text = row(quoted(xml(put('k', value))));
    expect(read(text)).toEqual(decoded(COLUMNS, ',', text));
    expect(read(text)).toBeDefined();
  });

  it('reads names beyond ASCII as the decoder does', () => {
    const text = row(quoted(xml(put('added:å', '<string>x</string>'))));
    expect(read(text)).toEqual(decoded(COLUMNS, ',', text));
    expect(read(text)).toBeDefined();
  });

  it.each([
    ['an empty map', row(quoted(`${HEAD}/>\n</java>\n`))],
    ['no details', row('')],
    ['empty details', row('""')],
    ['NULL and \\N', 'NULL,\\N,,"x"\r\n'],
    ['doubled quotes in a cell', '"a ""b"" c",n,,"d,\n"\n'],
  ])('reads a row with %s as the decoder does', (_, text) => {
    expect(read(text)).toEqual(decoded(COLUMNS, ',', text));
    expect(read(text)).toBeDefined();
  });

  it.each([
    ['a row that is not whole', row(quoted(xml(put('k', '<string>v</string>')))).slice(0, -1)],
    ['too few cells', 'a,b,c\n'],
    ['too many cells', 'a,b,,d,e\n'],
    ['text behind a closing quote', '"a"x,b,,d\n'],
    ['details that are no document', row('hello')],
    ['details that go on behind the document', row(quoted(`${xml('')}x`))],
    ['a name twice', row(quoted(xml(put('k', '<null/>') + put('k', '<null/>'))))],
    ['a name with an entity', row(quoted(xml(put('a&amp;b', '<null/>'))))],
    ['an entity that is not known', row(quoted(xml(put('k', '<string>&b;</string>'))))],
    ['a sign by its number inside a text', row(quoted(xml(put('k', '<string>a<char code="#1b"/></string>'))))],
    ['an int out of range', row(quoted(xml(put('k', '<int>2147483648</int>'))))],
    [
      'a date beyond all dates',
      row(quoted(xml(put('k', '<object class="java.util.Date"><long>9999999999999999</long></object>')))),
    ],
    ['a reference', row(quoted(xml(put('k', '<object idref="L"/>'))))],
    ['another class', row(quoted(xml('').replace('a.b.Base64PutHashMap', 'java.lang.ProcessBuilder')))],
    ['a document type', row(quoted(xml('').replace('<java', '<!DOCTYPE a>\n<java')))],
  ])('leaves %s to the decoder', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  it('leaves a row of nothing but tabs, which is a blank line', () => {
    expect(scanned(scannerOf(COLUMNS, '\t'), '\t\t\t\n')).toBeUndefined();
    expect(decoded(COLUMNS, '\t', '\t\t\t\n')).toBeUndefined();
  });

  it('leaves a row whose details are cut short and followed by another row', () => {
    const whole = row(quoted(xml(put('n', '<int>7</int>'))));
    const cut = whole.slice(0, whole.indexOf('<?xml') + '<?xml version'.length);
    const scanner = scannerOf(COLUMNS, ',');
    expect(cut).toMatch(/<\?xml version$/);
    expect(scanned(scanner, whole)).toBeDefined();
    expect(scanned(scanner, `${cut}\n"7ab1","node-2",${whole.slice(whole.indexOf('"'))}`)).toBeUndefined();
  });

  it('never reads a row in another way than the decoder', () => {
    const piece = fc.constantFrom(
      ...['a', 'é', '"', '""', '\\', '&amp;', '&', '<', '>', ' ', '\n', '\r\n', '\t', 'B64:', 'w7Y=', 'NULL', ',', ';'],
    );
    const word = fc.array(piece, { maxLength: 4 }).map((parts) => parts.join(''));
    const value = fc.oneof(
      { weight: 4, arbitrary: word.map((text) => `<string>${text}</string>`) },
      fc.integer().map((number) => `<int>${number}</int>`),
      fc.integer().map((number) => `<object class="java.util.Date"><long>${number * 1e6}</long></object>`),
      fc.double().map((number) => `<double>${number}</double>`),
      word.map((text) => `<boolean>${text}</boolean>`),
      fc.constantFrom('<null/>', '<null></null>', '<array class="int" length="2"/>', '<string/>', '<int>+1</int>'),
      word.map(
        (text) => `<object class="java.util.ArrayList"><void method="add"><string>${text}</string></void></object>`,
      ),
    );
    const key = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('k', 'l', '') }, word);
    const entry = fc.tuple(key, value).map(([name, xmlValue]) => put(name, xmlValue));
    const details = fc.array(entry, { maxLength: 3 }).map((puts) => quoted(xml(puts.join(''))));
    const cell = fc.oneof(word, word.map(quoted), details);
    const line = fc.tuple(
      fc.tuple(cell, cell, fc.oneof({ weight: 4, arbitrary: details }, cell), cell),
      fc.constantFrom('\n', '\r\n'),
    );
    const scanners = new Map([',', ';', '\t'].map((delimiter) => [delimiter, scannerOf(COLUMNS, delimiter)]));
    fc.assert(
      fc.property(line, fc.constantFrom(',', ';', '\t'), ([cells, end], delimiter) => {
        const text = cells.join(delimiter) + end;
        const scanner = scanners.get(delimiter);
        const found = scanner && scanned(scanner, `${text}x`);
        if (!found) return;
        const bytes = encoder.encode(text);
        const rowEnd = csvRowEnd(bytes, 0, bytes.length, delimiter.charCodeAt(0), false);
        expect(found.end).toBe(rowEnd);
        expect(found.values).toEqual(decoded(COLUMNS, delimiter, utf8Text(bytes, 0, rowEnd)));
      }),
      { numRuns: 400 },
    );
  });
});
