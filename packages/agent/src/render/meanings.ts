import type { FullEvent } from '@cryptrail/catalogue/entries';
import { whatTells } from './event-page.ts';
import { renderTable } from './table.ts';

/** A table of events that share a word, with what tells them apart. */
export function renderMeanings(word: string, events: readonly FullEvent[], width: number | undefined): string {
  const rows = events.map(({ name, title, entry }) => [
    name,
    title,
    entry.default ? 'otherwise' : (whatTells(entry) ?? ''),
  ]);
  const table = renderTable([{ title: 'EVENT' }, { title: 'MEANING', most: 48 }, { title: 'TOLD BY' }], rows, {
    width,
  });
  return `${word} has ${events.length} meanings:\n\n${table}`;
}
