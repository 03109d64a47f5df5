import type { FormatRule, Product } from '@cryptrail/catalogue';
import type { Block } from '../ottl/block.ts';
import { all, any, attribute, literal, quote, replace, set, statement, WORK } from '../ottl/expression.ts';
import { categoryPattern } from '../ottl/names.ts';

const layout = attribute(WORK.layout);
const message = attribute(WORK.message);
const head = 'log.cache["h"]';

/** A log4j or JBoss conversion pattern as an RE2 expression for what stands before the message; undefined for one with an unknown part. */
export function layoutPattern(pattern: string): string | undefined {
  let expression = '';
  for (let at = 0; at < pattern.length; ) {
    const part = /^%-?(\d{0,2})([dpctms])(?:\{([^}]*)\})?/.exec(pattern.slice(at));
    if (!part) {
      if (pattern[at] === '%') return undefined;
      expression += literal(pattern.charAt(at));
      at += 1;
      continue;
    }
    const [whole, , letter = '', option] = part;
    if ('ms'.includes(letter)) return expression;
    at += whole.length;
    expression += partPattern(letter, option, pattern.charAt(at));
  }
  return undefined;
}

function partPattern(letter: string, option: string | undefined, stop: string): string {
  if (letter === 'd') return `(?P<time>${datePattern(option ?? 'yyyy-MM-dd HH:mm:ss,SSS')})`;
  // Padding behind the level; the blank that follows is the pattern's own.
  if (letter === 'p') return '(?P<level>[A-Z]{1,8}) {0,4}?';
  const sign = letter === 'c' ? `[^\\s${literal(stop)}]` : `[^\\n${literal(stop)}]`;
  return `(?P<${letter === 'c' ? 'category' : 'thread'}>${sign}*)`;
}

const ZONE = '(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)';

function datePattern(format: string): string {
  const plain = format.replaceAll("'", '');
  const digits = plain.replace(/(?:X{1,3}|Z{1,2})$/, '');
  const expression = [...digits.replace(/[.,]S+$/, '')].map(datePart).join('');
  const fraction = /[.,]S+$/.exec(digits)?.[0].length;
  if (digits.length < plain.length) return `${expression}(?:[.,][0-9]{1,9})?${ZONE}`;
  return fraction === undefined ? expression : `${expression}[.,][0-9]{${fraction - 1}}`;
}

function datePart(sign: string): string {
  if (sign === ' ' || sign === 'T') return '[ T]';
  return /[A-Za-z]/.test(sign) ? '[0-9]' : literal(sign);
}

/** Statements that take the layout off a line: `_l` holds its parts, `_x` the message. */
export function layoutBlocks({ layouts = [] }: Product, formats: readonly FormatRule[]): Block[] {
  if (!formats.some(isMessage)) return [];
  const patterns = layouts.flatMap((pattern) => layoutPattern(pattern) ?? []);
  const isOpen = `${attribute(WORK.fields)} == nil and IsString(log.body)`;
  return [
    {
      comment: 'What a logging layout printed round the message',
      conditions: [isOpen],
      statements: [
        withoutColours(),
        ...patterns.map((pattern, index) =>
          set(
            head,
            `ExtractPatterns(log.body, ${quote(`^(?P<_h>${pattern})`)})`,
            index === 0 ? undefined : `${head}["_h"] == nil`,
          ),
        ),
        ...takeHead(),
      ],
    },
    {
      comment: 'Layouts that no pattern fits, and lines without one',
      conditions: [`${isOpen} and ${message} == nil`],
      statements: [...unknownLayout(formats), set(message, 'log.body', `${head}["_h"] == nil`), ...takeHead()],
    },
  ];
}

/** The message behind the head that was found, and the parts of the head. */
function takeHead(): string[] {
  const length = `Len(${head}["_h"])`;
  return [
    set(message, `Substring(log.body, ${length}, Len(log.body) - ${length})`, `${head}["_h"] != nil`),
    statement(`delete_key(${head}, "_h")`, `${head}["_h"] != nil`),
    set(layout, head, `Len(${head}) > 0`),
  ];
}

const COLOUR = '\\x1b\\[[0-9;]*m';

/** A console's colours round a line that begins with a number. */
export function withoutColours(): string {
  const begins = `IsMatch(log.body, ${quote(`^(?:${COLOUR})*[0-9]`)})`;
  return replace('log.body', COLOUR, '', all('IsString(log.body)', 'Index(log.body, "\\u001b[") >= 0', begins));
}

/** Formats whose records stand in the message of a logging layout. */
export function isMessage(format: FormatRule): boolean {
  return ['labelled', 'delimited', 'listing', 'pattern'].includes(format.decoder);
}

const TIME =
  '\\[?(?P<time>(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[T ])?[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)[^0-9.,]';

