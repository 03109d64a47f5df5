import type { Conversion, FieldRule, Product } from '@cryptrail/catalogue';
import { all, any, attribute, concat, quote, replace, set, statement, WORK } from '../ottl/expression.ts';
import { setAll } from './fields.ts';
import { hide } from './hidden.ts';
import { MARKER, secretName } from './secrets.ts';
import { maskSql } from './sql.ts';

type Convert = (rule: FieldRule, path: string, holds: string, product: Product, name: string) => string[];

/** Statements that put a value where its rule says, converted. A value that cannot be read in the wanted form is left for the details. */
export function convertStatements(
  rule: FieldRule,
  name: string,
  path: string,
  holds: string,
  product: Product,
): string[] {
  return rule.convert === undefined ? [] : CONVERSIONS[rule.convert](rule, path, holds, product, name);
}

/** Set when a conversion that may refuse a field could read it. */
export function read(name: string): string {
  return `${attribute(WORK.read)}[${quote(name)}]`;
}

const work = 'log.cache["v"]';
const parts = 'log.cache["p"]';

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = `(?:${OCTET}\\.){3}${OCTET}`;
const H = '[0-9A-Fa-f]{1,4}';
const LAST = `(?:${H}:${H}|${IPV4})`;
/** RFC 3986, IPv6address. */
const IPV6 = [
  `(?:${H}:){6}${LAST}`,
  `::(?:${H}:){5}${LAST}`,
  `(?:${H})?::(?:${H}:){4}${LAST}`,
  `(?:(?:${H}:){0,1}${H})?::(?:${H}:){3}${LAST}`,
  `(?:(?:${H}:){0,2}${H})?::(?:${H}:){2}${LAST}`,
  `(?:(?:${H}:){0,3}${H})?::${H}:${LAST}`,
  `(?:(?:${H}:){0,4}${H})?::${LAST}`,
  `(?:(?:${H}:){0,5}${H})?::${H}`,
  `(?:(?:${H}:){0,6}${H})?::`,
].join('|');
const ADDRESS = `^\\s*(?:(?P<a>${IPV4})(?::[0-9]{1,5})?|(?P<b>${IPV6})(?:%.*)?|\\[(?P<c>${IPV6})(?:%[^\\]]*)?\\](?::[0-9]{1,5})?)\\s*$`;
const HOST_PORT = `^\\s*(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/?#]*@)?(?:\\[(?P<c>[^\\]]*)\\]|(?P<b>${IPV6})|(?P<h>[^\\s@\\[\\]"'\\\\<>:/?#]+))(?::(?P<p>[0-9]{0,5}))?(?:[/?#].*)?\\s*$`;
const UNIX = '^\\s*(?i:unix:)';

/** Statements that leave the spelling of an address or host that was found, or an empty text; the expression has a group for each. */
function pickFound(groups: readonly string[], holds: string): string[] {
  return [
    set(found, '""', holds),
    ...groups.map((name) => {
      const group = `${parts}[${quote(name)}]`;
      return set(found, group, all(holds, `${group} != nil`, `${group} != ""`));
    }),
  ];
}

const found = 'log.cache["found"]';
const isFound = `${found} != ""`;

const address: Convert = (rule, path, holds, product, name) => {
  const isText = all(holds, `IsString(${path})`);
  return [
    set(parts, `ExtractPatterns(${path}, ${quote(ADDRESS)})`, isText),
    ...pickFound(['a', 'b', 'c'], isText),
    ...setAll(rule, product, found, all(isText, isFound)),
    set(read(name), 'true', all(isText, isFound)),
  ];
};

const FORWARDED = '^\\s*(?:[^,]*?[; ])??(?i:for=)"?(?P<f>[^",;]*)"?';

const forwarded: Convert = (rule, path, holds, _product, name) => {
  const isText = all(holds, `IsString(${path})`);
  return [
    set(work, `Trim(Split(${path}, ",")[0])`, isText),
    set(
      work,
      `ExtractPatterns(${work}, ${quote(FORWARDED)})["f"]`,
      all(isText, `IsMatch(${work}, "(?i)(?:^|;) *for=")`),
    ),
    set(parts, `ExtractPatterns(${work}, ${quote(ADDRESS)})`, isText),
    ...pickFound(['a', 'b', 'c'], isText),
    set(attribute(rule.attribute ?? ''), found, all(isText, isFound)),
    ...(rule.rest === undefined ? [] : [set(attribute(rule.rest), path, all(isText, `${found} != Trim(${path})`))]),
    set(read(name), 'true', all(isText, isFound)),
  ];
};

