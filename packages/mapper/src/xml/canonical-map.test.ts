import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCanonicalMap } from './canonical-map.ts';
import { readAnyJavaXml } from './java-xml.ts';

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<java version="17.0.15" class="java.beans.XMLDecoder">\n <object class="java.util.HashMap">\n';
const END = ' </object>\n</java>\n';
const put = (key: string, value: string) =>
  `  <void method="put">\n   <string>${key}</string>\n   ${value}\n  </void>\n`;
const read = (text: string) => readCanonicalMap(text, (type) => type === 'java.util.HashMap');

describe('readCanonicalMap', () => {
  it('reads what an encoder wrote as the reader of the whole language does', () => {
    const text =
      HEAD + put('a&amp;b', '<string>c&lt;\r\nd</string>') + put('k', '<null/>') + put('', '<string></string>') + END;
    expect(read(text)).toBeDefined();
    expect({ values: [read(text)] }).toEqual(readAnyJavaXml(text));
    expect(read(HEAD + END)).toEqual({ kind: 'map', entries: [] });
  });

  it.each([
    ['another value', put('k', '<int>1</int>')],
    ['an element inside a text', put('k', '<string>a<char code="#1b"/></string>')],
    ['an entity that is not known', put('k', '<string>&x;</string>')],
    ['other white space', put('k', ' <null/>')],
    ['a text that is cut', put('k', '<string>v')],
  ])('leaves %s', (_, puts) => {
    expect(read(HEAD + puts + END)).toBeUndefined();
  });

  it('leaves another class, and what goes on behind the document', () => {
    expect(read(HEAD.replace('HashMap', 'Other') + END)).toBeUndefined();
    expect(read(`${HEAD}${END}x`)).toBeUndefined();
    expect(read(HEAD.replace('17.0.15', '&x;') + END)).toBeUndefined();
  });

  it('never reads a text in another way', () => {
    const piece = fc.constantFrom(
      'a',
      '&amp;',
      '&#13;',
      '&',
      '<',
      '>',
      ']]>',
      '\r',
      '\n',
      '"',
      'é',
      '<!--',
      '</string>',
    );
    const word = fc.array(piece, { maxLength: 4 }).map((parts) => parts.join(''));
    const value = fc.oneof(
      word.map((text) => `<string>${text}</string>`),
      fc.constantFrom('<null/>', '<string/>'),
    );
    const puts = fc.array(
      fc.tuple(word, value).map(([key, xml]) => put(key, xml)),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(puts, fc.constantFrom(END, `${END}\n`, '', '</object></java>'), (entries, end) => {
        const text = HEAD + entries.join('') + end;
        const found = read(text);
        if (found) expect({ values: [found] }).toEqual(readAnyJavaXml(text));
      }),
      { numRuns: 300 },
    );
  });
});
