import type { SourceKind } from '@cryptrail/catalogue';
import type { FieldValue } from '../records.ts';
import { createTextBuilder, type TextBuilder } from '../text-builder.ts';
import { MAX_FIELDS } from './decoded.ts';

/** One JSON object, read: its members by name. `repeated`: a name stood there more than once; the last one counts. `full`: there are more names than are kept. */
export interface JsonFields {
  readonly fields: Map<string, FieldValue>;
  readonly repeated: boolean;
  readonly full: boolean;
}

/** Why a text is not one JSON object, in words that hold no text of the line. */
export interface JsonProblem {
  readonly problem: string;
}

/** Nothing that logs nests this deep; RFC 8259 §9 lets a reader set a limit. */
const MAX_DEPTH = 10_000;

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** What stands in a string for itself: all from the space on but quotes and backslashes. */
const PLAIN = /[ !#-[\]-\uffff]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORDS: Readonly<Record<string, { readonly text: string; readonly kind: SourceKind }>> = {
  t: { text: 'true', kind: 'boolean' },
  f: { text: 'false', kind: 'boolean' },
  n: { text: 'null', kind: 'null' },
};

/**
 * Reads a text that is one JSON object and nothing else, strictly by RFC 8259, with what `JSON.parse` loses: numbers as printed, repeated
 * names, the type of each value. Objects and arrays become compact JSON text. A half surrogate becomes U+FFFD, because UTF-8 cannot carry it.
 *
 * Any other text gives a problem with its place. Never throws; nesting costs no stack.
 *
 * @example
 * ```ts
 * decodeJson('{"id":9007199254740993,"tags":[1, 2]}');
 * // { fields: Map { 'id' → { kind: 'int', text: '9007199254740993' }, 'tags' → { kind: 'array', text: '[1,2]' } }, repeated: false, full: false }
 * decodeJson('{"id":NaN}'); // { problem: 'a value was expected at character 7' }
 * ```
 */
export function decodeJson(text: string): JsonFields | JsonProblem {
  const scanner = new Scanner(text);
  const fields = scanner.object();
  if (fields === undefined) return { problem: scanner.problem };
  return { fields, repeated: scanner.repeated, full: scanner.full };
}

/** Reads texts that are asked for twice in a row: by whoever takes wrappers off, then by whoever reads what is left. */
export type DecodeJson = (text: string) => JsonFields | JsonProblem;

/** A {@link decodeJson} that remembers one answer until it is asked for it again. */
export function createJsonDecoder(): DecodeJson {
  let text: string | undefined;
  let answer: JsonFields | JsonProblem | undefined;
  return (asked) => {
    if (answer && text === asked) {
      const known = answer;
      text = undefined;
      answer = undefined;
      return known;
    }
    text = asked;
    answer = decodeJson(asked);
    return answer;
  };
}

/** A member of an object: its name, and where its value stands in the text. */
export interface JsonMember {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** See {@link locateMembers}. */
export type LocateMembers = typeof locateMembers;

/** The members of a text that is one JSON object, in order, repeated ones included, whose names are wanted; undefined for any other text. */
export function locateMembers(text: string, wanted: (name: string) => boolean): JsonMember[] | undefined {
  const members: JsonMember[] = [];
  return (
    new Scanner(text).object((member) => {
      if (wanted(member.name)) members.push(member);
    }) && members
  );
}

/** Walks a text from left to right. A method that returns undefined has left its reason in `problem`. */
class Scanner {
  problem = '';
  repeated = false;
  full = false;
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The whole text as one object. */
  object(visit?: (member: JsonMember) => void): Map<string, FieldValue> | undefined {
    const fields = new Map<string, FieldValue>();
    if (this.blank() !== OPEN_BRACE) return this.fail('an object was expected');
    this.at += 1;
    if (this.blank() === CLOSE_BRACE) {
      this.at += 1;
      return this.end(fields);
    }
    for (;;) {
      const name = this.name();
      if (name === undefined) return undefined;
      this.blank();
      const start = this.at;
      const value = this.value();
      if (value === undefined) return undefined;
      visit?.({ name, start, end: this.at });
      const isKnown = fields.has(name);
      if (isKnown) this.repeated = true;
      if (isKnown || fields.size < MAX_FIELDS) fields.set(name, value);
      else this.full = true;
      const next = this.blank();
      if (next !== COMMA && next !== CLOSE_BRACE) return this.fail('a comma or the end of the object was expected');
      this.at += 1;
      if (next === CLOSE_BRACE) return this.end(fields);
    }
  }

  private end(fields: Map<string, FieldValue>): Map<string, FieldValue> | undefined {
    this.blank();
    return this.at === this.text.length ? fields : this.fail('text after the end of the object');
  }

