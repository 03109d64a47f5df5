import { trimPadding } from '../decode/frame.ts';
import type { Limits } from '../limits.ts';
import { csv } from './csv.ts';
import type { Entry, Form, FormReader } from './form.ts';
import { javaObjects } from './java-objects.ts';
import { journalExport } from './journal-export.ts';
import { lines } from './lines.ts';
import { positional } from './positional.ts';
import { psql } from './psql.ts';
import { sql } from './sql.ts';

/** Every form, most telling first; `lines` is what is left. */
export const FORMS: readonly Form[] = [journalExport, psql, sql, javaObjects, positional, csv, lines];

/** The ids of all forms: what option `input` of the pipeline may name. */
export const INPUT_FORMS: readonly string[] = FORMS.map(({ id }) => id);

/** Bytes looked at before the form must be decided. */
const HEAD_BYTES = 64 * 1024;

/** Opens an input whose form is told by its content: the bytes are held back until a line with something in it is complete. `forced`: the id of a form, instead of looking. */
export function openByContent(limits: Limits, forced?: string): FormReader {
  const chosen = FORMS.find(({ id }) => id === forced);
  let reader: FormReader | undefined = chosen?.open(limits);
  let head: Uint8Array[] = [];
  let held = 0;

  function start(final: boolean): Entry[] {
    const whole = concatenate(head, held);
    const text = trimPadding(new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole.subarray(0, HEAD_BYTES)));
    if (!final && held < HEAD_BYTES && !hasLine(text)) return [];
    const undecided = !final && held < HEAD_BYTES;
    const form = FORMS.find((candidate) => {
      const answer = candidate.sniff(text);
      return answer === true || (answer === 'more' && undecided);
    });
    if (form?.sniff(text) === 'more') return [];
    reader = (form ?? lines).open(limits);
    head = [];
    return reader.push(whole);
  }

  return {
    push(chunk) {
      if (reader) return reader.push(chunk);
      head.push(chunk.slice());
      held += chunk.length;
      return start(false);
    },
    end() {
      const first = reader ? [] : start(true);
      return [...first, ...(reader?.end() ?? [])];
    },
  };
}

/** True when a line with more than white space in it has ended. */
function hasLine(text: string): boolean {
  const from = text.length - text.trimStart().length;
  return from < text.length && text.indexOf('\n', from) !== -1;
}

function concatenate(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