/** Layouts that no pattern of the tables fits: a known category stands in the line, and behind it a message of its format begins. */
function unknownLayout(formats: readonly FormatRule[]): string[] {
  const announced = formats.flatMap((format) => {
    const begin = beginPattern(format);
    return 'categories' in format && format.categories && begin !== undefined
      ? format.categories.map((name) => ({ name, begin }))
      : [];
  });
  // A line that is a message itself has no layout, whatever its values pretend to be.
  const isMessageItself = 'log.cache["bare"]';
  const begins = [...new Set(formats.flatMap((format) => beginPattern(format) ?? []))];
  const isOpen = `${head}["_h"] == nil and ${isMessageItself} == nil`;
  const bare = set(
    isMessageItself,
    'true',
    any(
      `${layout}["category"] != nil`,
      `(${head}["_h"] == nil and IsMatch(log.body, ${quote(`^(?:${begins.join('|')})`)}))`,
    ),
  );
  const tries = announced.flatMap(({ name, begin }) => {
    const last = name.slice(name.lastIndexOf('.') + 1);
    const rest = (time: string) =>
      `(?s)^(?P<_h>${time}.*?(?:^|[^\\w$])(?P<category>${literal(name)}|${literal(last)})(?:[^\\w$].*?)? )${begin}`;
    const holds = all(isOpen, `Index(log.body, ${quote(last)}) >= 0`);
    return [set(head, `ExtractPatterns(log.body, ${quote(rest(`(?:${TIME})?`))})`, holds)];
  });
  return tries.length === 0 ? [] : [bare, ...tries];
}

/** How a message of the format begins, as far as that tells it. */
export function beginPattern(format: FormatRule): string | undefined {
  if (format.decoder === 'labelled') {
    if (format.preface) return literal(format.start);
    const labels = format.columns.slice(1).map(([label]) => literal(label));
    return `${literal(format.start)}[^\\n]*?${literal(format.separator)}(?:${labels.join('|')})`;
  }
  if (format.decoder === 'delimited' || format.decoder === 'listing') {
    const delimiter = literal(format.delimiter);
    const optional = format.decoder === 'delimited' && format.firstOptional === true;
    const columns = format.columns.map((column) =>
      Object.hasOwn(format.shapes, column) ? format.shapes[column] : undefined,
    );
    const told = columns.slice(0, columns.findLastIndex((shape) => shape !== undefined) + 1);
    return told
      .map((shape, index) => {
        const text = ` {0,1}${shape === 'upper_name' ? '[A-Z][A-Z0-9_]*' : shape === 'iso_time' ? '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:., Z+-]+' : '[^;\\n]*'}${delimiter}`;
        return optional && index === 0 ? `(?:${text})?` : text;
      })
      .join('');
  }
  if (format.decoder !== 'pattern') return undefined;
  const start = format.order.split('${', 1)[0] ?? '';
  return start.length >= TELLING_LENGTH ? literal(start) : undefined;
}

/** Literal text of this length at its beginning tells a message of a pattern without a layout. */
const TELLING_LENGTH = 8;

/** True when the layout's category is one of the format's, or there is none; `announced`: it is one. */
export function categoryTests(categories: readonly string[] | undefined): {
  fits: string | undefined;
  announced: string;
} {
  const category = `${layout}["category"]`;
  if (!categories) return { fits: undefined, announced: 'false' };
  const known = `IsMatch(${category}, ${quote(`^(?:${categories.map(categoryPattern).join('|')})$`)})`;
  const printed = [...new Set(categories.flatMap((name) => [name, name.slice(name.lastIndexOf('.') + 1)]))];
  const isPrinted = printed.map((name) => `${category} == ${quote(name)}`);
  return { fits: any(...isPrinted, `${category} == nil`, known), announced: `${category} != nil and ${known}` };
}

/** `2024-09-17T08:00:00.000000000Z`, as container runtimes write it. */
export const STAMP = '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{1,9}(?:Z|[+-][0-9]{2}:[0-9]{2})';
const CRI = `${STAMP} (?:stdout|stderr) [FP][^ ]* `;
const COMPOSE = '[A-Za-z0-9][A-Za-z0-9_.-]* +\\| ';
const POD = '\\[(?:pod|container)/[A-Za-z0-9/_.-]+\\] ';
/** What a container runtime, or the program that shows its logs, puts before each line. */
export const PREFIX = `(?:${CRI}|${COMPOSE}|${POD})`;

const DATE = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const CLOCK = '[0-9]{2}:[0-9]{2}:[0-9]{2}';
/** A time with a T that is not the stamp of a container runtime: that stands before every line, also before one that goes on. */
const NO_STAMP = `${DATE}T${CLOCK}(?:[^.]|\\.[0-9]+(?:[^0-9Z+-]|(?:Z|[+-][0-9:]+)(?:[^0-9: ]| (?:[^s]|s[^t]))))`;
/** An object that is not a line of Docker: those are told apart by what they hold. */
const NO_DOCKER = '\\{(?:[^"]|"(?:[^l]|l[^o]|lo[^g]|log[^"]))';

/**
 * RE2 expression for the line break before a record or another line of the log, in its wrapper; undefined when each line is a record. It begins with a sign of its own, the line break,
 * because the receiver looks for it three times a record, and `^` would be tried at every sign.
 */
export function lineStart(layouts: readonly string[], formats: readonly FormatRule[]): string | undefined {
  if (!formats.some(isMessage)) return undefined;
  const heads = layouts
    .flatMap((pattern) => layoutPattern(pattern) ?? [])
    .map((pattern) => pattern.replace(/\(\?P<\w+>/g, '(?:'));
  const begins = formats.flatMap((format) => beginPattern(format) ?? []);
  const others = [
    NO_DOCKER,
    '<[0-9]{1,3}>',
    `\\[?${DATE} ${CLOCK}`,
    NO_STAMP,
    `\\[?${CLOCK}[,. ]`,
    `[A-Z][a-z]{2} [ 0-9][0-9] ${CLOCK} `,
  ];
  const starts = [...others, ...heads.filter((pattern) => !pattern.startsWith('(?:[0-9]')), ...new Set(begins)];
  return `\\n(?:${COLOUR})*(?:${PREFIX}|\\{"log": ?")?(?:${starts.join('|')})`;
}