const hostPort: Convert = (rule, path, holds, product, name) => {
  const isText = all(holds, `IsString(${path})`);
  const isHost = all(isText, `not (IsMatch(${path}, ${quote(UNIX)}))`);
  const port = `${parts}["p"]`;
  const isGiven = all(isHost, `${port} != nil`, `${port} != ""`);
  const isTaken = all(isHost, isFound);
  return [
    set(parts, `ExtractPatterns(${path}, ${quote(HOST_PORT)})`, isHost),
    ...pickFound(['h', 'b', 'c'], isHost),
    // A host with an impossible port is none.
    set(found, '""', all(isGiven, `Int(${port}) > 65535`)),
    ...setAll(rule, product, found, isTaken),
    set(read(name), 'true', isTaken),
    ...(rule.port === undefined
      ? []
      : [set(attribute(rule.port), `Int(${port})`, all(isGiven, `Int(${port}) <= 65535`))]),
  ];
};

/** Values of secret parameters, also of the first one of a query, and user info. */
function redactTarget(target: string, product: Product, condition: string): string[] {
  const { queryParameters } = product.redaction;
  const words = queryParameters.map((word) => word.split(/[^a-z0-9]/i).join('[_-]?'));
  return [
    replace(target, '(://)[^/?#\\s"\'<>\\\\:]*:[^/?#\\s"\'<>\\\\]*@', `\${1}${MARKER}:${MARKER}@`, condition),
    replace(target, '(://)[^/?#\\s"\'<>\\\\:]+@', `\${1}${MARKER}@`, condition),
    replace(
      target,
      `([?&;#](?:(?i:${words.join('|')})|${secretName(product.redaction)})=)[^&;#\\s"'<>]*[^&;#\\s"'<>,.:!)\\]}]`,
      `\${1}${MARKER}`,
      condition,
    ),
  ];
}

const url: Convert = (rule, path, holds, product) => {
  return [
    set(work, `String(${path})`, holds),
    ...redactTarget(work, product, holds),
    ...setAll(rule, product, work, holds),
  ];
};

const TARGET = '^(?s)(?P<u>[A-Za-z][A-Za-z0-9+.-]*://[^/?]*)?(?P<p>[^?]*)(?:\\?(?P<q>.*))?$';

const pathQuery: Convert = (rule, path, holds, product) => {
  const isText = all(holds, `IsString(${path})`);
  const isUrl = all(isText, `${parts}["u"] != ""`);
  return [
    set(work, path, isText),
    ...redactTarget(work, product, isText),
    set(parts, `ExtractPatterns(${work}, ${quote(TARGET)})`, isText),
    set(`${parts}["p"]`, '"/"', all(isUrl, `${parts}["p"] == ""`)),
    ...setAll(rule, product, `${parts}["p"]`, isText),
    ...(rule.rest === undefined
      ? []
      : [set(attribute(rule.rest), `${parts}["q"]`, all(isText, `${parts}["q"] != ""`))]),
    ...(rule.full === undefined ? [] : [set(attribute(rule.full), work, isUrl)]),
  ];
};

const METHODS = '^(?:CONNECT|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT|QUERY|TRACE)$';

const httpMethod: Convert = (rule, path, holds, product) => {
  const isText = all(holds, `IsString(${path})`);
  const target = attribute(rule.attribute ?? '');
  return [
    ...setAll(rule, product, `ToUpperCase(${path})`, all(isText, `IsMatch(ToUpperCase(${path}), ${quote(METHODS)})`)),
    ...setAll(rule, product, '"_OTHER"', all(isText, `${target} == nil`)),
    ...(rule.rest === undefined ? [] : [set(attribute(rule.rest), path, all(isText, `${target} != ${path}`))]),
  ];
};

/** The bytes of the namespace of `service.instance.id`, 4d63009a-8d0f-11ee-aad7-4c796ed8e320. */
const NAMESPACE = 'Base64Decode("TWMAmo0PEe6q10x5btjjIA==")';

const uuid5: Convert = (rule, path, holds, product) => {
  const isText = all(holds, `IsString(${path})`);
  const digits = (from: number, length: number) => `Substring(${work}, ${from}, ${length})`;
  const variant = 'log.cache["n"]';
  const variants = [
    ['[048c]', '8'],
    ['[159d]', '9'],
    ['[26ae]', 'a'],
    ['[37bf]', 'b'],
  ] as const;
  return [
    set(work, `SHA1(${concat(NAMESPACE, path)})`, isText),
    set(variant, digits(16, 1), isText),
    ...variants.map(([pattern, digit]) =>
      set(`log.cache["n2"]`, quote(digit), all(isText, `IsMatch(${variant}, ${quote(pattern)})`)),
    ),
    ...setAll(
      rule,
      product,
      concat(
        digits(0, 8),
        '"-"',
        digits(8, 4),
        '"-5"',
        digits(13, 3),
        '"-"',
        'log.cache["n2"]',
        digits(17, 3),
        '"-"',
        digits(20, 12),
      ),
      isText,
    ),
  ];
};

const PYTHON =
  '(?s)^.*Traceback \\(most recent call last\\):(?:\\n[ \\t][^\\n]*|\\n)*\\n(?P<type>[A-Za-z_][A-Za-z0-9_]*(?:\\.[A-Za-z_][A-Za-z0-9_]*)*)(?:: ?(?P<message>.*?))?(?:\\n\\n.*|\\s*)$';
