import type {
  CefFormat,
  DelimitedFormat,
  FormatRule,
  JsonFormat,
  LabelledFormat,
  ListingFormat,
  LogfmtFormat,
  PatternFormat,
  Product,
  RowFormat,
  TerminalFormat,
} from '@cryptrail/catalogue';
import type { Row } from '../forms/form.ts';
import type { Issue } from '../issue.ts';
import { compileAlternatives, type RecordTest } from '../recognise/conditions.ts';
import type { FieldValue, Frame, Layout, RawRecord } from '../records.ts';
import { type Decoded, TOO_MANY_FIELDS } from './decoded.ts';
import type { Decoders, MessageFormat } from './decoders.ts';
import { bareText } from './frame.ts';
import type { DecodeJson, JsonFields } from './json.ts';

/** A line that some product's format reads, a broken one that was meant to be a record, or neither. */
export type ReadLine =
  | { readonly kind: 'record'; readonly product: Product; readonly format: FormatRule; readonly record: RawRecord }
  | { readonly kind: 'broken'; readonly product?: Product; readonly problem: string }
  | { readonly kind: 'foreign'; readonly layout?: Layout };

/** Reads lines of the given products. */
export interface LineReader {
  read(frame: Frame): ReadLine;
  /** A record that is fields already, e.g. a parsed JSON object. */
  readFields(fields: ReadonlyMap<string, FieldValue>, frame: Frame): ReadLine;
  /** A row of a table. */
  readRow(row: Row, frame: Frame): ReadLine;
}

interface Bound<Format extends FormatRule> {
  readonly product: Product;
  readonly format: Format;
  /** Whether a decoded text is one of the product's; undefined: whatever the decoder reads is. */
  readonly claims: RecordTest | undefined;
}

const NO_ISSUES: Issue[] = [];
const REPEATED: Issue = { code: 'duplicate_field', message: 'a field occurs more than once; the last one counts' };
const NO_DETAILS: ReadonlyMap<string, FieldValue> = new Map();

/**
 * Compiles the formats of the products. `chosen`: the user named one product, so that every line that begins like its records was meant to be one.
 * `decoders`: what reads them; formats without are not read. `decode`: what reads JSON, where a format is JSON.
 */
