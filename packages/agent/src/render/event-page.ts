import type { FullEvent, ProductEntries } from '@cryptrail/catalogue/entries';
import { severityWords } from '../select/severity-words.ts';
import { type Paint, severityName } from './colour.ts';
import { visible } from './visible.ts';
import { describe, wrap } from './wrap.ts';

/** How a page is laid out. */
export interface PageLayout {
  readonly width: number;
  readonly paint: Paint;
}

const INDENT = '  ';

/** All that the catalogue says about an event, in the order in which somebody on call needs it. */
export function renderEventPage(
  { name, title, entry }: FullEvent,
  product: ProductEntries,
  layout: PageLayout,
): string {
  const { width, paint } = layout;
  const heading = [entry.code, title].filter((part) => part !== undefined).join('  ');
  const section = (label: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', paint('bold', label), ...lines];
  const prose = (label: string, text: string | undefined) => section(label, text ? wrap(text, width, INDENT) : []);
  const lines = [
    paint('bold', visible(heading)),
    visible(name),
    '',
    ...describe(
      [
        [
          'Product',
          [product.product.title, entry.emitters && `printed by ${entry.emitters.join(', ')}`]
            .filter(Boolean)
            .join('; '),
        ],
        ['Constant', entry.name],
        [
          'Priority',
          entry.important ? `${entry.priority}; on the list of events that matter to SIEM and SOC` : entry.priority,
        ],
        ['Severity', severityText(entry, product)],
        ['Outcome', outcomeText(entry, product)],
        ['About', aboutText(entry)],
        ['Told by', whatTells(entry)],
        ['Printed', lifeText(entry)],
        ['ATT&CK', entry.maps?.attack?.map(({ id }) => id).join(', ')],
      ],
      width,
    ),
    ...prose('Meaning', entry.description),
    ...section('Statuses', describe(Object.entries(entry.statuses ?? {}), width)),
    ...prose('Why it matters', entry.why),
    ...prose('What to look at first', entry.triage),
    ...prose('What to do', entry.remediation),
    ...prose('Attributes', entry.attributes.map(({ name: attribute }) => attribute).join(', ')),
    ...section(
      'Formerly',
      (entry.history ?? []).flatMap((one) => wrap(historyText(one), width, INDENT)),
    ),
    ...section(
      'Sources',
      [entry.source, ...entry.references].flatMap((one) => wrap(one, width, INDENT)),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

type Entry = FullEvent['entry'];

function aboutText({ category, group, tags = [] }: Entry): string {
  return [category, `group ${group}`, ...(tags.length > 0 ? [`tags ${tags.join(', ')}`] : [])].join('; ');
}

function severityText({ severity, floor }: Entry, { product }: ProductEntries): string {
  const numbers = severityWords(product);
  const printed = severity.source.map((word) => {
    const name = severityName(numbers.get(word.toLowerCase()) ?? 0);
    return name === '' ? word : `${word} (${name})`;
  });
  const source = severity.source.includes('status')
    ? 'no level; follows the status'
    : `printed as ${printed.join(', ')}`;
  return floor === undefined ? source : `${source}; at least ${severityName(floor)} with --severity catalogue`;
}

/** The outcomes that the rule of the event can come to. */
function outcomeText({ outcome }: Entry, { product }: ProductEntries): string {
  const cases = outcome === undefined ? [] : (product.outcomes[outcome] ?? []);
  const words = [...new Set(cases.flatMap((one) => one.outcome ?? []))];
  if (words.length === 0) return 'says nothing of success or failure';
  return words.length === 1 ? words.join() : `${words.join(', ')}: the record decides`;
}

/** What tells this meaning from others of its code, or from lines that are no event; undefined when its code is enough. */
export function whatTells({ code, when }: Entry): string | undefined {
  const parts = [
    when?.levels && `level ${when.levels.join(' or ')}`,
    when?.messages && `message ${when.messages.map((message) => JSON.stringify(message)).join(' or ')}`,
  ].filter(Boolean);
  if (parts.length === 0) return code === undefined ? 'its message' : undefined;
  return parts.join(', ');
}

function lifeText({ emitted, since, deprecated, removed }: Entry): string {
  const words = { yes: 'yes', no: 'no longer', never: 'never: defined, but no released version prints it' };
  return [
    words[emitted.status] + (emitted.until === undefined ? '' : `, last by ${emitted.until}`),
    since && `since ${since}`,
    deprecated && `deprecated since ${deprecated.since}`,
    deprecated?.replacedBy && `replaced by ${deprecated.replacedBy}`,
    removed && `removed in ${removed.since}`,
    emitted.note,
    deprecated?.note,
    removed?.note,
  ]
    .filter(Boolean)
    .join('; ');
}

function historyText({ name, meaning, since, until }: NonNullable<Entry['history']>[number]): string {
  const time = since === undefined ? `until ${until}` : since === until ? `in ${since}` : `${since} to ${until}`;
  return `${time}: ${[name, meaning].filter(Boolean).join(', ')}`;
}
