import { codesOf } from './codes-of.ts';
import { CatalogueError } from './errors.ts';
import { nearest } from './nearest.ts';
import type { EventChange, Overlay, OwnEvent } from './overlay.ts';
import { readOverlay } from './read-overlay.ts';
import type { EventRule, FieldRule, Product } from './types.ts';

/** Namespaces that belong to OpenTelemetry or have a meaning elsewhere. */
const RESERVED = /^(event|audit|security|security_rule|otel)(\.|$)/;

/**
 * A product with the user's own event types, priorities, severities and field rules laid over it. The given product stays as it is;
 * several overlays are applied one after the other.
 *
 * @throws {CatalogueError} when the overlay does not fit: an unknown key or event, a name that is taken, another product's overlay.
 *
 * @example
 * ```ts
 * const own = applyOverlay(cesecore, {
 *   product: 'cesecore',
 *   changes: { 'cesecore.cert_revoked': { priority: 'high' } },
 * });
 * ```
 */
export function applyOverlay(product: Product, overlay: Overlay): Product {
  const { product: id, events = {}, changes = {}, fields = [] } = readOverlay(overlay);
  if (id !== product.id)
    throw new CatalogueError('wrong_product', 'product', `this overlay is for ${id}, not for ${product.id}`);

  const rules = new Map(product.events);
  const titles = new Map(product.titles);
  for (const [name, change] of Object.entries(changes)) applyChange(name, change, rules, titles);
  for (const [name, event] of Object.entries(events)) addEvent(name, event, product, rules, titles);
  return {
    ...product,
    fields: [...product.fields, ...fields.map((rule, index) => checkedRule(rule, index, product))],
    events: rules,
    titles,
    codes: codesOf(rules),
  };
}

function applyChange(
  name: string,
  { title, ...change }: EventChange,
  rules: Map<string, EventRule>,
  titles: Map<string, string>,
): void {
  const rule = rules.get(name);
  if (!rule) {
    const meant = nearest(name, rules.keys());
    const help = meant === undefined ? 'new events go under "events"' : `did you mean ${meant}?`;
    throw new CatalogueError('unknown_event', `changes[${JSON.stringify(name)}]`, `there is no such event; ${help}`);
  }
  rules.set(name, { ...rule, ...change });
  if (title !== undefined) titles.set(name, title);
}

function addEvent(
  name: string,
  { title, ...event }: OwnEvent,
  product: Product,
  rules: Map<string, EventRule>,
  titles: Map<string, string>,
): void {
  const path = `events[${JSON.stringify(name)}]`;
  if (rules.has(name))
    throw new CatalogueError('event_exists', path, 'there is such an event; change it under "changes"');
  if (!isEventName(name, product.namespace))
    throw new CatalogueError('reserved_name', path, `an event name is ${product.namespace}.<lower_case_words>`);
  if (event.outcome !== undefined && !Object.hasOwn(product.outcomes, event.outcome))
    throw new CatalogueError(
      'wrong_value',
      `${path}.outcome`,
      `expected ${Object.keys(product.outcomes).join(' or ')}`,
    );
  const taken = event.code !== undefined && [...rules.values()].some(({ code }) => code === event.code);
  if (taken && (!event.when || event.default))
    throw new CatalogueError(
      'ambiguous_code',
      path,
      `code ${event.code} is taken: say "when" it is this event instead`,
    );
  if (event.code === undefined && !event.when)
    throw new CatalogueError('missing_key', path, 'code or when is missing: nothing would ever be this event');
  rules.set(name, event);
  titles.set(name, title);
}

function isEventName(name: string, namespace: string): boolean {
  if (!name.startsWith(`${namespace}.`)) return false;
  return /^[a-z][a-z0-9_]*(\.[a-z0-9]+(_[a-z0-9]+)*)+$/.test(name);
}

function checkedRule(rule: FieldRule, index: number, product: Product): FieldRule {
  const path = `fields[${index}]`;
  const names = [rule.attribute, rule.port, rule.rest, rule.full, ...(rule.also ?? [])];
  const reserved = names.find((name) => name !== undefined && RESERVED.test(name));
  if (reserved !== undefined)
    throw new CatalogueError('reserved_name', path, `${reserved} lies in a namespace that is not ours to extend`);
  if (rule.id !== undefined && product.fields.some(({ id }) => id === rule.id))
    throw new CatalogueError('rule_exists', path, `there is a rule with the id ${rule.id}`);
  if (rule.attribute === undefined && (rule.to ?? 'attribute') === 'attribute')
    throw new CatalogueError('missing_key', path, 'attribute is missing');
  return rule;
}
