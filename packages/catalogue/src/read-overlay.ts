import { type Check, flag, list, recordOf, shaped, text, wholeNumber, word } from './check-value.ts';
import {
  CATEGORIES,
  CONVERSIONS,
  DESTINATIONS,
  PRIORITIES,
  SENSITIVITIES,
  SOURCE_KINDS,
  STREAMS,
  VALUE_TYPES,
} from './closed-sets.ts';
import type { EventChange, Overlay, OwnEvent } from './overlay.ts';
import type { Condition, FieldRule, When } from './types.ts';

type ShapeOf<T> = Readonly<Record<keyof T & string, Check>>;

const space = word(['fields', 'details', 'layout', 'message']);
const severity = wholeNumber(1, 24);
const anyNumber = wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const attributeName = text(/^[a-z][a-z0-9]*([._][A-Za-z0-9]+)*$/, 'an attribute name such as acme.ticket.id');
const group = text(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'a group such as key_management');

const condition = shaped(
  {
    field: text(),
    in: space,
    equals: () => undefined,
    oneOf: list(text()),
    fold: flag,
    present: flag,
    filled: flag,
    from: anyNumber,
    to: anyNumber,
    startsWith: text(),
    contains: text(),
    kinds: list(word(SOURCE_KINDS)),
  } satisfies ShapeOf<Condition>,
  ['field'],
);

const when = shaped({
  levels: list(text(/^[a-z0-9]+$/, 'a level in lower case')),
  messages: list(text()),
  conditions: list(condition),
} satisfies ShapeOf<When>);

const change = {
  title: text(),
  group,
  category: word(CATEGORIES),
  priority: word(PRIORITIES),
  stream: word(STREAMS),
  floor: severity,
  failureFloor: severity,
  important: flag,
  tags: list(text()),
  attack: list(text(/^T\d{4}(\.\d{3})?$/, 'a technique such as T1078')),
} satisfies ShapeOf<EventChange>;

const ownEvent = {
  ...change,
  code: text(),
  default: flag,
  when,
  outcome: text(),
  fixed: recordOf(text()),
} satisfies ShapeOf<OwnEvent>;

const fieldRule = {
  id: text(),
  chosen: flag,
  fields: list(text()),
  in: space,
  applications: list(text()),
  conditions: list(condition),
  to: word(DESTINATIONS),
  attribute: attributeName,
  also: list(attributeName),
  port: attributeName,
  rest: attributeName,
  full: attributeName,
  type: word(VALUE_TYPES),
  convert: word(CONVERSIONS),
  accepts: list(word(SOURCE_KINDS)),
  words: recordOf(text()),
  otherwise: text(),
  absent: list(text()),
  sensitivity: word(SENSITIVITIES),
  secretWhenNamedBy: text(),
  requirement: word(['required', 'conditionally_required', 'recommended', 'opt_in']),
  deprecated: text(),
  description: text(),
} satisfies ShapeOf<FieldRule>;

const overlay = shaped(
  {
    product: text(),
    events: recordOf(shaped(ownEvent, ['title', 'group', 'category', 'priority'])),
    changes: recordOf(shaped(change)),
    fields: list(shaped(fieldRule, ['fields'])),
  } satisfies ShapeOf<Overlay>,
  ['product'],
);

/**
 * Reads an overlay out of parsed JSON or YAML.
 *
 * @throws {CatalogueError} when a key is unknown or missing, or a value is none that the tables know.
 */
export function readOverlay(value: unknown): Overlay {
  overlay(value, '');
  return value as Overlay;
}