  /** `"name" :` */
  private name(): string | undefined {
    if (this.blank() !== QUOTE) return this.fail('a name in double quotes was expected');
    const name = this.string();
    if (name === undefined) return undefined;
    if (this.blank() !== COLON) return this.fail('a colon was expected');
    this.at += 1;
    return name;
  }

  private value(): FieldValue | undefined {
    const first = this.blank();
    if (first === QUOTE) {
      const text = this.string();
      return text === undefined ? undefined : { kind: 'string', text };
    }
    if (first === OPEN_BRACE || first === OPEN_BRACKET) {
      const text = this.nested();
      return text === undefined ? undefined : { kind: first === OPEN_BRACE ? 'object' : 'array', text };
    }
    return this.scalar();
  }

  /** A number, `true`, `false` or `null`. */
  private scalar(): FieldValue | undefined {
    const word = WORDS[this.text.charAt(this.at)];
    if (word !== undefined && this.text.startsWith(word.text, this.at)) {
      this.at += word.text.length;
      return word;
    }
    NUMBER.lastIndex = this.at;
    if (!NUMBER.test(this.text)) return this.fail('a value was expected');
    const text = this.text.slice(this.at, NUMBER.lastIndex);
    this.at = NUMBER.lastIndex;
    return { kind: /^-?[0-9]+$/.test(text) ? 'int' : 'double', text };
  }

  /** A string with its escapes resolved. The scanner stands on the opening quote. */
  private string(): string | undefined {
    const start = this.at + 1;
    let isEscaped = false;
    this.at = this.plainEnd(start);
    while (this.text.charCodeAt(this.at) === BACKSLASH) {
      isEscaped = true;
      this.at = this.plainEnd(this.at + 2);
    }
    const end = this.at;
    if (end >= this.text.length) return this.fail('the end of a string was expected');
    if (this.text.charCodeAt(end) !== QUOTE) return this.fail('a control character stands in a string');
    this.at += 1;
    return isEscaped ? this.unescape(start, end) : this.text.slice(start, end).toWellFormed();
  }

  /** Where the plain signs end that stand at `start`. */
  private plainEnd(start: number): number {
    PLAIN.lastIndex = start;
    return PLAIN.test(this.text) ? PLAIN.lastIndex : this.text.length;
  }

  private unescape(start: number, end: number): string | undefined {
    try {
      const text: string = JSON.parse(this.text.slice(start - 1, end + 1));
      return text.toWellFormed();
    } catch {
      return this.fail('a string holds an escape that is none');
    }
  }

  /** An object or array as compact JSON text: white space left out, strings spelled one way. A list of open brackets stands in for recursion. */
  private nested(): string | undefined {
    const parts = createTextBuilder();
    const open: number[] = [];
    for (;;) {
      const first = this.blank();
      if (first === OPEN_BRACE || first === OPEN_BRACKET) {
        if (open.length === MAX_DEPTH) return this.fail('the nesting is too deep');
        open.push(first);
        parts.add(first === OPEN_BRACE ? '{' : '[');
        this.at += 1;
        const next = this.blank();
        if (next !== closing(first)) {
          if (first === OPEN_BRACE && !this.member(parts)) return undefined;
          continue;
        }
      } else if (first === QUOTE) {
        const text = this.string();
        if (text === undefined) return undefined;
        parts.add(JSON.stringify(text));
      } else {
        const value = this.scalar();
        if (value === undefined) return undefined;
        parts.add(value.text);
      }
      const last = this.closeOrGoOn(open, parts);
      if (last === undefined) return undefined;
      if (last) return parts.text();
    }
  }

  /** `"name":` inside a nested object. */
  private member(parts: TextBuilder): boolean {
    const name = this.name();
    if (name === undefined) return false;
    parts.add(`${JSON.stringify(name)}:`);
    return true;
  }

  /** After a nested value: closes what ends here; true when nothing is open any more, false when another value follows. */
  private closeOrGoOn(open: number[], parts: TextBuilder): boolean | undefined {
    for (let inner = open.at(-1); inner !== undefined; inner = open.at(-1)) {
      const next = this.blank();
      if (next === COMMA) {
        this.at += 1;
        parts.add(',');
        return inner === OPEN_BRACKET || this.member(parts) ? false : undefined;
      }
      if (next !== closing(inner)) return this.fail('a comma or a closing bracket was expected');
      this.at += 1;
      parts.add(inner === OPEN_BRACE ? '}' : ']');
      open.pop();
    }
    return true;
  }

  /** Skips white space; the code of the character that follows, NaN at the end. */
  private blank(): number {
    for (;;) {
      const char = this.text.charCodeAt(this.at);
      if (char !== SPACE && char !== LF && char !== CR && char !== TAB) return char;
      this.at += 1;
    }
  }

  private fail(problem: string): undefined {
    const place = this.at < this.text.length ? `at character ${this.at + 1}` : 'where the text ends';
    this.problem = `${problem} ${place}`;
    return undefined;
  }
}

function closing(open: number): number {
  return open === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
}
