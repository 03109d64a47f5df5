import type { Layout } from '../records.ts';

/** Splits a text into what the layout printed and the message; undefined when the text does not begin like this layout. */
export type ReadLayout = (text: string) => { readonly layout: Layout; readonly message: string } | undefined;

/** Reads one part at `at`; gives the position behind it, or -1. */
type Step = (text: string, at: number, layout: { -readonly [Part in keyof Layout]: Layout[Part] }) => number;

/** Longest category or thread name that is believed: longer ones are message text that holds a bracket by chance. */
const MAX_NAME_LENGTH = 256;
const MAX_LEVEL_LENGTH = 8;
const DEFAULT_DATE = 'yyyy-MM-dd HH:mm:ss,SSS';

/**
 * Compiles a log4j or JBoss conversion pattern, e.g. `%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c] (%t) %m`, into a reader. Known parts: `%d`, `%p`,
 * `%c`, `%t`, and `%m` or `%s` for the rest of the text, where reading ends. Dates are scanned digit by digit (`T` and a blank, comma and dot are
 * taken for each other, and so are the forms of a zone), names run to the literal behind them; no expression is built from the pattern. An unknown part makes a reader that reads nothing.
 */
export function compileLayout(pattern: string): ReadLayout {
  const steps = compileSteps(pattern);
  if (!steps) return () => undefined;
  return (text) => {
    const layout = {};
    let at = 0;
    for (const step of steps) {
      at = step(text, at, layout);
      if (at === -1) return undefined;
    }
    return { layout, message: text.slice(at) };
  };
}

function compileSteps(pattern: string): Step[] | undefined {
  const steps: Step[] = [];
  let at = 0;
  while (at < pattern.length) {
    const percent = pattern.indexOf('%', at);
    const literal = pattern.slice(at, percent === -1 ? undefined : percent);
    if (literal !== '') steps.push(literalStep(literal));
    if (percent === -1) break;
    const part = readPart(pattern, percent);
    if (!part) return undefined;
    if ('ms'.includes(part.letter)) return steps;
    steps.push(partStep(part, pattern.charAt(part.end)));
    at = part.end;
  }
  return undefined;
}

interface Part {
  readonly letter: string;
  readonly minWidth: number;
  readonly option: string | undefined;
  readonly end: number;
}

/** `%-5p`, `%c{1}`, `%d{HH:mm:ss,SSS}` at the position of its `%`. */
function readPart(pattern: string, percent: number): Part | undefined {
  const match = /^%-?(\d{0,2})([dpctms])(?:\{([^}]*)\})?/.exec(pattern.slice(percent));
  if (!match) return undefined;
  return {
    letter: match[2] ?? '',
    minWidth: Number(match[1]),
    option: match[3],
    end: percent + match[0].length,
  };
}

function partStep({ letter, minWidth, option }: Part, stop: string): Step {
  switch (letter) {
    case 'd':
      return dateStep(option?.includes('s') ? option : DEFAULT_DATE);
    case 'p':
      return levelStep(minWidth, stop);
    case 'c':
      return nameStep('category', stop);
    default:
      return nameStep('thread', stop);
  }
}

function literalStep(literal: string): Step {
  return (text, at) => (text.startsWith(literal, at) ? at + literal.length : -1);
}

/** `XXX`, `Z` and their relatives at the end of a format: a printed zone, whose forms are taken for each other. */
const ZONE_LETTERS = /(?:X{1,3}|Z{1,2})$/;
const ZONE = /Z|[+-]\d\d(?::?\d\d)?/y;
/** More digits than nanoseconds have are no fraction. */
const MAX_FRACTION = 9;

/** Letters of the format stand for one digit each, everything else for itself. Before a zone the fraction may have more digits than the format says, or be missing. */
function dateStep(format: string): Step {
  const plain = format.replaceAll("'", '');
  const digits = plain.replace(ZONE_LETTERS, '');
  const hasZone = digits.length < plain.length;
  const short = digits.replace(/[.,]S+$/, '');
  const more = Math.max(0, MAX_FRACTION - (digits.length - short.length - 1));
  return (text, at, layout) => {
    let end = endOfDigits(text, at, digits);
    if (hasZone) {
      end = end === -1 ? endOfDigits(text, at, short) : endOfFraction(text, end, short === digits ? 0 : more);
      end = end === -1 ? -1 : endOfZone(text, end);
    }
    if (end !== -1) layout.time = text.slice(at, end);
    return end;
  };
}

function endOfDigits(text: string, at: number, format: string): number {
  if (text.length < at + format.length) return -1;
  for (let i = 0; i < format.length; i += 1) {
    if (!fits(format.charCodeAt(i), text.charCodeAt(at + i))) return -1;
  }
  return at + format.length;
}

function endOfFraction(text: string, from: number, most: number): number {
  let end = from;
  while (end < from + most && isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

function endOfZone(text: string, at: number): number {
  ZONE.lastIndex = at;
  return ZONE.test(text) ? ZONE.lastIndex : -1;
}

function fits(wanted: number, found: number): boolean {
  if (isLetter(wanted) && wanted !== 0x54) return isDigit(found);
  if (wanted === 0x20 || wanted === 0x54) return found === 0x20 || found === 0x54;
  if (wanted === 0x2c || wanted === 0x2e) return found === 0x2c || found === 0x2e;
  return found === wanted;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** `INFO ` padded to its width: upper-case letters, then the padding, which shippers shorten to one blank. */
function levelStep(minWidth: number, stop: string): Step {
  return (text, at, layout) => {
    let end = at;
    while (end < text.length && isUpper(text.charCodeAt(end))) end += 1;
    if (end === at || end - at > MAX_LEVEL_LENGTH) return -1;
    layout.level = text.slice(at, end);
    const wordEnd = end;
    while (end < at + minWidth && text.charCodeAt(end) === 0x20) end += 1;
    return stop === ' ' && end > wordEnd && text.charCodeAt(end) !== 0x20 ? end - 1 : end;
  };
}

/** A name up to the closing sign behind it; categories hold no white space, thread names may. */
function nameStep(part: 'category' | 'thread', stop: string): Step {
  return (text, at, layout) => {
    const end = stop === '' ? -1 : text.slice(at, at + MAX_NAME_LENGTH + 1).indexOf(stop);
    if (end === -1) return -1;
    const name = text.slice(at, at + end);
    if (part === 'category' ? /\s/.test(name) : name.includes('\n')) return -1;
    layout[part] = name;
    return at + end;
  };
}

function isUpper(unit: number): boolean {
  return unit >= 0x41 && unit <= 0x5a;
}

function isLetter(unit: number): boolean {
  return isUpper(unit) || (unit >= 0x61 && unit <= 0x7a);
}
