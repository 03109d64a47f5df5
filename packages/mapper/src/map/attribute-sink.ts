import type { Issue } from '../issue.ts';
import type { AttributeValue } from '../records.ts';

/** Collects what the rules make of one record. */
export interface AttributeSink {
  readonly attributes: Map<string, AttributeValue>;
  readonly resource: Map<string, AttributeValue>;
  traceId?: string;
  spanId?: string;
  readonly issues: Issue[];
  /** Source texts that may not leave, and what stands for each: they may not show up anywhere else either. */
  readonly secrets: Map<string, string>;
}

export function createSink(): AttributeSink {
  return { attributes: new Map(), resource: new Map(), issues: [], secrets: new Map() };
}
