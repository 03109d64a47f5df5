import type { Limits } from '../limits.ts';
import { type JavaValue, javaJson } from '../xml/java-value.ts';
import { readJavaXml } from '../xml/java-xml.ts';
import type { Entry, Form, FormReader } from './form.ts';
import { brokenRow, type Cell, rowEntry } from './row.ts';
import { createTextSource } from './text-source.ts';

const HEAD = /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<java\s[^>]{0,200}class="java\.beans\.XMLDecoder"[^>]{0,200}>/;
const TAG = /<(\/?)object\b([^<>]*)>/g;

/** A stream of `java.beans.XMLEncoder`: one map an object, each of which is a row. Read one at a time, so a file of any size needs little memory. */
export const javaObjects: Form = {
  id: 'java-xml',
  sniff: (head) => HEAD.test(head) || (/^\s*<(?:\?xml|java)\s/.test(head) && head.length < 1024 && 'more'),
  open: createReader,
};

function createReader({ maxRecordBytes }: Limits): FormReader {
  const source = createTextSource();
  let begun = false;
  let number = 0;
  let wait = 0;

  function take(entries: Entry[]): void {
    if (!source.ended && source.text.length < wait) return;
    if (!begun) {
      const head = HEAD.exec(source.text);
      begun = head !== null;
      if (head) source.drop(head[0].length);
    }
    if (begun) {
      let from = 0;
      for (let unit = nextObject(source.text, from); unit; unit = nextObject(source.text, from)) {
        number += 1;
        entries.push(toRow(source.text.slice(unit.from, unit.to), number));
        from = unit.to;
      }
      source.drop(from);
    }
    wait = source.text.length < 65_536 ? 0 : Math.min(source.text.length * 2, maxRecordBytes + 1);
    if (source.text.length > maxRecordBytes || (source.ended && source.text.includes('<object'))) giveUp(entries);
  }

  function giveUp(entries: Entry[]): void {
    number += 1;
    const code = source.ended ? 'truncated_upstream' : 'record_too_long';
    entries.push(
      brokenRow(number, source.text.length, {
        code,
        message: source.ended ? 'the export ends inside a row' : 'a row over the record limit',
      }),
    );
    source.drop(source.text.length);
  }

  return {
    push(chunk) {
      const entries: Entry[] = [];
      source.push(chunk);
      take(entries);
      return entries;
    },
    end() {
      const entries: Entry[] = [];
      source.end();
      take(entries);
      return entries;
    },
  };
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