export function createReaderWith(
  {
    cef: decodeCef,
    logfmt: decodeLogfmt,
    terminal: decodeTerminal,
    row: decodeRow,
    messages: decodeMessages,
  }: Decoders,
  products: readonly Product[],
  chosen: boolean,
  decode: DecodeJson | undefined,
): LineReader {
  const bound = products.flatMap((product) => product.formats.map((format) => bind(product, format)));
  const of = <Format extends FormatRule>(decoder: Format['decoder']) =>
    bound.filter((one): one is Bound<Format> => one.format.decoder === decoder);
  const json = of<JsonFormat>('json');
  const cef = decodeCef ? of<CefFormat>('cef') : [];
  const logfmt = decodeLogfmt ? of<LogfmtFormat>('logfmt') : [];
  const terminal = decodeTerminal ? of<TerminalFormat>('terminal') : [];
  const rows = decodeRow ? of<RowFormat>('row') : [];
  const messages = [
    ...of<LabelledFormat>('labelled'),
    ...of<DelimitedFormat>('delimited'),
    ...of<ListingFormat>('listing'),
    ...of<PatternFormat>('pattern'),
  ].flatMap((one: Bound<MessageFormat>) =>
    decodeMessages ? [{ one, decode: decodeMessages.compile(one.format) }] : [],
  );
  const layouts = decodeMessages?.layouts(products) ?? [];

  function record(one: Bound<FormatRule>, decoded: Decoded, frame: Frame, layout?: Layout): ReadLine {
    const record = rawRecord(decoded, frame);
    if (layout) record.layout = layout;
    if (frame.outer) record.outer = frame.outer;
    if (frame.truncated) record.truncated = true;
    return { kind: 'record', product: one.product, format: one.format, record };
  }

  function claim(fields: ReadonlyMap<string, FieldValue>, frame: Frame, issues = NO_ISSUES): ReadLine | undefined {
    const decoded: Decoded = { fields, details: NO_DETAILS, issues };
    const probe = rawRecord(decoded, frame);
    for (const one of json) if (one.claims?.(probe)) return record(one, decoded, frame);
    return readRow(fields, frame, issues);
  }

  function readRow(
    fields: ReadonlyMap<string, FieldValue>,
    frame: Frame,
    issues: readonly Issue[],
  ): ReadLine | undefined {
    for (const one of rows) {
      const decoded = decodeRow?.(fields, one.format);
      if (decoded && issues.length > 0)
        return record(one, { ...decoded, issues: [...issues, ...decoded.issues] }, frame);
      if (decoded) return record(one, decoded, frame);
    }
    return undefined;
  }

  function readJson(frame: Frame, text: string): ReadLine {
    const decoded = decode?.(text);
    if (!decoded) return { kind: 'foreign' };
    if ('fields' in decoded) {
      const issues = decoded.repeated || decoded.full ? jsonIssues(decoded) : NO_ISSUES;
      const claimed = claim(decoded.fields, frame, issues);
      if (claimed) return claimed;
    }
    const problem = 'problem' in decoded ? decoded.problem : 'a JSON object that is no record of a known product';
    const meant = json.find(
      ({ format }) => format.brokenMarks && (chosen || format.brokenMarks.some((mark) => text.includes(mark))),
    );
    return meant ? { kind: 'broken', product: meant.product, problem } : { kind: 'foreign' };
  }

  function readPlain(frame: Frame, text: string): ReadLine | undefined {
    if (text.startsWith('CEF:')) return firstOf(cef, (one) => decodeCef?.(text, one.format), frame);
    return (
      firstOf(logfmt, (one) => decodeLogfmt?.(text, one.format), frame) ??
      firstOf(terminal, (one) => decodeTerminal?.(text, one.format), frame)
    );
  }

  function firstOf<Format extends CefFormat | LogfmtFormat | TerminalFormat>(
    formats: readonly Bound<Format>[],
    decode: (one: Bound<Format>) => Decoded | undefined,
    frame: Frame,
  ): ReadLine | undefined {
    for (const one of formats) {
      const decoded = decode(one);
      if (decoded && (!one.claims || one.claims(rawRecord(decoded, frame)))) return record(one, decoded, frame);
    }
    return undefined;
  }

  function readMessage(frame: Frame, message: string, layout?: Layout): ReadLine | undefined {
    for (const { one, decode } of messages) {
      const categories = 'categories' in one.format ? one.format.categories : undefined;
      if (!decodeMessages?.announces(categories, layout)) continue;
      const announced = categories !== undefined && layout?.category !== undefined;
      const decoded = decode(message, announced);
      if (decoded) return record(one, decoded, frame, layout);
    }
    return undefined;
  }

  return {
    read(frame) {
      if (frame.withheld)
        return frame.truncated ? { kind: 'broken', problem: 'the message was left out upstream' } : { kind: 'foreign' };
      const text = bareText(frame.text);
      if (text.startsWith('{')) return readJson(frame, text);
      const plain = readPlain(frame, frame.text.trimStart()) ?? readMessage(frame, frame.text, frame.layout);
      if (plain) return plain;
      let outside = frame.layout;
      for (const readLayout of layouts) {
        const found = readLayout(frame.text);
        if (!found) continue;
        outside ??= found.layout;
        const read = readMessage(frame, found.message, found.layout);
        if (read) return read;
      }
      return outside ? { kind: 'foreign', layout: outside } : { kind: 'foreign' };
    },
    readFields: (fields, frame) => claim(fields, frame) ?? { kind: 'foreign' },
    readRow({ fields, broken, issues }, frame) {
      const read = broken ? undefined : readRow(fields, frame, issues);
      const [issue] = issues;
      const [first] = rows;
      if (read || !first || !issue) return read ?? { kind: 'foreign' };
      return { kind: 'broken', product: first.product, problem: issue.message };
    },
  };
}

function jsonIssues({ repeated, full }: JsonFields): Issue[] {
  return [...(repeated ? [REPEATED] : []), ...(full ? [TOO_MANY_FIELDS] : [])];
}

function bind(product: Product, format: FormatRule): Bound<FormatRule> {
  const claims = 'claims' in format && format.claims ? compileAlternatives(format.claims) : undefined;
  return { product, format, claims };
}

function rawRecord({ fields, details, issues }: Decoded, { text, position }: Frame): Mutable<RawRecord> {
  return { fields, details, original: text, position, issues };
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
