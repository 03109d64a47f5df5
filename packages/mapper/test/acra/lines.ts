/** Writes an entry the way Acra's formatters do, in each of its three formats. For values without control characters. */
export interface Entry {
  readonly level: 'debug' | 'info' | 'warning' | 'error' | 'fatal';
  readonly message: string;
  readonly code?: number | string;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
  /** Seconds since 1970. */
  readonly time?: number;
  readonly product?: string;
  readonly version?: string;
}

const TIME = 1_726_560_052;
const PLAIN = /^[A-Za-z0-9._/@^+-]+$/;
const CEF_SEVERITY = { debug: 0, info: 1, warning: 3, error: 6, fatal: 8 } as const;

/** The same entry in JSON, CEF and text. */
export function inAllFormats(entry: Entry): readonly (readonly [format: string, line: string])[] {
  return [
    ['acra_json', jsonLine(entry)],
    ['acra_cef', cefLine(entry)],
    ['acra_text', textLine(entry)],
  ];
}

export function jsonLine({ level, message, code, fields, time = TIME, product, version }: Entry): string {
  const all: Record<string, unknown> = {
    ...fields,
    ...(code === undefined ? {} : { code }),
    level,
    msg: message,
    product: product ?? 'acra-server',
    timestamp: iso(time),
    unixTime: time.toFixed(3),
    version: version ?? '0.96.0',
  };
  return JSON.stringify(sorted(all)).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

export function textLine({ level, message, code, fields, time = TIME }: Entry): string {
  const all = sorted({ ...fields, ...(code === undefined ? {} : { code }) });
  const pairs = Object.entries(all).map(([key, value]) => ` ${key}=${quoted(String(value))}`);
  const msg = message === '' ? '' : ` msg=${quoted(message)}`;
  return `time=${JSON.stringify(iso(time))} level=${level}${msg}${pairs.join('')}`;
}

export function cefLine({ level, message, code, fields, time = TIME, product, version }: Entry): string {
  const header = [
    'cossacklabs',
    product ?? 'acra-server',
    version ?? '0.96.0',
    code ?? 100,
    message,
    CEF_SEVERITY[level],
  ];
  const all = sorted({ ...fields, unixTime: time.toFixed(3) });
  const pairs = Object.entries(all).map(([key, value]) => `${cefKey(key)}=${prepared(String(value))} `);
  return `CEF:0|${header.map((part) => prepared(String(part))).join('|')}|${pairs.join('')}`;
}

function sorted<Value>(fields: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function iso(time: number): string {
  return new Date(time * 1000).toISOString().replace(/\.\d+Z/, 'Z');
}

/** JSON's escapes are Go's for the values used here. */
function quoted(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text);
}

function prepared(text: string): string {
  const flat = text.trim().replaceAll('\n', ' ').replaceAll('\t', ' ');
  return flat.replace(/[\\|=]/g, (sign) => `\\${sign}`) || ' ';
}

function cefKey(key: string): string {
  return PLAIN.test(key) ? key : JSON.stringify(prepared(key));
}
