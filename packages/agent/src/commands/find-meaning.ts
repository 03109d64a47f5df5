import { type FullEvent, findByCode, findByConstant, findEvent, listEvents } from '@cryptrail/catalogue/entries';
import { nearest } from '../command-line/nearest.ts';

/** What a word stands for in the catalogue. */
export type Meaning =
  | { readonly found: true; readonly events: readonly FullEvent[] }
  /** Codes and names that are near. */
  | { readonly found: false; readonly near: readonly string[] };

const MOST_SUGGESTIONS = 5;

/** Looks a word up as event name, code or constant, first as it is written, then without regard to case. */
export function findMeaning(word: string): Meaning {
  const exact = lookUp(word);
  if (exact.length > 0) return { found: true, events: exact };
  const folded = word.toLowerCase();
  const events = listEvents();
  const loose = events.filter(({ name, entry }) =>
    [name, entry.code, entry.name].some((own) => own?.toLowerCase() === folded),
  );
  if (loose.length > 0) return { found: true, events: loose };
  return { found: false, near: suggestions(word, events) };
}

function lookUp(word: string): readonly FullEvent[] {
  const named = findEvent(word);
  if (named) return [named];
  const { events } = findByCode(word);
  return events.length > 0 ? events : findByConstant(word);
}

const PRIORITIES = ['critical', 'high', 'medium', 'low', 'informational'];

/** Mistyped codes and names; else events whose title or tags speak of the word, weightiest first. */
function suggestions(word: string, events: readonly FullEvent[]): string[] {
  const known = new Set(events.flatMap(({ name, entry }) => [entry.code, entry.name, name, name.split('.').at(-1)]));
  known.delete(undefined);
  const near = nearest(word, known as Set<string>, MOST_SUGGESTIONS);
  if (near.length > 0) return near;
  const folded = word.toLowerCase();
  return events
    .filter(({ title, entry }) => [title, ...(entry.tags ?? [])].some((text) => text.toLowerCase().includes(folded)))
    .sort((one, other) => PRIORITIES.indexOf(one.entry.priority) - PRIORITIES.indexOf(other.entry.priority))
    .slice(0, MOST_SUGGESTIONS)
    .map(({ name }) => name);
}