const JAVA =
  '^(?:Exception in thread "[^"\\n]*" )?(?P<type>[A-Za-z_$][A-Za-z0-9_$]*(?:\\.[A-Za-z_$][A-Za-z0-9_$]*)*)(?:: (?P<message>[^\\n]*?))?\\s*\\n\\s+(?:at |\\.\\.\\. )';

const stacktrace: Convert = (rule, path, holds, product) => {
  const isText = all(holds, `IsString(${path})`);
  return [
    set(parts, `ExtractPatterns(${path}, ${quote(PYTHON)})`, isText),
    set(
      parts,
      `ExtractPatterns(${path}, ${quote(JAVA)})`,
      all(isText, `${parts}["type"] == nil`, `Index(${path}, "Traceback (most recent call last):") < 0`),
    ),
    set(attribute('exception.type'), `${parts}["type"]`, all(isText, `${parts}["type"] != nil`)),
    set(
      attribute('exception.message'),
      `${parts}["message"]`,
      all(
        isText,
        `${attribute('exception.message')} == nil`,
        `${parts}["message"] != nil`,
        `${parts}["message"] != ""`,
      ),
    ),
    ...setAll(rule, product, path, isText),
  ];
};

const sql: Convert = (rule, path, holds, product, name) => {
  return [
    set(work, `String(${path})`, holds),
    ...maskSql(work, holds),
    hide(name, path, all(holds, `IsString(${path})`, `${work} != ${path}`)),
    ...setAll(rule, product, work, holds),
    // What was masked may be quoted elsewhere in the record.
    ...(rule.rest === undefined
      ? []
      : [
          set(attribute(rule.rest), '"source"', all(holds, `${work} == String(${path})`)),
          set(attribute(rule.rest), '"cryptrail"', all(holds, `${work} != String(${path})`)),
        ]),
  ];
};

const DN_TYPES =
  'businesscategory|c|cn|dc|description|dn|dnq|dnqualifier|e|email|emailaddress|generation|givenname|initials|l|name|o|organizationidentifier|ou|postaladdress|postalcode|pseudonym|role|s|serialnumber|sn|st|street|surname|t|telephonenumber|title|uid|unstructuredaddress|unstructuredname';

const dn: Convert = (rule, path, holds, product) =>
  setAll(
    rule,
    product,
    path,
    all(
      holds,
      `IsString(${path})`,
      // Most names begin like this, and the expression costs more than all other tests together.
      any(
        `HasPrefix(${path}, "CN=")`,
        `(Index(${path}, "=") > 0 and IsMatch(${path}, ${quote(`(?i)^\\s*(?:${DN_TYPES}|(?:oid\\.)?[0-9]+(?:\\.[0-9]+)+)\\s*=`)}))`,
      ),
      `Index(${path}, " [via] ") < 0`,
    ),
  );

/** Hex digits, or a JSON array of byte numbers; the id of zeros is none. */
function traceId(bytes: 8 | 16, target: string): Convert {
  return (_rule, path, holds) => {
    const digits = 'log.cache["id"]';
    const numbers = Array.from({ length: bytes }, (_, index) => `Substring(Hex(Int(${path}[${index}])), 14, 2)`);
    const isText = all(holds, `IsString(${path})`, `IsMatch(Trim(${path}), "^[0-9a-fA-F]{${bytes * 2}}$")`);
    const isList = all(holds, `IsList(${path})`, `Len(${path}) == ${bytes}`);
    return [
      set(digits, `ToLowerCase(Trim(${path}))`, isText),
      set(digits, concat(...numbers), isList),
      set(target, digits, all(any(isText, isList), `${digits} != nil`, `${digits} != ${quote('0'.repeat(bytes * 2))}`)),
    ];
  };
}

const plain =
  (value: (path: string) => string): Convert =>
  (rule, path, holds, product) =>
    setAll(rule, product, value(path), holds);

const CONVERSIONS: Readonly<Record<Conversion, Convert>> = {
  address,
  forwarded,
  host_port: hostPort,
  peer: hostPort,
  path_query: pathQuery,
  url,
  http_method: httpMethod,
  hash: (rule, path, holds, product) =>
    setAll(rule, product, `Substring(SHA256(${path}), 0, 32)`, all(holds, `IsString(${path})`)),
  uuid5,
  stacktrace,
  json_text: plain((path) => `String(${path})`),
  sql,
  dn,
  trace_id: traceId(16, 'log.trace_id.string'),
  span_id: traceId(8, 'log.span_id.string'),
  collect: () => [],
  basename: (rule, path, holds, product) => {
    const isText = all(holds, `IsString(${path})`);
    return [
      set(work, path, isText),
      statement(`replace_pattern(${work}, "^(?s).*[/\\\\\\\\](.+)$", "$\{1}")`, isText),
      ...setAll(rule, product, work, isText),
    ];
  },
};

/** Whether a conversion leaves the field to the details when it cannot read it. */
export function mayRefuse(rule: FieldRule): boolean {
  return rule.convert === 'address' || rule.convert === 'forwarded' || rule.convert === 'host_port';
}
