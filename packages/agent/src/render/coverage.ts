import type { ProductCoverage, UnseenReason } from '../tally/coverage.ts';
import { type Column, renderTable } from './table.ts';
import { visible } from './visible.ts';

const SEEN: readonly Column[] = [
  { title: 'COUNT', align: 'right' },
  { title: 'CODE', most: 24 },
  { title: 'EVENT' },
  { title: 'TITLE' },
];
const UNSEEN: readonly Column[] = [
  { title: 'CODE', most: 24 },
  { title: 'EVENT' },
  { title: 'TITLE', most: 56 },
  { title: 'NOTE' },
];

const HEADINGS: readonly (readonly [UnseenReason, string])[] = [
  ['not_seen', 'Never seen, though it could have been'],
  ['below_level', 'Hidden, as it seems, by the log level: nothing as low was found'],
  ['not_emitted', 'Not printed by the version that the catalogue describes'],
];

/** What a log shows of one product, as tables. */
export function renderCoverage(coverage: ProductCoverage, width: number | undefined): string {
  const { product, records, withoutEvent, lowestLevel, levelsBelow, seen, unseen } = coverage;
  const sentence = [
    `${product}: ${records} records, ${seen.length} of ${seen.length + unseen.length} kinds of event seen`,
    withoutEvent > 0 ? `${withoutEvent} records are no event` : undefined,
    lowestLevel === undefined ? undefined : `lowest level ${visible(lowestLevel)}`,
    levelsBelow.length === 0
      ? undefined
      : `nothing at ${levelsBelow.join(', ')}, as if the source left these levels out`,
  ];
  const parts = [`${sentence.filter((part) => part !== undefined).join('; ')}\n`];
  if (seen.length > 0) {
    const rows = seen.map(({ count, code, event, title }) => [String(count), code ?? '', event, title]);
    parts.push(`Seen\n${renderTable(SEEN, rows, { width })}`);
  }
  for (const [wanted, heading] of HEADINGS) {
    const kinds = unseen.filter(({ reason }) => reason === wanted);
    if (kinds.length === 0) continue;
    const rows = kinds.map(({ code, event, title, note }) => [code ?? '', event, title, note ?? '']);
    parts.push(`${heading} (${kinds.length})\n${renderTable(UNSEEN, rows, { width })}`);
  }
  return parts.join('\n');
}
