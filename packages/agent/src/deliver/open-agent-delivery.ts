import type { Delivery, DeliveryCondition, DeliveryCounts } from '@cryptrail/exporter';
import { Failure, Misuse } from '../command-line/misuse.ts';
import type { AgentDelivery } from '../run/agent-delivery.ts';
import type { ExportSettings, OtlpSettings } from '../run/settings.ts';

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

/** A delivery that can be looked at. */
export interface WatchedDelivery extends AgentDelivery {
  counts(): DeliveryCounts;
}

/** A refusal may be a restart of what stands before the backend. */
const REFUSED_FOR_GOOD_MILLIS = 10_000;

/**
 * Opens the delivery of an agent: it waits for its destinations for as long as it takes.
 *
 * @throws {@link Misuse} when the settings or a variable cannot be meant; {@link Failure} when a package is missing.
 */
export async function openAgentDelivery(
  { otlp = {} }: ExportSettings,
  around: DeliverySurroundings,
): Promise<WatchedDelivery> {
  return openOtlp(otlp, around);
}

async function openOtlp(settings: OtlpSettings, around: DeliverySurroundings): Promise<Delivery> {
  const { createDelivery, ExporterError } = await import('@cryptrail/exporter');
  const { environment } = around;
  const chosen = environment.OTEL_EXPORTER_OTLP_LOGS_PROTOCOL ?? environment.OTEL_EXPORTER_OTLP_PROTOCOL;
  const condition = watchCondition(around);
  try {
    return await createDelivery({
      ...(chosen ? {} : { protocol: 'http/protobuf' }),
      ...settings,
      env: environment,
      forever: true,
      onCondition: condition,
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
    const verb = condition.status === 'refused' ? 'refuses' : 'cannot be reached, or asks to wait';
    warn(`the backend ${verb}: ${condition.reason}. Nothing is lost: sources wait and it is asked again`);
    if (condition.status === 'refused' && onRefused)
      timer = setTimeout(() => onRefused(condition.reason), REFUSED_FOR_GOOD_MILLIS);
  };
}
