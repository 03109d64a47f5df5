import type { EventRule, FieldRule } from './types.ts';

/** What an overlay can change of an event that the product has. */
export interface EventChange
  extends Partial<
    Pick<
      EventRule,
      'group' | 'category' | 'priority' | 'stream' | 'floor' | 'failureFloor' | 'important' | 'tags' | 'attack'
    >
  > {
  readonly title?: string;
}

/** An event type of the user's own. */
export interface OwnEvent extends Omit<EventRule, 'meanings'> {
  readonly title: string;
}

/** A user's own view of a product, laid over the tables of this package without a fork. */
export interface Overlay {
  /** Id of the product, e.g. `cesecore`. */
  readonly product: string;
  /** New event types, by event name. A name begins with the namespace of the product. */
  readonly events?: Readonly<Record<string, OwnEvent>>;
  /** Other priorities, severities, groups or tags for events that the product has, by event name. */
  readonly changes?: Readonly<Record<string, EventChange>>;
  /** Rules for further source fields. */
  readonly fields?: readonly FieldRule[];
}
