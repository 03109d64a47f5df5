/** What a service without Cryptrail would write: the usual lines of the products, by regular expressions and `split`. Wrong for unusual ones. */

/** A line taken apart by hand. */
export interface ParsedLine {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly level: string;
  readonly event: string;
}

export function parseLine(line: string): ParsedLine {
  if (line.startsWith('{')) return parseJson(line);
  if (line.startsWith('CEF:')) return parseCef(line);
  if (line.startsWith('time=')) return parseText(line);
  return parseLog4j(line);
}

function parseJson(line: string): ParsedLine {
  const { msg, message, level, unixTime, created_at, code, action, log_type, ...fields } = JSON.parse(line);
  const time = unixTime === undefined ? Date.parse(`${created_at}Z`) : Number(unixTime) * 1000;
  return {
    fields,
    body: String(msg ?? message ?? line),
    time,
    level: String(level),
    event: String(code ?? action ?? log_type ?? ''),
  };
}

function parseCef(line: string): ParsedLine {
  const [, , product, version, code = '', message = '', level = '', ...rest] = line.split('|');
  const fields: Record<string, unknown> = { product, version };
  for (const pair of rest.join('|').split(' ')) {
    const at = pair.indexOf('=');
    if (at > 0) fields[pair.slice(0, at)] = pair.slice(at + 1);
  }
  const { unixTime, ...others } = fields;
  return { fields: others, body: message, time: Number(unixTime) * 1000, level, event: code };
}

const PAIR = /([\w.]+)=("(?:[^"\\]|\\.)*"|\S*)/g;

function parseText(line: string): ParsedLine {
  const fields: Record<string, string> = {};
  for (const [, name = '', value = ''] of line.matchAll(PAIR))
    fields[name] = value.startsWith('"') ? value.slice(1, -1).replaceAll('\\"', '"') : value;
  const { time = '', level = '', msg = '', code = '', unixTime, ...others } = fields;
  return { fields: others, body: msg, time: unixTime ? Number(unixTime) * 1000 : Date.parse(time), level, event: code };
}

const LAYOUT = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),(\d{3}) (\w+) +\[([^\]]+)\] (?:\(([^)]*)\) )?(.*)$/;
const COLUMNS = ['time', 'event', 'outcome', 'module', 'service', 'admin', 'ca', 'certificate', 'user'];

function parseLog4j(line: string): ParsedLine {
  const [, day, clock, millis, level = '', category = '', thread, payload = line] = LAYOUT.exec(line) ?? [];
  const fields: Record<string, string | undefined> = { category, thread };
  if (payload.startsWith('EVENT: ')) {
    for (const pair of payload.split('; ')) {
      const at = pair.indexOf(':');
      fields[pair.slice(0, at).toLowerCase()] = pair.slice(at + 1).trim();
    }
  } else if (category.startsWith('org.cesecore.audit')) {
    for (const [index, value] of payload.split(';').entries()) {
      const at = value.indexOf('=');
      const name = COLUMNS[index] ?? `details.${value.slice(0, at)}`;
      if (value !== '') fields[name] = index < COLUMNS.length ? value : value.slice(at + 1);
    }
  }
  return { fields, body: payload, time: Date.parse(`${day}T${clock}.${millis}Z`), level, event: fields.event ?? '' };
}
