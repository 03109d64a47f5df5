/** What the log record processor adds to `logger.emit`, apart from what the SDK itself does with as many attributes. */
import { EventCodeProcessor, type LoggerLike } from '@cryptrail/exporter';
import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { parseMicrosPerByte, time } from './budgets.ts';
import { FORMS, linesOf, vary } from './corpus.ts';
import { median } from './measure.ts';

/** The cost of one kind of body, in relation to `JSON.parse` of as many bytes. */
export interface InProcess {
  readonly body: string;
  /** Bodies that came before but for the digits of their times, ids and numbers. */
  readonly changed: number;
  /** Bodies that came before as they stand. */
  readonly repeated: number;
}

type SdkRecord = Parameters<LogRecordProcessor['onEmit']>[0];

/** Kinds of bodies of a service, and so many of each: what a service says is little, and comes again and again. */
const KINDS = 50;
const COUNT = 2000;
const ROUNDS = 40;
/** The first rounds warm up. */
const WARM = 10;
const FOREIGN = [
  'Connection to database pool number 100200 was established after 12 attempts, waiting for the next request',
  '2026-11-21 21:09:58,511 INFO  [com.example.Service] (worker-7) processed order 100200',
];

/** Measures the bodies of each form but the longest ones, and bodies of no product. */
export function measureInProcess(): InProcess[] {
  const forms = FORMS.filter(({ name }) => name !== 'signserver').map((form) => ({
    body: form.name,
    lines: spread(linesOf(form)),
  }));
  return [...forms, { body: 'no product', lines: FOREIGN }].map(({ body, lines }) => ({
    body,
    changed: ratio(lines, (line, at) => copyOf(vary(line, at))),
    repeated: ratio(lines, copyOf),
  }));
}

function spread(lines: readonly string[]): string[] {
  return lines.filter((_, at) => at % Math.ceil(lines.length / KINDS) === 0);
}

function ratio(lines: readonly string[], bodyOf: (line: string, at: number) => string): number {
  const parse = parseMicrosPerByte();
  let seen: SdkRecord[] = [];
  const keeper = loggerOf(new EventCodeProcessor(), (record) => {
    seen.push(record);
  });
  const own = loggerOf(new EventCodeProcessor());
  const copied = loggerOf(undefined, (record) => copyInto(record, seen.pop()));
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const bodies = Array.from({ length: COUNT }, (_, at) =>
      bodyOf(lines[at % lines.length] ?? '', Math.floor((round * COUNT + at) / lines.length)),
    );
    seen = [];
    emitAll(keeper, bodies);
    seen.reverse();
    const all = time(() => emitAll(own, bodies));
    const sdk = time(() => emitAll(copied, bodies));
    const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
    if (round >= WARM) costs.push((all - sdk) / (bytes * parse));
  }
  return median(costs);
}

function loggerOf(first: LogRecordProcessor | undefined, onEmit: (record: SdkRecord) => void = () => {}) {
  const last: LogRecordProcessor = { onEmit, forceFlush: async () => {}, shutdown: async () => {} };
  return new LoggerProvider({ processors: first ? [first, last] : [last] }).getLogger('bench');
}

function emitAll(logger: LoggerLike, bodies: readonly string[]): void {
  for (const body of bodies) logger.emit({ body });
}

/** Hands the SDK what was made of a record before, as the processor does. */
function copyInto(record: SdkRecord, made: SdkRecord | undefined): void {
  if (!made || Object.keys(made.attributes).length === 0) return;
  record.setBody(made.body);
  if (made.eventName) record.setEventName(made.eventName);
  record.hrTime = made.hrTime;
  for (const name in made.attributes) record.setAttribute(name, made.attributes[name]);
}

/** A text of its own, as it would come out of a logger. */
function copyOf(line: string): string {
  return Buffer.from(line).toString();
}
