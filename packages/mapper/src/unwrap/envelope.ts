import { type DecodeJson, decodeJson } from '../decode/json.ts';
import { parseIso } from '../map/iso-time.ts';
import { civilNanos } from '../map/timestamp.ts';
import { isDigits } from '../recognise/conditions.ts';
import type { FieldValue, Outer } from '../records.ts';
import type { Unwrapped } from './wrapper.ts';

type Fields = ReadonlyMap<string, FieldValue>;

/** One kind of JSON object that carries a line as one of its members. */
interface Envelope {
  /** The name of a member as it is spelled by those who write such objects. */
  readonly mark: string;
  /** Members it must have. */
  readonly requires: readonly string[];
  readonly open: (fields: Fields) => Unwrapped | undefined;
}

const ENVELOPES: readonly Envelope[] = [
  { mark: '"log"', requires: ['log', 'time'], open: openDocker },
  { mark: '"log"', requires: ['log', 'stream'], open: openCollected },
  { mark: '"log"', requires: ['log', 'kubernetes'], open: openCollected },
  { mark: '__REALTIME_TIMESTAMP', requires: ['__REALTIME_TIMESTAMP'], open: openJournal },
  { mark: '"loggerName"', requires: ['loggerName', 'message'], open: openFormatter },
  { mark: '"@timestamp"', requires: ['@timestamp', 'message'], open: openBeat },
  { mark: '"_source"', requires: ['_source'], open: openSearchHit },
  { mark: '"line"', requires: ['line', 'timestamp'], open: openLoki },
];

/** Takes the JSON envelope of a container runtime, journal, log shipper or log store off; undefined for any other text. */
export function unwrapEnvelope(text: string, decode: DecodeJson = decodeJson): Unwrapped | undefined {
  const record = text.charCodeAt(0) === 0x1e ? text.slice(1) : text;
  if (!record.startsWith('{')) return undefined;
  const decoded = decode(record);
  const envelope = 'fields' in decoded ? envelopeOf(decoded.fields) : undefined;
  return envelope && ENVELOPES.some(({ mark }) => record.includes(mark)) ? envelope() : undefined;
}

function envelopeOf(fields: Fields): (() => Unwrapped | undefined) | undefined {
  const envelope = ENVELOPES.find(({ requires }) => requires.every((name) => fields.has(name)));
  return envelope && (() => envelope.open(fields));
}

/** Docker's json-file driver: `{"log":"…\n","stream":"stderr","time":"…"}`; a log without a line break goes on. */
function openDocker(fields: Fields): Unwrapped | undefined {
  const log = text(fields, 'log');
  if (log === undefined) return undefined;
  const stream = text(fields, 'stream') === 'stderr' ? 'stderr' : 'stdout';
  const whole = log.endsWith('\n');
  return {
    text: trimBreak(log),
    outer: { ...isoTime(text(fields, 'time')), stream },
    stream,
    ...(whole ? {} : { partial: true }),
  };
}

/** What a collector of container logs made of such a line: its own time, often without the line break. */
function openCollected(fields: Fields): Unwrapped | undefined {
  const log = text(fields, 'log');
  if (log === undefined) return undefined;
  const stream = text(fields, 'stream');
  return {
    text: trimBreak(log),
    outer: {
      ...isoTime(text(fields, '@timestamp')),
      ...(stream === 'stderr' || stream === 'stdout' ? { stream } : {}),
    },
  };
}

/** `journalctl -o json`: MESSAGE is a text, a list of bytes, or null when it was too long to be printed. */
function openJournal(fields: Fields): Unwrapped {
  const message = fields.get('MESSAGE');
  const source = text(fields, '_SOURCE_REALTIME_TIMESTAMP');
  const host = text(fields, '_HOSTNAME');
  const outer: Outer = {
    ...microseconds(source ?? text(fields, '__REALTIME_TIMESTAMP')),
    ...(host === undefined ? {} : { host }),
  };
  const stream = text(fields, '_STREAM_ID') ?? '';
  const partial = text(fields, '_LINE_BREAK') === 'line-max' ? { partial: true } : {};
  if (message === undefined) return { text: '', outer, stream, withheld: true };
  if (message.kind === 'null') return { text: '', outer, stream, withheld: true, truncated: true };
  return { text: messageText(message), outer, stream, ...partial };
}

/** A field given several times is a list of texts; one with unprintable bytes a list of numbers. */
function messageText(message: FieldValue): string {
  if (message.kind !== 'array') return message.text;
  const items: unknown = JSON.parse(message.text);
  if (!Array.isArray(items)) return '';
  if (items.every((item) => Number.isInteger(item) && item >= 0 && item <= 255))
    return new TextDecoder().decode(Uint8Array.from(items));
  return items.filter((item) => typeof item === 'string').join('\n');
}

/** WildFly's json-formatter and its relatives: a logging layout in JSON. */
function openFormatter(fields: Fields): Unwrapped | undefined {
  const message = text(fields, 'message');
  if (message === undefined) return undefined;
  const time = text(fields, 'timestamp') ?? text(fields, '@timestamp');
  const level = text(fields, 'level');
  const category = text(fields, 'loggerName');
  const thread = text(fields, 'threadName');
  const host = text(fields, 'hostName');
  return {
    text: trimBreak(message),
    outer: { ...isoTime(time), ...(host === undefined ? {} : { host }) },
    layout: {
      ...(time === undefined ? {} : { time }),
      ...(level === undefined ? {} : { level }),
      ...(category === undefined ? {} : { category }),
      ...(thread === undefined ? {} : { thread }),
    },
  };
}

/** Filebeat, Logstash and what they wrote into Elasticsearch. */
function openBeat(fields: Fields): Unwrapped | undefined {
  const message = text(fields, 'message');
  return message === undefined ? undefined : { text: trimBreak(message), outer: isoTime(text(fields, '@timestamp')) };
}

/** A search hit: the document is under `_source`. */
function openSearchHit(fields: Fields): Unwrapped | undefined {
  const source = fields.get('_source');
  const decoded = source?.kind === 'object' ? decodeJson(source.text) : undefined;
  return decoded && 'fields' in decoded && !decoded.fields.has('_source') ? envelopeOf(decoded.fields)?.() : undefined;
}

/** `logcli --output=jsonl`. */
function openLoki(fields: Fields): Unwrapped | undefined {
  const line = text(fields, 'line');
  return line === undefined ? undefined : { text: trimBreak(line), outer: isoTime(text(fields, 'timestamp')) };
}

function text(fields: Fields, name: string): string | undefined {
  const value = fields.get(name);
  return value?.kind === 'string' ? value.text : undefined;
}

/** The text without one line break at its end. */
function trimBreak(log: string): string {
  if (!log.endsWith('\n')) return log;
  return log.endsWith('\r\n') ? log.slice(0, -2) : log.slice(0, -1);
}

function isoTime(time: string | undefined): { timeUnixNano?: bigint } {
  const timeUnixNano = time === undefined ? undefined : civilNanos(parseIso(time), 'UTC');
  return timeUnixNano === undefined ? {} : { timeUnixNano };
}

function microseconds(digits: string | undefined): { timeUnixNano?: bigint } {
  return digits !== undefined && isDigits(digits) && digits.length <= 16
    ? { timeUnixNano: BigInt(digits) * 1000n }
    : {};
}
