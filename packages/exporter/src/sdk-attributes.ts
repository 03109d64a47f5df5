import { type AttributeValue, Double } from '@cryptrail/mapper';
import { fillTemplate, firstNode, nextNode } from './attribute-template.ts';

/** An attribute value as the SDK carries it. */
export type SdkAttributeValue = string | number | boolean | string[];

/** Attributes as the SDK carries them. */
export type SdkAttributes = Record<string, SdkAttributeValue>;

/**
 * A value in the SDK's words. The SDK knows no `bigint` and decides by the value whether a number is whole, so an integer beyond
 * 2^53 becomes its decimal digits as text, and NaN and the infinities, for which a receiver refuses the batch, become text too. Halves of surrogate pairs become U+FFFD.
 */
export function toSdkValue(value: AttributeValue): SdkAttributeValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Double) return Number.isFinite(value.value) ? value.value : String(value.value);
  return typeof value === 'object' ? value.map((text) => text.toWellFormed()) : value;
}

/** Attributes in the SDK's words, in the same order. */
export function toSdkAttributes(attributes: ReadonlyMap<string, AttributeValue>): SdkAttributes {
  let node = firstNode();
  const values: SdkAttributeValue[] = [];
  attributes.forEach((value, name) => {
    node = nextNode(node, name);
    values.push(toSdkValue(value));
  });
  return fillTemplate(node, values);
}
