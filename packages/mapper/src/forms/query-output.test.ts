import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows as rows } from '../../test/read-rows.ts';

const chunks = fc.integer({ min: 1, max: 20 });

describe('rows of the mysql client, one column a line', () => {
  const rule = (number: number) => `*************************** ${number}. row ***************************\n`;

  it('D41 reads names flush right, values over several lines, NULL and the empty text', () => {
    const text =
      `${rule(1)}        pk: 0a1\nadditional: <?xml?>\n <java>\n  note: inside\n\n</java>\n  customId: NULL\n   service: \n` +
      `${rule(2)}        pk: 0a2\nadditional: NULL\n  customId: 7\n   service: CORE\n2 rows in set (0.001 sec)\n\n`;
    expect(rows(text)).toEqual([
      { pk: '0a1', additional: '<?xml?>\n <java>\n  note: inside\n\n</java>', customId: null, service: '' },
      { pk: '0a2', additional: null, customId: '7', service: 'CORE' },
    ]);
  });

  it('takes a line of a value for a column only where the columns of the first row allow it', () => {
    const text = `${rule(1)}  a: 1\nbcd: x\n  a: 2\n  e: 3\n${rule(2)}  a: 1\nbcd: x\n  f: 4\n  e: 3\n${rule(7)}`;
    expect(rows(text)).toEqual([
      { a: '1', bcd: 'x\n  a: 2', e: '3' },
      { a: '1', bcd: 'x\n  f: 4', e: `3\n${rule(7).trimEnd()}` },
    ]);
  });

  it('reads a second statement with columns of its own, and gives up a row that is too long', () => {
    expect(rows(`${rule(1)}a: 1\n${rule(1)}b: 2\n`)).toEqual([{ a: '1' }, { b: '2' }]);
    expect(rows(`${rule(1)}a: ${'x'.repeat(5000)}\nb: 1\n${rule(2)}a: 1\n`)).toEqual([
      'a row over the record limit',
      { a: '1' },
    ]);
  });

  it('reads back what the client writes, however the bytes are cut', () => {
    const value = fc.string({ unit: fc.constantFrom('a', ':', ' ', '\n', '*', 'é', '1'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 4 }), chunks, (written, chunk) => {
        const text = written
          .map(([one, other], index) => `${rule(index + 1)}   pk: ${one}\nother: ${other}\n  end: 1\n`)
          .join('');
        expect(rows(text, chunk)).toEqual(written.map(([pk, other]) => ({ pk, other, end: '1' })));
      }),
    );
  });
});

describe('a JSON array of rows', () => {
  it('D41 gives each object as a line, numbers as they stand, whatever its layout', () => {
    const text =
      '\ufeff[\n  {\n    "pk" : "a}\\"\\\\",\n    "n": 12345678901234567890, "o": {"x": [1, 2]}\n  },\n {"pk":"b  c"}]\n[{"pk":"d"}]\n';
    expect(rows(text)).toEqual([
      '{"pk":"a}\\"\\\\","n":12345678901234567890,"o":{"x":[1,2]}}',
      '{"pk":"b  c"}',
      '{"pk":"d"}',
    ]);
  });

  it('says that the last object is cut, that one is no JSON, and gives up one that is too long', () => {
    expect(rows('[{"a":1},{"b":secret},{"c":2}]')).toEqual(['{"a":1}', 'an object of the array is no JSON', '{"c":2}']);
    expect(rows('[{"a":1},{"b":')).toEqual(['{"a":1}', 'the input ends inside a row']);
    expect(rows(`[{"a":"${'x'.repeat(9000)}"},{"b":1}]`, 1000)[0]).toBe('a row over the record limit');
  });

  it('reads back every object that JSON.stringify writes, however the bytes are cut', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(objects, fc.constantFrom(0, 2, '\t'), chunks, (written, indent, chunk) => {
        const [, ...more] = JSON.stringify(written, null, indent);
        const read = rows(`[${more.join('')}`, chunk, 1_000_000);
        expect(read).toEqual(written.map((one) => JSON.stringify(one)));
      }),
    );
  });
});

