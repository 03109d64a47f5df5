import { type EventEntry, PRIORITIES, type Product } from '@cryptrail/catalogue';
import { entries } from '@cryptrail/catalogue/entries';
import type { Block } from './ottl/block.ts';
import { attribute, quote, set, statement, tableOf } from './ottl/expression.ts';

/** What a backend may want besides: names of the event as an attribute, fields of the Elastic Common Schema, or of OCSF. */
export type Profile = 'event-name' | 'ecs' | 'ocsf';

/** Every {@link Profile}, with what it is for. */
export const PROFILES: Readonly<Record<Profile, string>> = {
  'event-name': 'the name of the event as the attribute otel.event.name, for backends that drop the field',
  ecs: 'fields of the Elastic Common Schema beside the attributes',
  ocsf: 'classes of the Open Cybersecurity Schema Framework as attributes ocsf.*',
};

/** The resource attribute that holds the table of a profile while a batch is worked on. */
const TABLE = 'resource.attributes["_p"]';
const ROW = 'log.cache["p"]';
const SEPARATOR = '\t';

const isMapped = `${ROW} != nil`;
const copy = (target: string, source: string) =>
  set(attribute(target), attribute(source), `${attribute(source)} != nil`);

/** Of `event.*`, ECS knows more than these; what it has a name for in OpenTelemetry, too, keeps that name. */
const ECS = [
  set(attribute('ecs.version'), `${ROW}[0]`, isMapped),
  set(attribute('event.kind'), `${ROW}[1]`, isMapped),
  set(attribute('event.category'), `Split(${ROW}[2], ",")`, isMapped),
  set(attribute('event.type'), `Split(${ROW}[3], ",")`, isMapped),
  set(attribute('event.action'), 'log.event_name'),
  copy('event.module', 'cryptrail.product'),
  copy('event.code', 'cryptrail.code'),
  copy('event.outcome', 'cryptrail.outcome'),
  copy('event.id', 'log.record.uid'),
  set(attribute('event.severity'), 'log.severity_number', 'log.severity_number > 0'),
];

const OUTCOMES = { success: 1, failure: 2 };

const OCSF = [
  set(attribute('ocsf.metadata.version'), `${ROW}[0]`, isMapped),
  ...['category_uid', 'class_uid', 'activity_id', 'type_uid'].map((name, index) =>
    set(attribute(`ocsf.${name}`), `Int(${ROW}[${index + 1}])`, isMapped),
  ),
  ...PRIORITIES.map((priority, index) =>
    set(attribute('ocsf.severity_id'), String(index + 1), `${attribute('cryptrail.priority')} == ${quote(priority)}`),
  ),
  ...Object.entries(OUTCOMES).map(([outcome, id]) =>
    set(attribute('ocsf.status_id'), String(id), `${attribute('cryptrail.outcome')} == ${quote(outcome)}`),
  ),
  copy('ocsf.metadata.event_code', 'cryptrail.code'),
  copy('ocsf.metadata.uid', 'log.record.uid'),
];

/** The statements of a profile for records that are mapped already. */
export function profileBlocks(profile: Profile, products: readonly Product[]): Block[] {
  if (profile === 'event-name')
    return [
      {
        comment: PROFILES[profile],
        statements: [
          set(attribute('otel.event.name'), 'log.event_name', 'log.event_name != nil and log.event_name != ""'),
        ],
      },
    ];
  const rows = profile === 'ecs' ? ecsRow : ocsfRow;
  const table = products.flatMap(({ id }) =>
    [...entriesOf(id)].flatMap(([name, entry]): [string, string][] => {
      const row = rows(entry);
      return row ? [[name, quote(row.join(SEPARATOR))]] : [];
    }),
  );
  return [
    {
      comment: `Event → ${profile === 'ecs' ? 'version, kind, categories and types' : 'version, category, class, activity and type'}`,
      context: 'resource',
      statements: [set(TABLE, tableOf(table))],
    },
    {
      comment: PROFILES[profile],
      conditions: ['log.event_name != nil and log.event_name != ""'],
      statements: [
        set(ROW, `${TABLE}[log.event_name]`, `${TABLE}[log.event_name] != nil`),
        set(ROW, `Split(${ROW}, ${quote(SEPARATOR)})`, `${ROW} != nil`),
        ...(profile === 'ecs' ? ECS : OCSF),
      ],
    },
    {
      comment: 'The table has done its work',
      context: 'resource',
      statements: [statement('delete_key(resource.attributes, "_p")')],
    },
  ];
}

function entriesOf(id: string): Iterable<readonly [string, EventEntry]> {
  return entries.find((product) => product.id === id)?.events ?? [];
}

function ecsRow({ maps }: EventEntry): string[] | undefined {
  const ecs = maps?.ecs;
  return ecs && [ecs.version, ecs.kind, ecs.category.join(','), ecs.type.join(',')];
}

function ocsfRow({ maps }: EventEntry): string[] | undefined {
  const ocsf = maps?.ocsf;
  if (!ocsf) return undefined;
  const { version, class_uid: uid, activity_id: activity } = ocsf;
  return [version, Math.floor(uid / 1000), uid, activity, uid * 100 + activity].map(String);
}
