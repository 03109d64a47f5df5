import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows as rows } from '../../test/read-rows.ts';

describe('csv', () => {
  const HEAD = 'pk,additionaldetails,authtoken,customid\n';

  it('D41 reads quoted cells over several lines and keeps NULL and the empty text apart', () => {
    expect(rows(`${HEAD}a,"x ""y"",\nz",,""\nb,\\N,NULL,c\n`)).toEqual([
      { pk: 'a', additionaldetails: 'x "y",\nz', authtoken: null, customid: '' },
      { pk: 'b', additionaldetails: null, authtoken: null, customid: 'c' },
    ]);
  });

  it('reads semicolons, tabs, CRLF and a last line without a break', () => {
    expect(rows('pk;a;b;c\r\n1;2;3;4\r\n5;6;"7";8')).toEqual([
      { pk: '1', a: '2', b: '3', c: '4' },
      { pk: '5', a: '6', b: '7', c: '8' },
    ]);
    expect(rows('pk\ta\tb\tc\n1\t2\t3\t4\n')).toEqual([{ pk: '1', a: '2', b: '3', c: '4' }]);
  });

  it('reads the escapes of a batch client between tabs, and leaves the backslashes of a text that has others', () => {
    expect(rows('pk\ta\tb\tc\n1\t<x>\\n</x>\\\\\\t\tNULL\tCN=a\\,b\\n\n')).toEqual([
      { pk: '1', a: '<x>\n</x>\\\t', b: null, c: 'CN=a\\,b\\n' },
    ]);
  });

  it('keeps a quote behind a backslash, as MariaDB writes it', () => {
    expect(rows(`${HEAD}"a","say \\"hi\\" now","c","d"\n`)).toEqual([
      { pk: 'a', additionaldetails: 'say "hi" now', authtoken: 'c', customid: 'd' },
    ]);
  });

  it('says that a row is too long and goes on behind it', () => {
    const long = `a,"${'x'.repeat(9000)}",c,d\n`;
    expect(rows(`${HEAD}${long}b,c,d,e\n`, 1000)[0]).toBe('a row over the record limit');
  });

  it('reads back what RFC 4180 writes, however the bytes are cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é'), maxLength: 5 });
    const table = fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 20 }), (written, chunk) => {
        const text = written.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\n');
        expect(rows(`a,b,c,d\n${text}\n`, chunk)).toEqual(written.map(([a, b, c, d]) => ({ a, b, c, d })));
      }),
    );
  });
});

describe('sql', () => {
  it('D41 reads the INSERT of pg_dump', () => {
    const dump = `--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\nSET x = 'a;b';\nCREATE TABLE public.t (\n pk text,\n "timestamp" bigint\n);\nINSERT INTO public.t (pk, "timestamp", x) VALUES ('it''s \\n', 5, NULL);\nINSERT INTO public.t (pk, "timestamp", x) VALUES ('a
b', -1, '');\n`;
    expect(rows(dump)).toEqual([
      { pk: "it's \\n", timestamp: '5', x: null },
      { pk: 'a\nb', timestamp: '-1', x: '' },
    ]);
  });

  it('D41 reads the COPY of pg_dump, escapes included', () => {
    expect(
      rows(
        '-- PostgreSQL database dump\nCOPY public.t (pk, a, "timestamp") FROM stdin;\nx\\ty\\\\z\t\\N\t5\n\t\\n\t6\n\\.\n\nSELECT 1;\n',
      ),
    ).toEqual([
      { pk: 'x\ty\\z', a: null, timestamp: '5' },
      { pk: '', a: '\n', timestamp: '6' },
    ]);
  });

  it('D41 reads the INSERT of mysqldump: columns of the table, many rows, backslash escapes', () => {
    const dump =
      "-- MariaDB dump\nCREATE TABLE `T` (\n `pk` varchar(250) NOT NULL,\n `timeStamp` bigint(20),\n PRIMARY KEY (`pk`)\n) ENGINE=InnoDB;\nLOCK TABLES `T` WRITE;\nINSERT INTO `T` VALUES ('a\\'b\\n',1),\n('c;),(',NULL);\nUNLOCK TABLES;\n";
    expect(rows(dump)).toEqual([
      { pk: "a'b\n", timeStamp: '1' },
      { pk: 'c;),(', timeStamp: null },
    ]);
  });

  it('says that a dump ends inside a row', () => {
    expect(rows("INSERT INTO t (a, b) VALUES ('x', 'y');\nINSERT INTO t (a, b) VALUES ('z', 'cut")).toEqual([
      { a: 'x', b: 'y' },
      'the input ends inside a row',
    ]);
  });

  it('never throws and stays within the limit', () => {
    const piece = fc.constantFrom(
      'INSERT INTO t (a) VALUES ',
      "('a')",
      ',',
      ';',
      "'",
      '\\',
      'COPY t (a) FROM stdin;\n',
      '\\.\n',
      '/*',
      '*/',
      '--',
      '\n',
      '(',
      ')',
      'CREATE TABLE t (',
      'x\ty\n',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        (parts) => void rows(`INSERT INTO t (a) VALUES (1);\n${parts.join('')}`, 11),
      ),
    );
  });
});

