import { type OtlpOptions, resolveOtlpOptions } from '../options.ts';
import { openSender } from './create-delivery.ts';

/** What a backend said to a request without records. */
export interface BackendProbe {
  /** `waiting`: not now, perhaps later. `refusing`: not from this sender, or not at this address. */
  readonly status: 'accepting' | 'waiting' | 'refusing';
  /** The backend's words; absent when it accepts. */
  readonly reason?: string;
  /** How far its clock is ahead of ours, where it says a time: exact to a second. */
  readonly clockAheadMillis?: number;
}

const PROBE_MILLIS = 5000;

/**
 * Asks a backend whether it would take records: with a request that holds none, over the very way that deliveries take, with their headers and certificates.
 * Tries once.
 *
 * @throws {ExporterError} when an option is wrong or a package is missing.
 * @example
 * ```ts
 * const { status, reason } = await probeBackend({ endpoint: 'http://localhost:4318' });
 * ```
 */
export async function probeBackend(options: OtlpOptions, now: () => number = Date.now): Promise<BackendProbe> {
  const { timeoutMillis } = resolveOtlpOptions(options, PROBE_MILLIS);
  const sender = await openSender(options, { maxInFlight: 1 });
  let date: string | undefined;
  try {
    const send = await sender.prepare([]);
    const onDate = (written: string) => {
      date = written;
    };
    const answer = await send({ timeoutMillis, signal: new AbortController().signal, onDate });
    const clock = date === undefined ? Number.NaN : Date.parse(date) - now();
    const ahead = Number.isNaN(clock) ? {} : { clockAheadMillis: clock };
    if (answer.kind === 'accepted') return { status: 'accepting', ...ahead };
    const status = answer.kind === 'unavailable' || answer.kind === 'faulty' ? 'waiting' : 'refusing';
    return { status, reason: answer.reason, ...ahead };
  } finally {
    await sender.shutdown();
  }
}
