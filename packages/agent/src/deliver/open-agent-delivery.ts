import type { Delivery, DeliveryCondition } from '@cryptrail/exporter';
import { Failure, Misuse } from '../command-line/misuse.ts';
import type { WatchedDelivery } from '../run/agent-delivery.ts';
import type { ExportSettings, OtlpSettings } from '../run/settings.ts';
import { createDeadLetters } from './dead-letters.ts';
import { fanOut } from './fan-out.ts';
import { createFileDelivery } from './file-delivery.ts';

/** What a delivery of the agent needs besides its settings. */
export interface DeliverySurroundings {
  /** The state directory. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly warn: (message: string) => void;
  /** What stands in the way; undefined: nothing. */
  readonly onHealth: (problem: string | undefined) => void;
  /** The backend has refused the sender for a while, whatever is sent. Without it, it is asked for ever. */
  readonly onRefused?: (reason: string) => void;
}

/** A refusal may be a restart of what stands before the backend. */
const REFUSED_FOR_GOOD_MILLIS = 10_000;

/**
 * Opens the delivery of an agent: it waits for its destinations for as long as it takes. Files alone are the destination when no backend is named.
 *
 * @throws {@link Misuse} when the settings or a variable cannot be meant; {@link Failure} when a package is missing.
 */
export async function openAgentDelivery(
  { otlp, file }: ExportSettings,
  around: DeliverySurroundings,
): Promise<WatchedDelivery> {
  const health = joinHealth(around.onHealth);
  const destinations: Delivery[] = [];
  // A path that cannot be meant is found before anything is opened.
  if (file) destinations.push(openFiles(file.path, { ...around, onHealth: health('files') }));
  if (otlp || !file || namesBackend(around.environment)) {
    destinations.push(await openOtlp(otlp ?? {}, { ...around, onHealth: health('backend') }));
  }
  return fanOut(destinations);
}

function namesBackend(environment: DeliverySurroundings['environment']): boolean {
  return Boolean(environment.OTEL_EXPORTER_OTLP_LOGS_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT);
}

/** What stands in the way of several destinations as one. */
function joinHealth(onHealth: DeliverySurroundings['onHealth']): (name: string) => DeliverySurroundings['onHealth'] {
  const problems = new Map<string, string>();
  return (name) => (problem) => {
    if (problem === undefined) problems.delete(name);
    else problems.set(name, problem);
    onHealth(problems.size === 0 ? undefined : [...problems.values()].join('; '));
  };
}

function openFiles(path: string, { warn, onHealth }: DeliverySurroundings): Delivery {
  return createFileDelivery({
    path,
    warn,
    onCondition: (condition) => {
      if (condition.status === 'delivering') {
        onHealth(undefined);
        return warn('records are written to files again');
      }
      onHealth(condition.reason);
      warn(`${condition.reason}. Nothing is lost: sources wait and it is tried again`);
    },
  });
}

async function openOtlp(settings: OtlpSettings, around: DeliverySurroundings): Promise<Delivery> {
  const { createDelivery, ExporterError, resolveEndpoint } = await import('@cryptrail/exporter/delivery');
  const { directory, environment, warn } = around;
  const chosen = environment.OTEL_EXPORTER_OTLP_LOGS_PROTOCOL ?? environment.OTEL_EXPORTER_OTLP_PROTOCOL;
  const options = { ...(chosen ? {} : { protocol: 'http/protobuf' as const }), ...settings, env: environment };
  try {
    const deadLetters = createDeadLetters({ directory, endpoint: resolveEndpoint(options), warn });
    return await createDelivery({
      ...options,
      forever: true,
      onDeadLetter: deadLetters.keep,
      onCondition: watchCondition(around),
    });
  } catch (error) {
    if (!(error instanceof ExporterError)) throw error;
    if (error.code === 'invalid_option') throw new Misuse(`Delivery cannot be set up: ${error.message}.`);
    throw new Failure(`delivery cannot be set up: ${error.message}`, { cause: error });
  }
}

function watchCondition({ warn, onHealth, onRefused }: DeliverySurroundings): (condition: DeliveryCondition) => void {
  let timer: NodeJS.Timeout | undefined;
  return (condition) => {
    clearTimeout(timer);
    if (condition.status === 'delivering') {
      onHealth(undefined);
      return warn('the backend takes records again');
    }
    onHealth(condition.reason);
    const verb = condition.status === 'refused' ? 'the backend refuses' : 'delivery waits';
    warn(`${verb}: ${condition.reason}. Nothing is lost: sources wait and it is tried again`);
    if (condition.status === 'refused' && onRefused)
      timer = setTimeout(() => onRefused(condition.reason), REFUSED_FOR_GOOD_MILLIS).unref();
  };
}
