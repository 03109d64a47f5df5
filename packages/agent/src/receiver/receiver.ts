import { decodeLogsRequest, type ExportLogsServiceRequest } from '@cryptrail/exporter/otlp';
import { systemCode } from '../input/system-error.ts';
import { Refused } from './body.ts';
import { type Listener, MAX_BODY_BYTES, openListener } from './listener.ts';

/** Only programs of this machine can reach it: it asks nobody who they are. */
const LOOPBACK = '127.0.0.1';

/** The port that OTLP over HTTP has by convention. */
export const OTLP_PORT = 4318;

/** A running OTLP/HTTP receiver. */
export type Receiver = Listener;

/** How a receiver listens. */
export interface ReceiverOptions {
  /** Default {@link OTLP_PORT}, or any free port when that one is taken. */
  readonly port?: number | undefined;
  /** Gets every request that was accepted, before it is answered. */
  readonly onRequest: (request: ExportLogsServiceRequest) => void;
}

/** Listens on loopback for `POST /v1/logs`, protobuf or JSON, plain or compressed. Rejects with the system's error when it cannot listen. */
export async function startReceiver({ port, onRequest }: ReceiverOptions): Promise<Receiver> {
  const listen = (at: number) => openListener({ host: LOOPBACK, port: at, handle });

  async function handle({ body, contentType }: { body: Uint8Array; contentType: string | undefined }) {
    const decoded = decodeLogsRequest(body, contentType, { maxBytes: MAX_BODY_BYTES });
    if (!decoded.ok) throw new Refused(decoded.error.status, decoded.error.message);
    onRequest(decoded.request);
    return undefined;
  }

  try {
    return await listen(port ?? OTLP_PORT);
  } catch (error) {
    if (port !== undefined || systemCode(error) !== 'EADDRINUSE') throw error;
    return listen(0);
  }
}
