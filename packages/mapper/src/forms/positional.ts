import type { Limits } from '../limits.ts';
import type { Entry, Form, FormReader } from './form.ts';
import { brokenRow, rowEntry } from './row.ts';
import { createTextSource } from './text-source.ts';

const ROW_START = /(?:^|\n)(?=[0-9a-f]{32}\t)/g;
const MIN_TABS = 8;

/** Tab separated values without header or escapes, as an exporter writes them: a row begins with a key of 32 hex digits, and runs to the next one, line breaks included. Columns have numbers for names. */
export const positional: Form = {
  id: 'tsv',
  sniff: (head) => /^[0-9a-f]{32}\t/.test(head) && head.split('\t', MIN_TABS + 1).length > MIN_TABS,
  open: createReader,
};

function createReader({ maxRecordBytes }: Limits): FormReader {
  const source = createTextSource();
  let number = 0;
  let wait = 0;

  function row(text: string): Entry[] {
    const original = text.replace(/\r?\n$/, '');
    if (original.trim() === '') return [];
    number += 1;
    return [rowEntry([], original.split('\t'), number, original)];
  }

  function take(): Entry[] {
    if (!source.ended && source.text.length < wait) return [];
    const entries: Entry[] = [];
    const { text } = source;
    let from = 0;
    ROW_START.lastIndex = 1;
    for (let start = ROW_START.exec(text); start; start = ROW_START.exec(text)) {
      const at = start.index + start[0].length;
      entries.push(...row(text.slice(from, at)));
      from = at;
      ROW_START.lastIndex = at + 1;
    }
    if (source.ended) entries.push(...row(text.slice(from)));
    source.drop(source.ended ? text.length : from);
    wait = source.text.length < 65_536 ? 0 : Math.min(source.text.length * 2, maxRecordBytes + 1);
    if (source.text.length > maxRecordBytes) {
      number += 1;
      entries.push(
        brokenRow(number, source.text.length, { code: 'record_too_long', message: 'a row over the record limit' }),
      );
      source.drop(source.text.length);
    }
    return entries;
  }

  return {
    push(chunk) {
      source.push(chunk);
      return take();
    },
    end() {
      source.end();
      return take();
    },
  };
}
