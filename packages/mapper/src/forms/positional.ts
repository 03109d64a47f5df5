import { MAX_FIELDS } from '../decode/decoded.ts';
import type { Limits } from '../limits.ts';
import type { Entry, Form, FormReader } from './form.ts';
import { rowEntry } from './row.ts';
import { createUnitReader } from './unit-reader.ts';

const ROW_START = /(?:^|\n)(?=[0-9a-f]{32}\t)/g;
const MIN_TABS = 8;

/** Tab separated values without header or escapes, as an exporter writes them: a row begins with a key of 32 hex digits, and runs to the next one, line breaks included. Columns have numbers for names. */
export const positional: Form = {
  id: 'tsv',
  sniff: (head) => /^[0-9a-f]{32}\t/.test(head) && head.split('\t', MIN_TABS + 1).length > MIN_TABS,
  open: createReader,
};

function createReader({ maxRecordBytes }: Limits): FormReader {
  let number = 0;

  function row(text: string): Entry[] {
    const original = text.replace(/\r?\n$/, '');
    if (original.trim() === '') return [];
    number += 1;
    return [rowEntry([], original.split('\t', MAX_FIELDS + 1), number, original)];
  }

  return createUnitReader(maxRecordBytes, {
    take(source, entries) {
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
    },
    giveUp() {
      number += 1;
      return number;
    },
  });
}
