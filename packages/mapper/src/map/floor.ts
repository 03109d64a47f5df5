import type { EventRule, Outcome } from '@cryptrail/catalogue';

/** Least SeverityNumber the catalogue gives to an event with this outcome; 0 when it gives none. */
export function floorOf(event: EventRule | undefined, outcome: Outcome | undefined): number {
  const always = event?.floor ?? 0;
  return outcome === 'failure' ? Math.max(always, event?.failureFloor ?? 0) : always;
}
