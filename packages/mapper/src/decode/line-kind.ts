import type {
  DelimitedFormat,
  LabelledFormat,
  PatternFormat,
  Product,
  SeverityRule,
  TextShape,
} from '@cryptrail/catalogue';
import { flat } from '../flat.ts';
import type { Frame, Layout } from '../records.ts';
import { beginsGoTrace } from './go-trace.ts';
import { compileLayout, type ReadLayout } from './layout.ts';
import { patternStart } from './pattern.ts';
import { beginsPythonTrace } from './python-trace.ts';
import { hasShape } from './text-shape.ts';
import { compileUnknownLayout } from './unknown-layout.ts';

/** What one physical line is to the lines after it.
 * - `labelled`: begins a record that goes on to its end mark
 * - `delimited`: begins a record that goes on to the next line that begins one
 * - `single`: a whole record
 * - `text`: begins some other line of a log; a stack trace may follow
 * - `go_trace`: begins what a Go program prints when it dies
 * - `python_trace`: begins what a Python program prints of an exception
 * - `loose`: begins nothing that is known */
export type LineKind =
  | { readonly kind: 'labelled'; readonly isEnd: (line: string) => boolean }
  | { readonly kind: 'delimited' | 'single' | 'text' | 'go_trace' | 'python_trace' | 'loose' };

const SINGLE: LineKind = { kind: 'single' };
const DELIMITED: LineKind = { kind: 'delimited' };
const TEXT: LineKind = { kind: 'text' };
const GO_TRACE: LineKind = { kind: 'go_trace' };
const PYTHON_TRACE: LineKind = { kind: 'python_trace' };
const LOOSE: LineKind = { kind: 'loose' };

/** `WARN[0042]`, coloured or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape of a coloured terminal
const TERMINAL = /^(?:\u001b\[\d{1,3}m)?[A-Z]{4}(?:\u001b\[0m)?\[/;

/** Compiles a look at the beginning of a line: cheap, and the same question that the decoders answer in full later. */
export function createLineKinds(products: readonly Product[]): (frame: Pick<Frame, 'text' | 'layout'>) => LineKind {
  const formats = products.flatMap((product) => product.formats);
  const prefixes = formats.flatMap((format) =>
    format.decoder === 'logfmt' ? format.leading.map((key) => `${key.replace(/\?$/, '')}=`) : [],
  );
  const hasTerminal = formats.some((format) => format.decoder === 'terminal');
  const layouts = createLayouts(products);
  const tests = formats.flatMap((format) => messageTest(format) ?? []);

  function ofMessage(message: string, layout?: Layout): LineKind | undefined {
    for (const test of tests) {
      const kind = announces(test.categories, layout) ? test.read(message, layout !== undefined) : undefined;
      if (kind) return kind;
    }
    return undefined;
  }

  return ({ text, layout }) => {
    if (text.startsWith('{') || text.startsWith('CEF:')) return SINGLE;
    if (prefixes.some((prefix) => text.startsWith(prefix))) return SINGLE;
    if (hasTerminal && TERMINAL.test(text)) return SINGLE;
    const bare = ofMessage(text, layout);
    if (bare) return bare;
    let kind = layout ? TEXT : beginOfTrace(text);
    for (const read of layouts) {
      const found = read(text);
      if (!found) continue;
      kind = TEXT;
      const announced = ofMessage(found.message, found.layout);
      if (announced) return announced;
    }
    return kind;
  };
}

function beginOfTrace(text: string): LineKind {
  if (beginsGoTrace(text)) return GO_TRACE;
  return beginsPythonTrace(text) ? PYTHON_TRACE : LOOSE;
}

/** The layouts of the products, each once, in the order given; last what finds announced messages behind any other beginning of a line. */
export function createLayouts(products: readonly Product[]): ReadLayout[] {
  const known = [...new Set(products.flatMap((product) => product.layouts ?? []))].map(compileLayout);
  const announced = products.flatMap((product) => product.formats).flatMap((format) => messageTest(format) ?? []);
  const unknown = compileUnknownLayout(
    announced.flatMap(({ categories, read }) =>
      categories ? [{ categories, begins: (message) => read(message, false) !== undefined }] : [],
    ),
    new Set(products.flatMap(({ severities }) => Object.values(severities).flatMap(levelWords))),
  );
  const isOther = (layout: Layout) =>
    !announced.some(({ categories }) => categories && layout.category !== undefined && announces(categories, layout));
  // Not where a known layout names another logger: its text must not pass for a record by naming a category.
  const namesOther: ReadLayout = (text) =>
    known.map((read) => read(text)).find((found) => found && isOther(found.layout));
  return [...known, (text) => (namesOther(text) ? undefined : unknown(text))];
}

/** The words for a level that layouts print, in capitals. */
function levelWords({ in: space, words }: SeverityRule): string[] {
  return space === 'layout' ? Object.keys(words).map((word) => word.toUpperCase()) : [];
}