describe('psql', () => {
  it('D41 reads expanded output; a value goes on behind a plus sign', () => {
    const text =
      '-[ RECORD 1 ]--+------\npk             | a\nadditionaldetails | x   +\n               | y\ncustomid       | \n-[ RECORD 2 ]--+------\npk             | b\n';
    expect(rows(text)).toEqual([{ pk: 'a', additionaldetails: 'x\ny', customid: null }, { pk: 'b' }]);
  });

  it('leaves what follows the last row out of its last value', () => {
    const text = '-[ RECORD 1 ]--+------\npk             | a\ncustomid       | 5\n\n(1 row)\n\n';
    expect(rows(text)).toEqual([{ pk: 'a', customid: '5' }]);
  });
});

describe('java-xml', () => {
  const put = (key: string, value: string) => `<void method="put"><string>${key}</string>${value}</void>`;

  it('reads one row a map, escaped XML inside it included', () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?>\n<java version="17" class="java.beans.XMLDecoder">\n <object class="java.util.LinkedHashMap">${put('pk', '<string>a</string>')}${put('n', '<long>5</long>')}${put('d', '<string>&lt;object&gt;</string>')}</object>\n <object class="java.util.LinkedHashMap">${put('pk', '<null/>')}</object>\n</java>\n`;
    expect(rows(text)).toEqual([{ pk: 'a', n: '5', d: '<object>' }, { pk: null }]);
  });

  it('keeps its place when one row is refused or cut', () => {
    const text =
      '<java class="java.beans.XMLDecoder"><object class="java.lang.Runtime"/><object class="java.util.HashMap"></object><object class="java.util.HashMap">';
    expect(rows(text)).toEqual([
      'the row is not readable: a class that is not in the closed set',
      {},
      'the input ends inside a row',
    ]);
  });
});

describe('tsv', () => {
  it('reads rows that begin with a key, over several lines', () => {
    const key = (digit: string) => digit.repeat(32);
    const cells = 'b\tc\td\te\tf\tg\th';
    expect(rows(`${key('a')}\t${cells}\tx\ny\n${key('b')}\t${cells}\tnull\n`)).toEqual([
      {
        column_1: key('a'),
        column_2: 'b',
        column_3: 'c',
        column_4: 'd',
        column_5: 'e',
        column_6: 'f',
        column_7: 'g',
        column_8: 'h',
        column_9: 'x\ny',
      },
      {
        column_1: key('b'),
        column_2: 'b',
        column_3: 'c',
        column_4: 'd',
        column_5: 'e',
        column_6: 'f',
        column_7: 'g',
        column_8: 'h',
        column_9: 'null',
      },
    ]);
  });
});
