import type { Product } from '@cryptrail/catalogue';
import { blockYaml } from './processor.ts';
import { PROFILES, type Profile, profileBlocks } from './profiles.ts';
import type { CollectorNames } from './versions.ts';
import type { Yaml } from './yaml.ts';

/** Name of the connector in which the pipelines of a fragment end. */
export const FORWARD = 'forward/cryptrail';

/** Something that is done with the records behind `forward/cryptrail`, whatever their product. */
export interface Fragment {
  /** What it is for, and what the user's own file adds, a line each. */
  readonly use: readonly string[];
  readonly config: Readonly<Record<string, Yaml>>;
}

/** Every fragment by its name. */
export function sharedFragments(products: readonly Product[], names: CollectorNames): Map<string, Fragment> {
  const profiles = Object.keys(PROFILES) as Profile[];
  return new Map([
    ['important', importantFragment()],
    ['metrics', metricsFragment(names)],
    ...profiles.map((profile) => [profile, profileFragment(profile, products, names)] as const),
  ]);
}

const IS_IMPORTANT =
  'attributes["cryptrail.priority"] == "critical" or attributes["cryptrail.priority"] == "high" or severity_number >= SEVERITY_NUMBER_ERROR';

/** Records that somebody should see at once, out of a connector of their own. */
function importantFragment(): Fragment {
  const own = 'forward/cryptrail_important';
  return {
    use: [
      'A copy of the important records for a second destination: priority critical or high in the catalogue, or severity ERROR and above.',
      `Yours has a pipeline with receivers: [${own}]. ${BESIDE}`,
      'When the second destination refuses a batch, the whole batch is tried again for both: give each exporter a queue of its own.',
    ],
    config: {
      processors: {
        'filter/cryptrail_important': {
          error_mode: 'silent',
          logs: { log_record: [`not (${IS_IMPORTANT})`] },
        },
      },
      connectors: { [FORWARD]: {}, [own]: {} },
      service: {
        pipelines: {
          'logs/cryptrail_important': {
            receivers: [FORWARD],
            processors: ['filter/cryptrail_important'],
            exporters: [own],
          },
        },
      },
    },
  };
}

/** Counters of important and failed events by name, of what could not be read, and how late events come. */
function metricsFragment(names: CollectorNames): Fragment {
  const byName = [{ key: 'otel.event.name', default_value: 'none' }];
  const delays = `${names.signalToMetrics}/cryptrail`;
  const process = `${names.transform}/cryptrail_metrics`;
  return {
    use: [
      'Metrics out of the records: counts of important and failed events and of unread lines, and how long after an event its line was read.',
      `Yours has a pipeline metrics/… with receivers: [${FORWARD}]. ${BESIDE}`,
      'Counts are those of one batch (delta temporality): a backend that wants totals needs the processor deltatocumulative before its exporter.',
    ],
    config: {
      processors: {
        [process]: {
          error_mode: 'silent',
          log_statements: [
            {
              '# ': 'Only names of the catalogue, so that nothing in a log can make new series.',
              statements: [
                'set(log.attributes["otel.event.name"], log.event_name) where log.attributes["cryptrail.priority"] != nil',
              ],
            },
          ],
        },
      },
      connectors: {
        [FORWARD]: {},
        'count/cryptrail': {
          logs: {
            'cryptrail.events.important': {
              description: 'Events of priority critical or high, or of severity ERROR and above',
              conditions: [IS_IMPORTANT],
              attributes: byName,
            },
            'cryptrail.events.failed': {
              description: 'Events that say that something failed or was refused',
              conditions: ['attributes["cryptrail.outcome"] == "failure"'],
              attributes: byName,
            },
            'cryptrail.lines.unread': {
              description: 'Lines of no known product, broken and cut ones',
              conditions: ['attributes["cryptrail.parse.status"] != nil'],
              attributes: [{ key: 'cryptrail.parse.status' }],
            },
          },
        },
        [delays]: {
          error_mode: 'silent',
          logs: [
            {
              name: 'cryptrail.event.delay',
              description: 'Time between an event and the reading of its line',
              unit: 's',
              include_resource_attributes: [{ key: 'service.name' }],
              conditions: ['time_unix_nano > 0'],
              histogram: {
                buckets: [0.1, 1, 5, 15, 60, 300, 3_600, 86_400],
                value: 'Double(observed_time_unix_nano - time_unix_nano) / 1000000000.0',
              },
            },
            {
              name: 'cryptrail.events',
              description: 'Events by name and outcome',
              include_resource_attributes: [{ key: 'service.name' }],
              attributes: [{ key: 'otel.event.name' }, { key: 'cryptrail.outcome', default_value: 'none' }],
              sum: { value: '1', monotonic: true },
            },
          ],
        },
      },
      service: {
        pipelines: {
          'logs/cryptrail_metrics': {
            receivers: [FORWARD],
            processors: [process],
            exporters: ['count/cryptrail', delays],
          },
          'metrics/cryptrail': { receivers: ['count/cryptrail', delays], exporters: [FORWARD] },
        },
      },
    },
  };
}

/** The records with what a profile adds, out of a connector of their own. */
function profileFragment(profile: Profile, products: readonly Product[], names: CollectorNames): Fragment {
  const id = `cryptrail_${profile.replace('-', '_')}`;
  return {
    use: [
      `All records, with ${PROFILES[profile]}.`,
      `Yours has a pipeline with receivers: [forward/${id}], in place of [${FORWARD}]. ${BESIDE}`,
    ],
    config: {
      processors: profileProcessor(profile, id, products, names),
      connectors: { [FORWARD]: {}, [`forward/${id}`]: {} },
      service: {
        pipelines: {
          [`logs/${id}`]: {
            receivers: [FORWARD],
            processors: [`${names.transform}/${id}`],
            exporters: [`forward/${id}`],
          },
        },
      },
    },
  };
}

/** The processor that adds what a profile wants. */
export function profileProcessor(
  profile: Profile,
  id: string,
  products: readonly Product[],
  names: CollectorNames,
): Record<string, Yaml> {
  return {
    [`${names.transform}/${id}`]: {
      error_mode: 'silent',
      log_statements: profileBlocks(profile, products).map(blockYaml),
    },
  };
}

const BESIDE = 'To be loaded beside the fragments of products.';
