import type { CefFormat } from '@cryptrail/catalogue';
import { all, attribute, concat, quote, replace, replaceAll, set, statement, WORK } from '../ottl/expression.ts';
import { MARK, withoutMarks } from '../ottl/marks.ts';
import { claimed, type Decoder, FORMAT_ATTRIBUTE, STATUS_ATTRIBUTE } from './decoder.ts';
import { parseText } from './pairs.ts';

const fields = attribute(WORK.fields);
const header = 'log.cache["h"]';
const extension = 'log.cache["x"]';

const { backslash: BACKSLASH, equals: ASSIGN, next: NEXT, assign: COLON } = MARK;

/**
 * ArcSight CEF. The stock ParseCEF keeps an escaped `=` and `|` where this dialect writes them, and takes a key with another sign than letters,
 * digits and `_` for a part of the value before it; so the extension is rewritten as JSON text and parsed.
 */
export function cefDecoder({ id, header: columns, escapes, claims }: CefFormat): Decoder {
  const escaped = 'log.cache["escaped"] == true';
  const own = escapes === 'goquoted';
  return {
    blocks: [
      {
        comment: `${id}: CEF${own ? ' in the dialect that escapes | and = everywhere' : ''}`,
        conditions: [all(`${fields} == nil`, 'IsString(log.body)', 'HasPrefix(log.body, "CEF:")')],
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
          set(
            extension,
            concat('"{"', `TrimPrefix(${extension}, "\\",")`, '"\\"}"'),
            `HasPrefix(${extension}, "\\",")`,
          ),
          ...parseText(extension, 'log.cache["j"]', `HasPrefix(${extension}, "{")`),
          statement(
            `merge_maps(${fields}, log.cache["j"], "insert")`,
            all(`${fields} != nil`, 'log.cache["j"] != nil'),
          ),
          set(attribute(FORMAT_ATTRIBUTE), quote(id), all(`IsMap(${fields})`, claimed(claims, true))),
          statement(`delete_key(log.attributes, ${quote(WORK.fields)})`, `${attribute(FORMAT_ATTRIBUTE)} == nil`),
          statement(`delete_key(log.attributes, ${quote(STATUS_ATTRIBUTE)})`, `${attribute(FORMAT_ATTRIBUTE)} == nil`),
        ],
      },
    ],
  };
}

/** Columns up to where the header was cut; `_end` is the bar behind the last one, `_x` what follows it. */
function headerPattern(columns: readonly string[]): string {
  const column = (name: string) => `(?P<${name}>(?:[^|\\\\]|\\\\.)*)`;
  const last = `${column(columns.at(-1) ?? '')}(?P<_end>\\|?)(?P<_x>.*)`;
  const nested = columns.slice(0, -1).reduceRight((rest, name) => `${column(name)}(?:\\|${rest})?`, last);
  return `^(?s)CEF:\\d{1,2}\\|${nested}$`;
}

/**
 * ` key=value ` → `","key":"value`. In this dialect every `=` without a backslash ends a key, and the key is the word before it, or a text in quotes. A text without
 * quotes and backslashes becomes JSON in one step.
 */
function rewriteExtension(own: boolean, escaped: string): string[] {
  const isPlain = 'log.cache["plain"] == true';
  const isOther = 'log.cache["plain"] == nil';
  return [
    set('log.cache["plain"]', 'true', all('log.cache["escaped"] == nil', `Index(${extension}, "\\"") < 0`)),
    replace(extension, ' ([^ =]*)=', '","${1}":"', isPlain),
    replace(extension, '":" (","|$)', '":"${1}', isPlain),
    replace(extension, '\\\\\\\\', BACKSLASH, escaped),
    replace(extension, '\\\\=', ASSIGN, escaped),
    ...(own
      ? [replace(extension, '\\\\\\|', '|', escaped)]
      : [replace(extension, '\\\\([nr])', `${NEXT}\${1}`, escaped)]),
    replace(extension, '\\\\', BACKSLASH, escaped),
    ...(own ? [replace(extension, ' "([^"=]*)"=', `${NEXT}\${1}${COLON}`, isOther)] : []),
    replace(extension, ' ([^ =]*)=', `${NEXT}\${1}${COLON}`, isOther),
    replace(extension, '"', '\\"', isOther),
    replace(extension, `${COLON} (${NEXT}|$)`, `${COLON}\${1}`, isOther),
    replace(extension, ' $', ''),
    replace(extension, COLON, '":"', isOther),
    replace(extension, NEXT, own ? '","' : '\\', isOther),
    replace(extension, ASSIGN, '=', escaped),
    replace(extension, BACKSLASH, '\\\\', escaped),
  ];
}
