import { joinBytes } from '../bytes.ts';
import { type TextEncoding, tellEncoding } from '../decode/encoding.ts';
import { type LineStart, trimPadding } from '../decode/frame.ts';
import type { Limits } from '../limits.ts';
import { csv } from './csv.ts';
import type { Form, FormReader } from './form.ts';
import { javaObjects } from './java-objects.ts';
import { journalExport } from './journal-export.ts';
import { jsonArray } from './json-array.ts';
import { lines } from './lines.ts';
import { mysqlVertical } from './mysql-vertical.ts';
import { positional } from './positional.ts';
import { psql } from './psql.ts';
import { sql } from './sql.ts';
import { textTable } from './text-table.ts';

/** Every form, most telling first; `lines` is what is left. */
export const FORMS: readonly Form[] = [
  journalExport,
  psql,
  mysqlVertical,
  sql,
  javaObjects,
  positional,
  jsonArray,
  textTable,
  csv,
  lines,
];

/** The ids of all forms: what option `input` of the pipeline may name. */
export const INPUT_FORMS: readonly string[] = FORMS.map(({ id }) => id);

/** Bytes looked at before the form must be decided. */
const HEAD_BYTES = 64 * 1024;

/** Reads an input whose form is told by its content. */
export interface ContentReader extends FormReader {
  /**
   * Holds bytes back until they tell the form; gives those that are to be pushed or offered next: what was held, and the chunk. Whoever asks must ask for each chunk.
   */
  tell(chunk: Uint8Array): Uint8Array | undefined;
}

/** Opens an input whose form is told by its content: the bytes are held back until a line with something in it is complete. `forced`: the id of a form, instead of looking. `from`: where in lines the first byte stands. */
export function openByContent(limits: Limits, forced?: string, from?: LineStart): ContentReader {
  const chosen = FORMS.find(({ id }) => id === forced);
  // The middle of an input tells nothing of its form: only lines are taken up there.
  let reader = from && (chosen ?? lines).open(limits, from.encoding, from);
  let held: Uint8Array = new Uint8Array();

  /** The form of what is held, or undefined while the next bytes may tell. */
  function decide(whole: Uint8Array, encoding: TextEncoding, final: boolean): Form | undefined {
    if (chosen) return whole.length > 1 || final ? chosen : undefined;
    const full = final || whole.length >= HEAD_BYTES;
    const text = trimPadding(new TextDecoder(encoding, { ignoreBOM: true }).decode(whole.subarray(0, HEAD_BYTES)));
    if (!full && !hasLine(text)) return undefined;
    for (const form of FORMS) {
      const answer = form.sniff(text);
      if (answer === true) return form;
      if (answer === 'more' && !full) return undefined;
    }
    return lines;
  }

  /** The reader of what an input begins with; undefined while the next bytes may tell. */
  function readerOf(whole: Uint8Array, final: boolean): FormReader | undefined {
    const encoding = tellEncoding(whole);
    const form = decide(whole, encoding, final);
    if (!form) return undefined;
    return form.anyEncoding || encoding === 'utf-8'
      ? form.open(limits, encoding)
      : transcode(form.open(limits), encoding);
  }

  function tell(chunk: Uint8Array): Uint8Array | undefined {
    if (reader) return chunk;
    const whole = held.length === 0 ? chunk : joinBytes([held, chunk]);
    reader = readerOf(whole, false);
    // Whoever gives a chunk may use its memory again.
    held = reader ? new Uint8Array() : whole.slice();
    return reader && whole;
  }

  return {
    get next() {
      return reader?.next ?? { offset: 0, number: 1 };
    },
    encodingBefore: (number) => reader?.encodingBefore?.(number),
    offer: (chunk, taker) => reader?.offer?.(chunk, taker) ?? false,
    offerRows: (chunk, taker) => reader?.offerRows?.(chunk, taker) ?? false,
    tell,
    settle: () => reader?.settle?.() ?? [],
    push(chunk) {
      const told = tell(chunk);
      return told && reader ? reader.push(told) : [];
    },
    end() {
      if (reader) return reader.end();
      reader = readerOf(held, true);
      return reader ? [...reader.push(held), ...reader.end()] : [];
    },
  };
}

/** Feeds a form that reads UTF-8 with the bytes of another encoding. */
function transcode(reader: FormReader, encoding: TextEncoding): FormReader {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  return {
    get next() {
      return reader.next;
    },
    push: (chunk) => reader.push(encoder.encode(decoder.decode(chunk, { stream: true }))),
    end: () => [...reader.push(encoder.encode(decoder.decode())), ...reader.end()],
  };
}

/** True when a line with more than white space in it has ended. */
function hasLine(text: string): boolean {
  const from = text.length - text.trimStart().length;
  return from < text.length && text.indexOf('\n', from) !== -1;
}
