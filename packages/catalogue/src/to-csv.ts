import type { CatalogueEvent } from './event-index.ts';
import type { EventEntry } from './types.ts';

type Cell = string | number | boolean | undefined;

/** Column → what stands in it. Lists are joined by `; `. */
const COLUMNS: Readonly<Record<string, (event: CatalogueEvent<EventEntry>) => Cell>> = {
  product: ({ product }) => product,
  event_name: ({ name }) => name,
  code: ({ entry }) => entry.code,
  constant: ({ entry }) => entry.name,
  title: ({ entry }) => entry.title,
  group: ({ entry }) => entry.group,
  listed_groups: ({ entry }) => joined(entry.listedGroups),
  category: ({ entry }) => entry.category,
  priority: ({ entry }) => entry.priority,
  stream: ({ entry }) => entry.stream,
  important: ({ entry }) => entry.important ?? false,
  source_severity: ({ entry }) => joined(entry.severity.source),
  floor: ({ entry }) => entry.floor,
  emitted: ({ entry }) => entry.emitted.status,
  since: ({ entry }) => entry.since,
  deprecated_since: ({ entry }) => entry.deprecated?.since,
  removed_since: ({ entry }) => entry.removed?.since,
  replaced_by: ({ entry }) => entry.deprecated?.replacedBy,
  emitters: ({ entry }) => joined(entry.emitters),
  attributes: ({ entry }) => joined(entry.attributes.map(({ name }) => name)),
  attack: ({ entry }) => joined(entry.maps?.attack?.map(({ id }) => id)),
  ocsf_class_uid: ({ entry }) => entry.maps?.ocsf?.class_uid,
  ocsf_activity_id: ({ entry }) => entry.maps?.ocsf?.activity_id,
  ecs_category: ({ entry }) => joined(entry.maps?.ecs?.category),
  ecs_type: ({ entry }) => joined(entry.maps?.ecs?.type),
  tags: ({ entry }) => joined(entry.tags),
  description: ({ entry }) => entry.description,
  why: ({ entry }) => entry.why,
  triage: ({ entry }) => entry.triage,
  remediation: ({ entry }) => entry.remediation,
  references: ({ entry }) => joined(entry.references),
  source: ({ entry }) => entry.source,
};

/**
 * The events as CSV text (RFC 4180: CRLF, a heading, quotes doubled). A cell that a spreadsheet would take for a formula gets an
 * apostrophe in front.
 */
export function toCsv(events: readonly CatalogueEvent<EventEntry>[]): string {
  const columns = Object.entries(COLUMNS);
  const rows = events.map((event) => columns.map(([, read]) => cell(read(event))));
  return [columns.map(([name]) => name), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function cell(value: Cell): string {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function joined(values: readonly string[] | undefined): string | undefined {
  return values?.join('; ');
}
