import { type EventName, type EventRule, findEvent, type Outcome, type Product, products } from '@cryptrail/catalogue';
import { diag } from '@opentelemetry/api';
import type { EmittedRecord, LoggerLike } from './emit-record.ts';
import { toHrTime } from './hr-time.ts';
import { type SdkAttributes, type SdkAttributeValue, toSdkValue } from './sdk-attributes.ts';

/** What the raiser of an event knows about it. All may be left out. */
export interface EventDetails {
  /** A level word of the product, or an OpenTelemetry SeverityNumber. Default: the event's floor in the catalogue, else 17 for a failure and 9 otherwise; a word that the product does not know keeps that number. */
  readonly severity?: string | number;
  /** Default: the title of the event. */
  readonly body?: string;
  /** Default: what the catalogue says where nothing speaks against it; absent when it leaves that open. */
  readonly outcome?: Outcome;
  /** Over those that the catalogue gives. */
  readonly attributes?: Readonly<Record<string, SdkAttributeValue | bigint>>;
  /** Default: now. A `bigint` counts nanoseconds since 1970. */
  readonly time?: Date | bigint;
  /** Which application of the product raises it, where several share the events. */
  readonly application?: string;
}

/**
 * Emits an event of the catalogue, for services that raise such events themselves: name, product, code, category, priority, outcome
 * and what else the catalogue fixes are filled in as they would be for a log line. Never throws.
 *
 * @example
 * ```ts
 * emitEvent(logger, 'acra.decryptor.recognized_poison_record', { attributes: { 'acra.client.id': 'billing' } });
 * ```
 */
export function emitEvent(logger: LoggerLike, eventName: EventName, details: EventDetails = {}): void {
  try {
    const raised = find(eventName);
    if (!raised) diag.warn(`cryptrail: the event name "${eventName}" is not in the catalogue`);
    const said = whatIsSaid(eventName, details);
    logger.emit(raised ? withCatalogue(said, raised, details) : said);
  } catch (error) {
    diag.error('cryptrail: the logger refused an event', error);
  }
}

interface RaisedEvent {
  readonly product: Product;
  readonly title: string;
  readonly rule: EventRule;
}

function find(eventName: string): RaisedEvent | undefined {
  const event = findEvent(eventName);
  const product = products.find(({ id }) => id === event?.product);
  return event && product && { product, title: event.title, rule: event.entry };
}

/** The record as far as the caller describes it. */
function whatIsSaid(eventName: string, { severity, body, attributes = {}, time }: EventDetails): EmittedRecord {
  return {
    eventName,
    timestamp: toHrTime(nanosOf(time)),
    ...(typeof severity === 'number' ? { severityNumber: severity } : {}),
    ...(typeof severity === 'string' ? { severityText: severity } : {}),
    ...(body === undefined ? {} : { body }),
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, toSdkValue(value)])),
  };
}

function withCatalogue(said: EmittedRecord, raised: RaisedEvent, details: EventDetails): EmittedRecord {
  const outcome = details.outcome ?? usualCase(raised)?.outcome ?? undefined;
  return {
    severityNumber: severityNumberOf(raised, outcome, said.severityText),
    body: raised.title,
    ...said,
    attributes: { ...catalogueAttributes(raised, outcome, details.application), ...said.attributes },
  };
}

/** The attributes that every log line of this event gets, in the mapper's order. */
function catalogueAttributes(
  raised: RaisedEvent,
  outcome: Outcome | undefined,
  application: string | undefined,
): SdkAttributes {
  const { product, rule } = raised;
  const attributes: SdkAttributes = {};
  const set = (name: string | undefined, value: SdkAttributeValue | undefined) => {
    if (name !== undefined && value !== undefined) attributes[name] = value;
  };
  set('cryptrail.product', product.applications?.[application ?? '']?.value ?? product.value);
  set('cryptrail.code', rule.code);
  set('cryptrail.category', rule.category);
  set('cryptrail.priority', rule.priority);
  set(product.groupAttribute, rule.group);
  set('cryptrail.stream', rule.stream);
  set('cryptrail.outcome', outcome);
  if (outcome === 'failure') set('error.type', errorTypeOf(raised));
  const { name, type } = product.codeAttribute ?? {};
  set(name, type === 'int' && rule.code !== undefined ? Number(rule.code) : rule.code);
  return { ...attributes, ...rule.fixed };
}

function outcomeCases({ product, rule }: RaisedEvent) {
  const name = rule.outcome ?? 'default';
  return Object.hasOwn(product.outcomes, name) ? (product.outcomes[name] ?? []) : [];
}

/** The case of an outcome rule that asks for nothing in a log line. */
function usualCase(raised: RaisedEvent) {
  return outcomeCases(raised).find(({ conditions }) => !conditions?.length);
}

function errorTypeOf(raised: RaisedEvent): string {
  const usual = usualCase(raised);
  const failure =
    usual?.outcome === 'failure' ? usual : outcomeCases(raised).find(({ outcome }) => outcome === 'failure');
  const { value, code } = failure?.errorType ?? {};
  return value ?? (code ? raised.rule.code : undefined) ?? '_OTHER';
}

function severityNumberOf(
  { product, rule }: RaisedEvent,
  outcome: Outcome | undefined,
  word: string | undefined,
): number {
  const named = word === undefined ? undefined : severityOfWord(product, word.toLowerCase());
  if (named !== undefined) return named;
  if (outcome !== 'failure') return rule.floor ?? 9;
  return Math.max(rule.floor ?? 0, rule.failureFloor ?? 0) || 17;
}

function severityOfWord(product: Product, word: string): number | undefined {
  const known = Object.values(product.severities).find(({ words }) => Object.hasOwn(words, word));
  return known?.words[word]?.number;
}

function nanosOf(time: Date | bigint | undefined): bigint {
  if (typeof time === 'bigint') return time;
  const millis = (time ?? new Date()).getTime();
  return Number.isNaN(millis) ? 0n : BigInt(millis) * 1_000_000n;
}
