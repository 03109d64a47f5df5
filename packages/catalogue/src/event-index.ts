import type { EventEntry, EventRule } from './types.ts';

/** An event as look-ups give it: which product, which name, and what the catalogue says about it. */
export interface CatalogueEvent<Entry extends EventRule = EventRule, Name extends string = string> {
  /** Id of the product. */
  readonly product: string;
  /** Event name, unique in the catalogue. */
  readonly name: Name;
  readonly title: string;
  readonly entry: Entry;
}

/** The events that share a code, and the one the code stands for when nothing else of the record decides. */
export interface CodeMatch<Found extends CatalogueEvent = CatalogueEvent> {
  /** The default first. Empty when no product prints the code. */
  readonly events: readonly Found[];
  readonly default: Found | undefined;
}

/** What {@link EventIndex.list} keeps; conditions that are given must all hold. */
export interface EventFilter {
  /** Product id. */
  readonly product?: string | undefined;
  readonly group?: string | undefined;
  readonly tag?: string | undefined;
  /** `true`: only events on the list that matters to SIEM and SOC; `false`: only the others. */
  readonly important?: boolean | undefined;
  /** `true`: only events that the named version can print; `false`: only the others. */
  readonly emitted?: boolean | undefined;
}

/** Members of an entry that only the whole tables have. */
type Searchable = EventRule & Partial<Pick<EventEntry, 'name' | 'listedGroups' | 'emitted'>>;

/** Look-ups over a list of events. Names and codes come from outside, so nothing is ever looked up in a plain object. */
export interface EventIndex<Found extends CatalogueEvent> {
  readonly all: readonly Found[];
  byName(name: string): Found | undefined;
  byCode(code: string, product?: string): CodeMatch<Found>;
  byConstant(constant: string): readonly Found[];
  byGroup(group: string, product?: string): readonly Found[];
  byTag(tag: string): readonly Found[];
  list(filter?: EventFilter): readonly Found[];
}

/** Builds the look-ups. The order of `events` is the order of every answer, but for the default of a code, which comes first. */
export function createEventIndex<Entry extends Searchable, Name extends string>(
  events: Iterable<CatalogueEvent<Entry, Name>>,
): EventIndex<CatalogueEvent<Entry, Name>> {
  type Found = CatalogueEvent<Entry, Name>;
  const all: readonly Found[] = [...events];
  const names = new Map<string, Found>(all.map((event) => [event.name, event]));
  const codes = group(all, ({ entry }) => entry.code ?? []);
  const constants = group(all, ({ entry }) => entry.name ?? []);
  const groups = group(all, ({ entry }) => [entry.group, ...(entry.listedGroups ?? [])].map(fold));
  const tags = group(all, ({ entry }) => (entry.tags ?? []).map(fold));
  const of = (product: string | undefined) => (found: Found) => product === undefined || found.product === product;

  return {
    all,
    byName: (name) => names.get(name),
    byCode: (code, product) => {
      const found = (codes.get(code) ?? []).filter(of(product));
      const first = found.find(({ entry }) => entry.default) ?? found[0];
      return { events: first ? [first, ...found.filter((event) => event !== first)] : [], default: first };
    },
    byConstant: (constant) => constants.get(constant) ?? [],
    byGroup: (wanted, product) => (groups.get(fold(wanted)) ?? []).filter(of(product)),
    byTag: (tag) => tags.get(fold(tag)) ?? [],
    list: (filter = {}) => all.filter((found) => passes(found, filter)),
  };
}

function passes({ product, entry }: CatalogueEvent<Searchable>, filter: EventFilter): boolean {
  if (filter.product !== undefined && filter.product !== product) return false;
  if (
    filter.group !== undefined &&
    ![entry.group, ...(entry.listedGroups ?? [])].map(fold).includes(fold(filter.group))
  )
    return false;
  if (filter.tag !== undefined && !(entry.tags ?? []).map(fold).includes(fold(filter.tag))) return false;
  if (filter.important !== undefined && filter.important !== (entry.important ?? false)) return false;
  return filter.emitted === undefined || filter.emitted === (entry.emitted?.status === 'yes');
}

/** Groups and tags are found however they are spelt: `Poison record`, `poison-record`, `poison_record`. */
function fold(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
}

function group<Item>(items: readonly Item[], keysOf: (item: Item) => string | readonly string[]): Map<string, Item[]> {
  const map = new Map<string, Item[]>();
  for (const item of items) {
    for (const key of new Set([keysOf(item)].flat())) {
      const known = map.get(key);
      if (known) known.push(item);
      else map.set(key, [item]);
    }
  }
  return map;
}
