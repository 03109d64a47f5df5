import { entries, type FullEvent, listEvents, type ProductEntries, toCsv, toJson } from '@cryptrail/catalogue/entries';
import { defineCommand } from '../command-line/command.ts';
import type { Arguments, FlagRules } from '../command-line/flags.ts';
import { Misuse } from '../command-line/misuse.ts';
import { didYouMean } from '../command-line/nearest.ts';
import { type Cell, renderCsv } from '../render/csv.ts';
import { type Column, renderTable } from '../render/table.ts';
import { productId } from './reading-flags.ts';

const FLAGS = {
  product: { kind: 'value', placeholder: 'ID', help: 'Only of this product.' },
  group: { kind: 'value', placeholder: 'GROUP', help: 'Only events of this group.' },
  tag: { kind: 'value', placeholder: 'TAG', help: 'Only events with this tag.' },
  important: { kind: 'switch', help: 'Only events on the list of those that matter to SIEM and SOC.' },
  json: { kind: 'switch', help: 'Print JSON with all that is known.' },
  csv: { kind: 'switch', help: 'Print CSV with all that is known.' },
} as const satisfies FlagRules;

type Flags = Arguments<typeof FLAGS>['flags'];

/** What `--json` and `--csv` give, and what a person wants to see of it. */
interface Listing {
  readonly json: () => string;
  readonly csv: () => string;
  readonly columns: readonly Column[];
  readonly rows: () => readonly (readonly string[])[];
}

const SUBJECTS = ['products', 'events', 'fields'] as const;

/** `cryptrail list products|events|fields`: the catalogue as tables. */
export const list = defineCommand({
  name: 'list',
  summary: 'List the products, events or fields of the catalogue.',
  words: SUBJECTS.join('|'),
  flags: FLAGS,
  examples: ['cryptrail list events --product acra --important', 'cryptrail list events --csv > events.csv'],
  run: async ({ flags, words }, { out }) => {
    const subject = subjectOf(words);
    if (flags.json && flags.csv) throw new Misuse('--json and --csv exclude each other.');
    const listing = listingOf(subject, flags);
    if (flags.json) await out.write(listing.json());
    else if (flags.csv) await out.write(listing.csv());
    else await out.write(renderTable(listing.columns, listing.rows(), { width: out.width }));
    return 0;
  },
});

function subjectOf([word, ...others]: readonly string[]): (typeof SUBJECTS)[number] {
  const subject = SUBJECTS.find((one) => one === word?.toLowerCase());
  if (subject !== undefined && others.length === 0) return subject;
  const unknown = subject === undefined ? word : others[0];
  const hint = unknown === undefined ? undefined : didYouMean(unknown, SUBJECTS);
  throw new Misuse(`List what? One of ${SUBJECTS.join(', ')}.`, hint);
}

function listingOf(subject: (typeof SUBJECTS)[number], flags: Flags): Listing {
  const chosen = flags.product === undefined ? undefined : productId(flags.product);
  if (subject === 'events') return eventListing(chosen, flags);
  const useless = (['group', 'tag', 'important'] as const).find((flag) => flags[flag]);
  if (useless !== undefined) throw new Misuse(`--${useless} narrows events only.`, 'Use: cryptrail list events.');
  const products: readonly ProductEntries[] = entries.filter(({ id }) => chosen === undefined || id === chosen);
  return subject === 'products' ? productListing(products) : fieldListing(products);
}

function eventListing(product: string | undefined, { group, tag, important }: Flags): Listing {
  const all = listEvents({ product });
  requireSome('group', group, all, ({ group: own, listedGroups }) => [own, ...(listedGroups ?? [])]);
  requireSome('tag', tag, all, ({ tags }) => tags ?? []);
  const events = listEvents({ product, group, tag, ...(important ? { important } : {}) });
  return {
    json: () => toJson(events),
    csv: () => toCsv(events),
    columns: [
      { title: 'PRODUCT' },
      { title: 'CODE', most: 40 },
      { title: 'EVENT' },
      { title: 'PRIORITY' },
      { title: 'TITLE' },
    ],
    rows: () =>
      events.map(({ product: of, name, title, entry }) => [of, entry.code ?? '', name, entry.priority, title]),
  };
}

/** An empty list would hide a mistyped word. */
function requireSome(
  flag: 'group' | 'tag',
  word: string | undefined,
  events: readonly FullEvent[],
  wordsOf: (entry: FullEvent['entry']) => readonly string[],
): void {
  if (word === undefined) return;
  const known = new Set(events.flatMap(({ entry }) => wordsOf(entry)));
  if (listEvents({ [flag]: word }).length > 0) return;
  throw new Misuse(
    `No event has the ${flag} ${JSON.stringify(word)}.`,
    didYouMean(word, known) ?? `Known: ${[...known].sort().join(', ')}.`,
  );
}

function productListing(products: readonly ProductEntries[]): Listing {
  const rows = products
    .filter(({ product }) => product.kind !== 'internal')
    .map(({ id, product, events, fields }) => ({
      id,
      title: product.title,
      vendor: product.vendor,
      events: events.size,
      important: [...events.values()].filter((entry) => entry.important).length,
      fields: fields.length,
      formats: product.formats.map((format) => format.id),
      applications: Object.keys(product.applications ?? {}),
      revision: product.revision,
      homepage: product.homepage,
    }));
  return {
    json: () => `${JSON.stringify(rows, undefined, 2)}\n`,
    csv: () => csvOf(rows),
    columns: [
      { title: 'ID' },
      { title: 'PRODUCT' },
      { title: 'VENDOR' },
      { title: 'EVENTS', align: 'right' },
      { title: 'IMPORTANT', align: 'right' },
      { title: 'FIELDS', align: 'right' },
      { title: 'FORMATS' },
    ],
    rows: () =>
      rows.map((row) =>
        [row.id, row.title, row.vendor, row.events, row.important, row.fields, row.formats.join(', ')].map(String),
      ),
  };
}

function fieldListing(products: readonly ProductEntries[]): Listing {
  const rows = products.flatMap(({ id, fields }) =>
    fields.map((rule) => ({
      product: id,
      fields: rule.fields,
      in: rule.in ?? 'fields',
      to: rule.to ?? 'attribute',
      attribute: rule.attribute,
      type: rule.type ?? 'string',
      sensitivity: rule.sensitivity ?? 'none',
      applications: rule.applications,
      description: rule.description,
    })),
  );
  return {
    json: () => `${JSON.stringify(rows, undefined, 2)}\n`,
    csv: () => csvOf(rows),
    columns: [
      { title: 'PRODUCT' },
      { title: 'FIELD', most: 40 },
      { title: 'ATTRIBUTE' },
      { title: 'TYPE' },
      { title: 'SENSITIVITY' },
      { title: 'DESCRIPTION' },
    ],
    rows: () =>
      rows.map((row) => [
        row.product,
        row.fields.join(', '),
        row.attribute ?? `(${row.to})`,
        row.type,
        row.sensitivity === 'none' ? '' : row.sensitivity,
        row.description ?? '',
      ]),
  };
}

/** Flat rows as CSV under their own names; lists are joined by `; `. */
function csvOf(rows: readonly Readonly<Record<string, Cell | readonly string[]>>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cell = (value: Cell | readonly string[]): Cell => (Array.isArray(value) ? value.join('; ') : (value as Cell));
  return renderCsv(
    columns,
    rows.map((row) => columns.map((column) => cell(row[column]))),
  );
}
