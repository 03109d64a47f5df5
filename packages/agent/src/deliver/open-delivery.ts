import type { BatchOptions, Delivery } from '@cryptrail/exporter';
import { Failure, Misuse } from '../command-line/misuse.ts';

/** Where records are delivered to. */
export interface DeliveryTarget {
  /** Address of the backend; `/v1/logs` is added. Default: the variables, then this machine. */
  readonly endpoint?: string | undefined;
  /** Whole address, taken as it is; wins. */
  readonly url?: string | undefined;
  /** Keeps a record that is refused for good. */
  readonly onDeadLetter?: BatchOptions['onDeadLetter'];
  /** Variables that say how: `OTEL_EXPORTER_OTLP_HEADERS`, `…_PROTOCOL` (default `http/protobuf`), `…_COMPRESSION`, `…_TIMEOUT`, `…_CERTIFICATE`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens a delivery over OTLP. The SDK's packages are loaded here, when something is to be delivered, and not before.
 *
 * @throws {@link Misuse} when the endpoint or a variable cannot be meant; {@link Failure} when a package is missing.
 */
export async function openDelivery({ environment, ...target }: DeliveryTarget): Promise<Delivery> {
  const { createDelivery, ExporterError } = await import('@cryptrail/exporter/delivery');
  const chosen = environment.OTEL_EXPORTER_OTLP_LOGS_PROTOCOL ?? environment.OTEL_EXPORTER_OTLP_PROTOCOL;
  try {
    return await createDelivery({ ...target, env: environment, ...(chosen ? {} : { protocol: 'http/protobuf' }) });
  } catch (error) {
    if (!(error instanceof ExporterError)) throw error;
    if (error.code === 'invalid_option') throw new Misuse(`Delivery cannot be set up: ${error.message}.`);
    throw new Failure(`delivery cannot be set up: ${error.message}`, { cause: error });
  }
}
