import type { Condition, EventEntry } from '../src/types.ts';

/** Conditions as a reader of the documentation would say them; the empty text when there are none. */
export function conditionsInWords(conditions: readonly Condition[] = []): string {
  return conditions.map(conditionInWords).join(' and ');
}

function conditionInWords(condition: Condition): string {
  const place = `${condition.in ? `${PLACES[condition.in]} ` : ''}\`${condition.field}\``;
  const tests = [
    condition.equals === undefined ? '' : `is \`${condition.equals}\``,
    condition.oneOf ? `is one of ${condition.oneOf.map((word) => `\`${word}\``).join(', ')}` : '',
    condition.present === undefined ? '' : condition.present ? 'is there' : 'is absent',
    condition.filled ? 'is not blank' : '',
    rangeInWords(condition),
    condition.startsWith === undefined ? '' : `begins with \`${condition.startsWith}\``,
    condition.contains === undefined ? '' : `contains \`${condition.contains}\``,
    condition.kinds ? `is ${condition.kinds.join(' or ')}` : '',
  ];
  return `${place} ${tests.filter(Boolean).join(' and ')}`;
}

const PLACES = { fields: '', details: 'detail', layout: 'layout', message: 'message part' } as const;

function rangeInWords({ from, to }: Condition): string {
  if (from === undefined && to === undefined) return '';
  if (to === undefined) return `is ${from} or more`;
  return from === undefined ? `is ${to} or less` : `is ${from} to ${to}`;
}

/** What the source prints as severity, and the floors of the catalogue. */
export function severityInWords({ severity, floor, failureFloor }: EventEntry): string {
  const source = severity.source.map((word) => (word === 'status' ? 'by status' : word)).join(', ');
  const floors = [
    floor === undefined ? '' : `floor ${floor}`,
    failureFloor === undefined ? '' : `floor ${failureFloor} on failure`,
  ];
  return [source, ...floors].filter(Boolean).join('; ');
}

/** Whether, and from which to which version, an event is printed. */
export function emittedInWords({ emitted, since, removed }: EventEntry): string {
  const printed = emitted.status === 'yes' ? 'yes' : 'no';
  const versions = [
    since === undefined ? '' : `since ${since}`,
    emitted.until === undefined ? '' : `until ${emitted.until}`,
    removed === undefined ? '' : `removed in ${removed.since}`,
  ];
  return [printed, ...versions].filter(Boolean).join(', ');
}