describe('a table that is drawn', () => {
  it('D41 reads that of psql, with values over several lines and signs that look like bars', () => {
    const text = [
      ' pk  |   additional    | seq | customid ',
      '-----+-----------------+-----+----------',
      ' 0a1 | <?xml?>        +|  41 | ',
      '     |  <a|b>         +|     | ',
      '     | </java>         |     | ',
      ' 0a2 | CN=å|x          | 142 | 7',
      '(2 rows)',
      '',
    ].join('\n');
    expect(rows(text)).toEqual([
      { pk: '0a1', additional: '<?xml?>\n <a|b>\n</java>', seq: '41', customid: null },
      { pk: '0a2', additional: 'CN=å|x', seq: '142', customid: '7' },
    ]);
  });

  it('D41 reads those in a frame, of psql and of the mysql client', () => {
    const frame = '+-----+--------+------+\n';
    const text = `${frame}| pk  | nodeId | seq  |\n${frame}| 0a1 | ca1    |   41 |\n| 0a2 | NULL   | 1042 |\n${frame}2 rows in set (0.00 sec)\n`;
    expect(rows(text).slice(0, 2)).toEqual([
      { pk: '0a1', nodeId: 'ca1', seq: '41' },
      { pk: '0a2', nodeId: null, seq: '1042' },
    ]);
  });

  it('D41 reads values over several lines in a frame, where a line break takes the place of a sign', () => {
    const frame = '+----+---------+---+\n';
    const table = `${frame}| pk | value   | c |\n${frame}| 1  | x\n+-+-+ | 2 |\n| 2  | a\n\n|b   | 3 |\n`;
    expect(rows(`${table}${frame}`)).toEqual([
      { pk: '1', value: 'x\n+-+-+', c: '2' },
      { pk: '2', value: 'a\n\n|b', c: '3' },
    ]);
    expect(rows(`${table}| 3  | a\n`).at(-1)).toBe('the input ends inside a row');
  });

  it('reads a row whose wide signs move the bars, and says when the columns cannot be told apart', () => {
    const text = ' pk  |  a   | b\n-----+------+---\n 0a1 | 漢   | x\n 0a2 | 漢|y | z\n 0a3 | a    | c\n';
    expect(rows(text)).toEqual([
      { pk: '0a1', a: '漢', b: 'x' },
      'the columns of this row cannot be told apart',
      { pk: '0a3', a: 'a', b: 'c' },
    ]);
  });

  it('leaves lines with bars that are no table', () => {
    expect(rows('a | b | c\nd | e | f\n')).toEqual(['a | b | c', 'd | e | f']);
    expect(rows('web  | one\n-----+----\n')).toEqual(['web  | one', '-----+----']);
  });

  it('reads back what psql draws, however the bytes are cut', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '|', '.', 'é', 'b'), minLength: 1, maxLength: 6 });
    const value = fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 4 }), chunks, (written, chunk) => {
        expect(rows(drawn(['pk', 'first', 'other'], written), chunk)).toEqual(
          written.map(([pk, first, other]) => ({ pk, first, other })),
        );
      }),
    );
  });
});

describe('forms of query output', () => {
  it('never throw and stay within the limit', () => {
    const piece = fc.constantFrom(
      '*************************** 1. row ***************************\n',
      '   pk: x\n',
      'pk | a | b\n',
      '---+---+---\n',
      ' 1 +| 2 | 3\n',
      '[',
      '{"a":',
      '"',
      '\\',
      '}',
      ']',
      '+---+---+\n',
      'x'.repeat(50),
      '\n',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), chunks, (pieces, chunk) => {
        for (const row of rows(pieces.join(''), chunk, 200)) expect(JSON.stringify(row).length).toBeLessThan(4000);
      }),
    );
  });
});

/** As psql draws a table: names in the middle, values flush left, a `+` where a value goes on. */
function drawn(names: readonly string[], table: readonly (readonly string[])[]): string {
  const widths = names.map((name, at) =>
    Math.max(name.length, ...table.flatMap((row) => (row[at] ?? '').split('\n').map(({ length }) => length))),
  );
  const lines = [
    names.map((name, at) => ` ${name.padEnd(widths[at] ?? 0)} `).join('|'),
    widths.map((width) => '-'.repeat(width + 2)).join('+'),
  ];
  for (const row of table) {
    const cells = row.map((value) => value.split('\n'));
    const height = Math.max(...cells.map(({ length }) => length));
    for (let line = 0; line < height; line += 1)
      lines.push(
        cells
          .map((cell, at) => ` ${(cell[line] ?? '').padEnd(widths[at] ?? 0)}${line < cell.length - 1 ? '+' : ' '}`)
          .join('|'),
      );
  }
  return `${lines.join('\n')}\n(${table.length} rows)\n`;
}
