import * as stable from '@opentelemetry/semantic-conventions';
import * as all from '@opentelemetry/semantic-conventions/incubating';

/** Attributes of the OpenTelemetry registry that are stable, and all of them. */
const STABLE = attributesOf(stable);
const REGISTRY = attributesOf(all);

function attributesOf(constants: Readonly<Record<string, unknown>>): ReadonlySet<unknown> {
  return new Set(Object.entries(constants).flatMap(([name, value]) => (name.startsWith('ATTR_') ? [value] : [])));
}

/** How firm the name of an attribute is: `stable` or `development` in the OpenTelemetry registry, `product` for names of our own. */
export type Stability = 'stable' | 'development' | 'product' | 'unregistered';

/** Looks an attribute up; `namespace`: prefix of the product's own names. */
export function stabilityOf(attribute: string, namespace: string): Stability {
  if (attribute.startsWith(`${namespace}.`)) return 'product';
  if (STABLE.has(attribute)) return 'stable';
  return REGISTRY.has(attribute) ? 'development' : 'unregistered';
}
