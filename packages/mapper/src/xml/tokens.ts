import { createTextBuilder } from '../text-builder.ts';
/** One token of an XML text. */
export type XmlToken =
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly attributes: ReadonlyMap<string, string>;
      readonly empty: boolean;
    }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'error'; readonly problem: string };

/** Gives the tokens of a text one by one; after an error or the end it repeats it. */
export interface XmlTokens {
  next(): XmlToken;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

const MAX_NAME = 256;
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
/** What a sign can be in a name: its first one, or another one. */
const FIRST = 1;
const LATER = 2;
const NAME_SIGNS = Uint8Array.from({ length: 128 }, (_, unit) => {
  const sign = String.fromCharCode(unit);
  return /[A-Za-z_]/.test(sign) ? FIRST | LATER : /[0-9.:-]/.test(sign) ? LATER : 0;
});
const MAX_ATTRIBUTES = 16;

/**
 * Cuts the strict subset of XML that Java's encoders write: elements, attributes, text, character data sections, the five named entities and
 * numeric ones. A document type, other entities, comments and processing instructions are refused, so nothing can be expanded or fetched. Raw
 * control signs are read as they are (EJBCA's encoder leaves them in), blanks behind `<` too (web pages print them). Linear; never throws.
 */
export function xmlTokens(text: string): XmlTokens {
  let at = 0;
  let last: XmlToken | undefined;

  function fail(problem: string): XmlToken {
    last = { kind: 'error', problem: `${problem} at character ${at + 1}` };
    return last;
  }

  function name(): string | undefined {
    if (((NAME_SIGNS[text.charCodeAt(at)] ?? 0) & FIRST) === 0) return undefined;
    let end = at + 1;
    const most = at + MAX_NAME;
    while (end < most && ((NAME_SIGNS[text.charCodeAt(end)] ?? 0) & LATER) !== 0) end += 1;
    const found = text.slice(at, end);
    at = end;
    return found;
  }

  function blanks(): void {
    while (isBlank(text.charCodeAt(at))) at += 1;
  }

  function characters(): XmlToken {
    const end = text.indexOf('<', at);
    const raw = text.slice(at, end === -1 ? text.length : end);
    const decoded = decodeEntities(raw);
    if (decoded === undefined) return fail('an entity that is not one of the five or a number');
    at += raw.length;
    return { kind: 'text', text: decoded };
  }

  function section(): XmlToken {
    const end = text.indexOf(']]>', at);
    if (end === -1) return fail('a character data section without an end');
    const token: XmlToken = { kind: 'text', text: normalise(text.slice(at + 9, end)) };
    at = end + 3;
    return token;
  }

  function close(): XmlToken {
    at += 1;
    blanks();
    const found = name();
    blanks();
    if (found === undefined || text[at] !== '>') return fail('an end tag that is not closed');
    at += 1;
    return { kind: 'close', name: found };
  }

  function open(): XmlToken {
    const found = name();
    if (found === undefined) return fail('no element name');
    let attributes: Map<string, string> | undefined;
    for (;;) {
      blanks();
      if (text[at] === '>' || text.startsWith('/>', at)) break;
      const attribute = name();
      blanks();
      if (attribute === undefined || text[at] !== '=') return fail('a start tag that is not well-formed');
      at += 1;
      blanks();
      const quote = text[at];
      const end = quote === '"' || quote === "'" ? text.indexOf(quote, at + 1) : -1;
      const value = end === -1 ? undefined : decodeEntities(text.slice(at + 1, end));
      if (
        value === undefined ||
        value.includes('<') ||
        attributes?.has(attribute) ||
        (attributes?.size ?? 0) >= MAX_ATTRIBUTES
      ) {
        return fail('an attribute that is not well-formed');
      }
      attributes ??= new Map();
      attributes.set(attribute, value);
      at = end + 1;
    }
    const empty = text[at] === '/';
    at += empty ? 2 : 1;
    return { kind: 'open', name: found, attributes: attributes ?? NO_ATTRIBUTES, empty };
  }

  function declaration(): XmlToken | undefined {
    const start = /^[\ufeff \t\r\n]*<\?\s{0,8}xml\s/.exec(text);
    if (!start) return undefined;
    const end = text.indexOf('?>', start[0].length);
    if (end === -1) return fail('a declaration without an end');
    at = end + 2;
    return undefined;
  }

  const refused = declaration();
  return {
    next() {
      if (refused) return refused;
      if (last) return last;
      if (at >= text.length) {
        last = { kind: 'end' };
        return last;
      }
      if (text[at] !== '<') return characters();
      if (text.startsWith('<![CDATA[', at)) return section();
      at += 1;
      blanks();
      if (text[at] === '/') return close();
      if (text[at] === '!' || text[at] === '?') return fail('a document type, comment or instruction');
      return open();
    },
  };
}

/** Space, tab, CR, LF. */
function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** The text with its entities put in, each once; undefined for an entity that is not known. */
export function decodeEntities(raw: string): string | undefined {
  if (!raw.includes('&')) return normalise(raw);
  const decoded = createTextBuilder();
  let from = 0;
  for (let at = raw.indexOf('&'); at !== -1; at = raw.indexOf('&', from)) {
    const end = raw.indexOf(';', at);
    const sign = end === -1 || end - at > 12 ? undefined : entity(raw.slice(at + 1, end));
    if (sign === undefined) return undefined;
    decoded.add(normalise(raw.slice(from, at)) + sign);
    from = end + 1;
  }
  decoded.add(normalise(raw.slice(from)));
  return decoded.text();
}

function entity(name: string): string | undefined {
  const number = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(name);
  if (!number) return ENTITIES.get(name);
  return codePoint(number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16));
}

/** A Unicode character, or undefined for a number that is none. */
export function codePoint(number: number): string | undefined {
  if (number > 0x10ffff || (number >= 0xd800 && number <= 0xdfff)) return undefined;
  return String.fromCodePoint(number);
}

/** XML reads every line break as LF. */
function normalise(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
