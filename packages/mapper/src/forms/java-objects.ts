import type { Limits } from '../limits.ts';
import { type JavaValue, javaJson } from '../xml/java-value.ts';
import { readJavaXml } from '../xml/java-xml.ts';
import type { Entry, Form, FormReader } from './form.ts';
import { brokenRow, type Cell, rowEntry } from './row.ts';
import { createUnitReader } from './unit-reader.ts';

const HEAD = /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<java\s[^>]{0,200}class="java\.beans\.XMLDecoder"[^>]{0,200}>/;
const TAG = /<(\/?)object\b([^<>]*)>/g;

/** A stream of `java.beans.XMLEncoder`: one map an object, each of which is a row. Read one at a time, so a file of any size needs little memory. */
export const javaObjects: Form = {
  id: 'java-xml',
  sniff: (head) => HEAD.test(head) || (/^\s*<(?:\?xml|java)\s/.test(head) && head.length < 1024 && 'more'),
  open: createReader,
};

function createReader({ maxRecordBytes }: Limits): FormReader {
  let begun = false;
  let number = 0;

  return createUnitReader(maxRecordBytes, {
    take(source, entries) {
      if (!begun) {
        const head = HEAD.exec(source.text);
        begun = head !== null;
        if (head) source.drop(head[0].length);
      }
      let from = 0;
      for (let unit = begun && nextObject(source.text, from); unit; unit = nextObject(source.text, from)) {
        number += 1;
        entries.push(toRow(source.text.slice(unit.from, unit.to), number));
        from = unit.to;
      }
      source.drop(from);
    },
    isRest: (text) => text.includes('<object'),
    giveUp() {
      number += 1;
      return number;
    },
  });
}

/** Place of the next whole object; what is inside its texts is escaped, so every tag is one. */
function nextObject(text: string, from: number): { from: number; to: number } | undefined {
  TAG.lastIndex = from;
  let depth = 0;
  let start = -1;
  for (let tag = TAG.exec(text); tag; tag = TAG.exec(text)) {
    if (start === -1) start = tag.index;
    if (tag[1] === '/') depth -= 1;
    else if (!tag[2]?.endsWith('/')) depth += 1;
    if (depth <= 0) return { from: start, to: TAG.lastIndex };
  }
  return undefined;
}

function toRow(xml: string, number: number): Entry {
  const read = readJavaXml(`<java class="java.beans.XMLDecoder">${xml}</java>`);
  const [root] = 'values' in read ? read.values : [];
  if (root?.kind === 'map') {
    return rowEntry(
      root.entries.map(([name]) => name),
      root.entries.map(([, value]) => toCell(value)),
      number,
      xml,
    );
  }
  const problem = 'problem' in read ? read.problem : 'not a map';
  return brokenRow(number, xml.length, { code: 'unreadable_details', message: `the row is not readable: ${problem}` });
}

function toCell(value: JavaValue): Cell {
  if (value.kind === 'null') return null;
  return 'text' in value ? value.text : javaJson(value);
}
