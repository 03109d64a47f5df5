import type { EventEntry } from '../src/types.ts';
import { emittedInWords, severityInWords } from './in-words.ts';
import { markdownTable } from './markdown.ts';
import type { ProductTables } from './tables.ts';

const HEAD = ['event', 'code', 'title', 'priority', 'category', 'severity', 'emitted'];

/** Every event of a product, one table for each group. */
export function eventTables({ product, events }: ProductTables): string {
  const groups = Map.groupBy(Object.entries(events), ([, { group }]) => group);
  const codes = new Set(Object.values(events).flatMap(({ code }) => code ?? []));
  const parts = [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([group, entries]) => `### \`${group}\`\n\n${markdownTable(HEAD, entries.map(eventRow))}`);
  const counts = `${Object.keys(events).length} events, ${codes.size} codes. Read from: ${product.revision}.`;
  return [counts, ...parts].join('\n\n');
}

function eventRow([name, entry]: readonly [string, EventEntry]): string[] {
  return [
    `\`${name}\`${entry.important ? ' †' : ''}`,
    entry.code === undefined ? '' : `\`${entry.code}\``,
    entry.title,
    entry.priority,
    entry.category,
    severityInWords(entry),
    emittedInWords(entry),
  ];
}