/** True when the layout's category is one of these, in full, abbreviated or by its last parts; without categories or without a printed one everything is. */
export function announces(categories: readonly string[] | undefined, layout: Layout | undefined): boolean {
  const category = layout?.category;
  if (!categories || category === undefined) return true;
  const answers = announced.get(categories) ?? new Map<string, boolean>();
  const known = answers.get(category);
  if (known !== undefined) return known;
  const answer = categories.some((one) => isSameCategory(one, category));
  if (answers.size >= MAX_CATEGORIES) answers.clear();
  announced.set(categories, answers.set(flat(category), answer));
  return answer;
}

/** Answers by list of categories: a log has few loggers, and each line asks for all lists. */
const announced = new WeakMap<readonly string[], Map<string, boolean>>();
const MAX_CATEGORIES = 512;

/** RFC 5424 allows a message id so many signs: a logger's name that is longer arrives cut. */
const MSGID_LENGTH = 32;

/** `org.cesecore.Audit` is printed as `Audit`, `cesecore.Audit` or `o.c.Audit`, as the layout was told. */
function isSameCategory(known: string, printed: string): boolean {
  if (known === printed || (printed.length === MSGID_LENGTH && known.startsWith(printed))) return true;
  const parts = known.split('.');
  const shown = printed.split('.');
  if (shown.length > parts.length || shown.at(-1) !== parts.at(-1)) return false;
  const from = parts.length - shown.length;
  return shown.every((part, at) => part !== '' && (parts[from + at]?.startsWith(part) ?? false));
}

interface MessageTest {
  readonly categories: readonly string[] | undefined;
  readonly read: (message: string, announced: boolean) => LineKind | undefined;
}

function messageTest(format: Product['formats'][number]): MessageTest | undefined {
  if (format.decoder === 'labelled') return { categories: format.categories, read: labelledTest(format) };
  if (format.decoder === 'delimited') return { categories: format.categories, read: delimitedTest(format) };
  if (format.decoder === 'listing') return { categories: undefined, read: delimitedTest(format) };
  if (format.decoder === 'pattern') return { categories: format.categories, read: patternTest(format) };
  return undefined;
}

/** `EVENT: KEYGEN; OUTCOME: …`; what a layout announces need only begin so. */
function labelledTest(rule: LabelledFormat): MessageTest['read'] {
  const labels = rule.columns.slice(1).map(([label]) => label);
  const isEnd = endTest(rule);
  return (message, announced) => {
    if (!message.startsWith(rule.start)) return undefined;
    if (rule.preface) return { kind: 'labelled', isEnd };
    const next = message.indexOf(rule.separator, rule.start.length) + rule.separator.length;
    const followed = next >= rule.separator.length && labels.some((label) => message.startsWith(label, next));
    if (!announced && !followed) return undefined;
    return { kind: 'labelled', isEnd };
  };
}

/** A line that ends in the separator, the end label and digits. */
function endTest({ separator, end: [label] }: LabelledFormat): (line: string) => boolean {
  const mark = separator + label;
  return (line) => {
    const text = line.trimEnd();
    const at = text.lastIndexOf(mark);
    return at !== -1 && hasShape(text.slice(at + mark.length), 'digits');
  };
}

/** Literal text of this length at its beginning tells a message of a pattern without a layout. */
const TELLING_LENGTH = 8;

/** True when a message of the pattern can be told by its own beginning. */
export function isTelling(order: string): boolean {
  return patternStart(order).length >= TELLING_LENGTH;
}

function patternTest({ order }: PatternFormat): MessageTest['read'] {
  const start = patternStart(order);
  const telling = isTelling(order);
  return (message, announced) => ((announced || telling) && message.startsWith(start) ? DELIMITED : undefined);
}

type ColumnRule = Pick<DelimitedFormat, 'columns' | 'delimiter' | 'shapes' | 'firstOptional'>;

/** `2026-10-24 22:53:26+02:00;KEYGEN;`: as many columns as have a stated form. */
function delimitedTest(rule: ColumnRule): MessageTest['read'] {
  const wanted = rule.columns.map((column) => (Object.hasOwn(rule.shapes, column) ? rule.shapes[column] : undefined));
  const shapes = wanted.slice(0, wanted.findLastIndex((shape) => shape !== undefined) + 1);
  const later = shapes.slice(1);
  return (message) => {
    if (fitsShapes(message, rule.delimiter, shapes)) return DELIMITED;
    return rule.firstOptional === true && fitsShapes(message, rule.delimiter, later) ? DELIMITED : undefined;
  };
}

/** True when the texts before the first delimiters have these forms. */
function fitsShapes(message: string, delimiter: string, shapes: readonly (TextShape | undefined)[]): boolean {
  let from = 0;
  for (const shape of shapes) {
    const end = message.indexOf(delimiter, from);
    if (end === -1 || (shape !== undefined && !hasShape(message.slice(from, end).trim(), shape))) return false;
    from = end + delimiter.length;
  }
  return true;
}
