import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JavaValue, javaJson } from './java-value.ts';
import { readJavaXml } from './java-xml.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<java version="17.0.15" class="java.beans.XMLDecoder">\n ';
const wrap = (inner: string, type = 'org.cesecore.util.Base64PutHashMap') =>
  `${HEAD}<object class="${type}">${inner}</object>\n</java>\n`;
const put = (key: string, value: string) => `<void method="put">\n <string>${key}</string>\n ${value}\n</void>`;
const read = (text: string) => {
  const result = readJavaXml(text);
  return 'values' in result ? result.values.map(javaJson).join('|') : `refused: ${result.problem}`;
};
const value = (xml: string) => read(wrap(put('k', xml)));

describe('readJavaXml', () => {
  it.each([
    ['<string>a&lt;b&gt;&amp;&quot;&apos;&#65;&#x42;</string>', `{"k":"a<b>&\\"'AB"}`],
    ['<string>a<char code="#1b"/>b</string>', '{"k":"a\\u001bb"}'],
    ['<string><![CDATA[<b>]]></string>', '{"k":"<b>"}'],
    ['<int>-7</int>', '{"k":-7}'],
    ['<long>9007199254740993</long>', '{"k":9007199254740993}'],
    ['<boolean>true</boolean>', '{"k":true}'],
    ['<double>NaN</double>', '{"k":"NaN"}'],
    ['<null/>', '{"k":null}'],
    ['<object class="java.util.Date"><long>1761350400123</long></object>', '{"k":"2025-10-25T00:00:00.123Z"}'],
    ['<object class="java.util.ArrayList"><void method="add"><int>1</int></void></object>', '{"k":[1]}'],
    ['<object class="java.util.Collections" method="emptyList"/>', '{"k":[]}'],
    ['<object class="java.lang.Enum" method="valueOf"><class>a.B</class><string>C</string></object>', '{"k":"C"}'],
    ['<array class="int" length="3"><void index="1"><int>5</int></void></array>', '{"k":[0,5,0]}'],
    ['<array class="boolean" length="2"/>', '{"k":[false,false]}'],
    ['<array class="double" length="1"/>', '{"k":[0]}'],
    [
      '<array class="java.lang.String" length="2"><void index="1"><string>a</string></void></array>',
      '{"k":[null,"a"]}',
    ],
    ['<array class="byte"><byte>1</byte><byte>-2</byte></array>', '{"k":[1,-2]}'],
    ['<class>java.util.Date</class>', '{"k":"java.util.Date"}'],
  ])('reads %s as data', (xml, json) => {
    expect(value(xml)).toBe(json);
  });

  it('D60 reads any java version, the old class names, no declaration, and the blanks that the documentation prints inside tags', () => {
    for (const type of ['org.ejbca.util.Base64PutHashMap', 'java.util.LinkedHashMap', 'java.util.TreeMap']) {
      expect(read(wrap(put('a', '<string>b</string>'), type))).toBe('{"a":"b"}');
    }
    const printed = `<? xml version="1.0" encoding="UTF-8"?>\n< java version="1.6.0_24" class="java.beans.XMLDecoder">\n< object class="org.cesecore.util.Base64PutHashMap">
      < void method="put">\n< string >GLOBALCONFIG_PROPERTY</ string >\n< string >GLOB.WORKER1.CLASSPATH</ string >\n</ void >\n</ object >\n</ java >`;
    expect(read(printed)).toBe('{"GLOBALCONFIG_PROPERTY":"GLOB.WORKER1.CLASSPATH"}');
  });

  it('keeps names that mean something to JavaScript as data', () => {
    const result = readJavaXml(wrap(put('__proto__', '<string>a</string>')));
    expect('values' in result && result.values[0]).toEqual({
      kind: 'map',
      entries: [['__proto__', { kind: 'string', text: 'a' }]],
    });
  });

  it('follows a reference to a complete value, and no other', () => {
    const list = '<object class="java.util.ArrayList" id="L"><void method="add"><string>x</string></void></object>';
    expect(read(wrap(put('a', list) + put('b', '<object idref="L"/>')))).toBe('{"a":["x"],"b":["x"]}');
    expect(value('<object idref="L"/>')).toMatch(/^refused/);
    expect(
      value('<object class="java.util.ArrayList" id="L"><void method="add"><object idref="L"/></void></object>'),
    ).toMatch(/^refused/);
  });

  it('refuses references that multiply', () => {
    const level = (n: number) =>
      put(
        `k${n}`,
        `<object class="java.util.ArrayList" id="L${n}">${'<void method="add"><object idref="L'.concat(`${n - 1}"/></void>`).repeat(10)}</object>`,
      );
    const first = put(
      'k0',
      '<object class="java.util.ArrayList" id="L0"><void method="add"><string>x</string></void></object>',
    );
    expect(read(wrap(first + [1, 2, 3, 4, 5, 6].map(level).join('')))).toBe('refused: more than 100000 values');
  });

  it.each([
    ['a document type', `<!DOCTYPE a [<!ENTITY b "c">]>${wrap(put('k', '<string>&b;</string>'))}`],
    ['an unknown entity', wrap(put('k', '<string>&b;</string>'))],
    ['a comment', wrap(put('k', '<string>a<!-- b --></string>'))],
    ['an instruction', wrap(put('k', '<?x y?><string>a</string>'))],
    ['a foreign class', wrap(put('k', '<object class="java.lang.ProcessBuilder"><void method="start"/></object>'))],
    ['another method', wrap('<void method="clear"/>')],
    ['a static field', wrap(put('k', '<object class="java.lang.System" field="out"/>'))],
    ['a new element', wrap(put('k', '<new class="java.io.File"><string>/x</string></new>'))],
    [
      'a property',
      wrap(put('k', '<object class="java.util.Date"><void property="time"><long>1</long></void></object>')),
    ],
    ['a put with one value', wrap('<void method="put"><string>k</string></void>')],
    [
      'a put with three values',
      wrap('<void method="put"><string>k</string><string>a</string><string>b</string></void>'),
    ],
    ['a huge array', wrap(put('k', '<array class="int" length="2147483647"/>'))],
    ['many large arrays', wrap([1, 2].map((n) => put(`k${n}`, '<array class="int" length="65000"/>')).join(''))],
    [
      'an element behind the end of its array',
      wrap(put('k', '<array class="int" length="1"><void index="1"><int>1</int></void></array>')),
    ],
    [
      'an element of an array with two values',
      wrap(put('k', '<array class="int" length="1"><void index="0"><int>1</int><int>1</int></void></array>')),
    ],
    ['a negative array', wrap(put('k', '<array class="int" length="-1"/>'))],
    ['an int out of range', wrap(put('k', '<int>99999999999</int>'))],
    ['an int that is none', wrap(put('k', '<int>0x10</int>'))],
    ['another decoder', wrap('').replace('java.beans.XMLDecoder', 'java.lang.Object')],
    ['a cut text', wrap(put('k', '<string>v</string>')).slice(0, 150)],
    ['text behind the end', `${wrap('')}x`],
    ['what is not XML', 'msg=hello'],
    ['nothing', ''],
    ['a key that is not escaped', wrap(put('a<b', '<string>v</string>'))],
    [
      'deep nesting',
      wrap(
        put(
          'k',
          '<object class="java.util.ArrayList"><void method="add">'.repeat(5000) +
            '<null/>' +
            '</void></object>'.repeat(5000),
        ),
      ),
    ],
  ])('D59 refuses %s', (_, text) => {
    expect(read(text)).toMatch(/^refused: /);
  });

  it('never throws, and never says what it read', () => {
    const piece = fc.constantFrom(
      '<java class="java.beans.XMLDecoder">',
      '<object class="java.util.HashMap">',
      '<void method="put">',
      '</void>',
      '<string>',
      '</string>',
      '</object>',
      '</java>',
      '&lt;',
      '&x;',
      '<![CDATA[',
      ']]>',
      'SECRET',
      '<',
      '<char code="#',
      '"/>',
      '<null/>',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 20 }), (parts) => {
        const result = readJavaXml(parts.join(''));
        if ('problem' in result) expect(result.problem).not.toContain('SECRET');
      }),
    );
  });

  it('reads back what an encoder wrote', () => {
    const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/\r/g, '&#13;');
    const { value: tree } = fc.letrec<{ value: JavaValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string().map((text): JavaValue => ({ kind: 'string', text })),
        fc.integer().map((n): JavaValue => ({ kind: 'int', text: String(n) })),
        fc
          .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
          .map((n): JavaValue => ({ kind: 'long', text: String(n) })),
        fc.boolean().map((flag): JavaValue => ({ kind: 'boolean', text: String(flag) })),
        fc.constant<JavaValue>({ kind: 'null' }),
        fc.array(tie('value'), { maxLength: 3 }).map((items): JavaValue => ({ kind: 'list', items })),
        fc
          .array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 })
          .map((entries): JavaValue => ({ kind: 'map', entries })),
      ),
    }));
    const write = (node: JavaValue): string => {
      if (node.kind === 'null') return '<null/>';
      if (node.kind === 'list')
        return `<object class="java.util.ArrayList">${node.items.map((item) => `<void method="add">${write(item)}</void>`).join('')}</object>`;
      if (node.kind === 'map') {
        const puts = node.entries.map(
          ([key, item]) => `<void method="put"><string>${escaped(key)}</string>${write(item)}</void>`,
        );
        return `<object class="java.util.HashMap">${puts.join('')}</object>`;
      }
      return `<${node.kind}>${escaped(node.text)}</${node.kind}>`;
    };
    fc.assert(
      fc.property(tree, (node) => {
        expect(readJavaXml(`${HEAD}${write(node)}</java>`)).toEqual({ values: [node] });
      }),
    );
  });
});
