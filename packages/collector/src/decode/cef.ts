import type { CefFormat } from '@cryptrail/catalogue';
import { all, any, attribute, concat, quote, replace, replaceAll, set, statement, WORK } from '../ottl/expression.ts';
import { hasNoMarks, MARK, withoutMarks } from '../ottl/marks.ts';
import { claimed, type Decoder, FORMAT_ATTRIBUTE, STATUS_ATTRIBUTE } from './decoder.ts';
import { parseText } from './pairs.ts';

const fields = attribute(WORK.fields);
const header = 'log.cache["h"]';
const extension = 'log.cache["x"]';
const pairs = 'log.cache["j"]';

const { backslash: BACKSLASH, equals: ASSIGN, next: NEXT, assign: COLON, quote: BREAK } = MARK;

/**
 * ArcSight CEF. The stock ParseCEF keeps an escaped `=` and `|` where this dialect writes them, and takes a key with another sign than letters,
 * digits and `_` for a part of the value before it; so the extension is rewritten as JSON text and parsed.
 */
export function cefDecoder({ id, header: columns, escapes, claims }: CefFormat): Decoder {
  const escaped = 'log.cache["escaped"] == true';
  const own = escapes === 'goquoted';
  const isLine = all(`${fields} == nil`, 'IsString(log.body)', 'HasPrefix(log.body, "CEF:")');
  const claim = [
    set(attribute(FORMAT_ATTRIBUTE), quote(id), all(`IsMap(${fields})`, claimed(claims, true))),
    statement(`delete_key(log.attributes, ${quote(WORK.fields)})`, `${attribute(FORMAT_ATTRIBUTE)} == nil`),
  ];
  return {
    blocks: [
      {
        comment: `${id}: CEF without escapes and quotes`,
        conditions: [all(isLine, 'Index(log.body, "\\\\") < 0', 'Index(log.body, "\\"") < 0', hasNoMarks('log.body'))],
        statements: [...readPlain(columns), ...claim],
      },
      {
        comment: `${id}: CEF${own ? ' in the dialect that escapes | and = everywhere' : ''}`,
        conditions: [isLine],
        statements: [
          set('log.cache["escaped"]', 'true', 'Index(log.body, "\\\\") >= 0'),
          set(header, `ExtractPatterns(log.body, ${quote(headerPattern(columns))})`),
          set(extension, concat('" "', `${header}["_x"]`), `${header}["_x"] != nil`),
          withoutMarks(extension),
          set(
            attribute(STATUS_ATTRIBUTE),
            '"partial"',
            `${header}[${quote(columns.at(-1) ?? '')}] == nil or ${header}["_end"] == ""`,
          ),
          statement(`delete_matching_keys(${header}, "^_")`),
          replaceAll(header, own ? '\\\\([\\\\|=])' : '\\\\([\\\\|])', '${1}', escaped),
          replaceAll(header, '^ $', ''),
          ...rewriteExtension(own, escaped),
          set(fields, header, all(`${header} != nil`, `${header}[${quote(columns[0] ?? '')}] != nil`)),
          toObject,
          ...parseText(extension, pairs, `HasPrefix(${extension}, "{")`),
          addPairs,
          ...claim,
          statement(`delete_key(log.attributes, ${quote(STATUS_ATTRIBUTE)})`, `${attribute(FORMAT_ATTRIBUTE)} == nil`),
        ],
      },
    ],
  };
}

/** `","key":"value` → `{"key":"value"}` */
const toObject = set(
  extension,
  concat('"{"', `TrimPrefix(${extension}, "\\",")`, '"\\"}"'),
  `HasPrefix(${extension}, "\\",")`,
);
const addPairs = statement(`merge_maps(${fields}, ${pairs}, "insert")`, all(`${fields} != nil`, `${pairs} != nil`));

/** A whole header, and an extension that becomes JSON in one step; whatever else the line is, the statements behind these read it. */
function readPlain(columns: readonly string[]): string[] {
  const whole = columns.map((name) => `(?P<${name}>[^|]*)\\|`).join('');
  return [
    set(header, `ExtractPatterns(log.body, ${quote(`^(?s)CEF:\\d{1,2}\\|${whole}(?P<_x>.*)$`)})`),
    set(extension, concat('" "', `${header}["_x"]`), `${header}["_x"] != nil`),
    statement(`delete_key(${header}, "_x")`),
    replaceAll(header, '^ $', ''),
    replace(extension, ' ([^ =]*)=', '","${1}":"'),
    replace(extension, '":" (","|$)', '":"${1}'),
    replace(extension, ' $', ''),
    toObject,
    set(pairs, `ParseJSON(${extension})`, `HasPrefix(${extension}, "{")`),
    set(fields, header, any(`${extension} == ""`, `${pairs} != nil`)),
    addPairs,
  ];
}

/** Columns up to where the header was cut; `_end` is the bar behind the last one, `_x` what follows it. */
function headerPattern(columns: readonly string[]): string {
  const column = (name: string) => `(?P<${name}>(?:[^|\\\\]|\\\\.)*)`;
  const last = `${column(columns.at(-1) ?? '')}(?P<_end>\\|?)(?P<_x>.*)`;
  const nested = columns.slice(0, -1).reduceRight((rest, name) => `${column(name)}(?:\\|${rest})?`, last);
  return `^(?s)CEF:\\d{1,2}\\|${nested}$`;
}

/** ` key=value ` → `","key":"value`. In this dialect every `=` without a backslash ends a key, and the key is the word before it, or a text in quotes. */
function rewriteExtension(own: boolean, escaped: string): string[] {
  return [
    replace(extension, '\\\\\\\\', BACKSLASH, escaped),
    replace(extension, '\\\\=', ASSIGN, escaped),
    ...(own
      ? [replace(extension, '\\\\\\|', '|', escaped)]
      : [replace(extension, '\\\\([nr])', `${BREAK}\${1}`, escaped)]),
    replace(extension, '\\\\', BACKSLASH, escaped),
    ...(own ? [replace(extension, ' "([^"=]*)"=', `${NEXT}\${1}${COLON}`)] : []),
    replace(extension, ' ([^ =]*)=', `${NEXT}\${1}${COLON}`),
    replace(extension, '"', '\\"'),
    replace(extension, `${COLON} (${NEXT}|$)`, `${COLON}\${1}`),
    replace(extension, ' $', ''),
    replace(extension, COLON, '":"'),
    replace(extension, NEXT, '","'),
    ...(own ? [] : [replace(extension, BREAK, '\\', escaped)]),
    replace(extension, ASSIGN, '=', escaped),
    replace(extension, BACKSLASH, '\\\\', escaped),
  ];
}
