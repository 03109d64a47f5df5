import type { Terminal } from '../command-line/terminal.ts';
import { renderDrain } from '../render/drain.ts';
import type { Counters } from '../telemetry/counters.ts';

const EVERY_MILLIS = 1000;
/** Where nobody looks on, a line for the journal now and then. */
const SAY_EVERY_MILLIS = 30_000;
/** Less than this is no backlog. */
const BACKLOG_BYTES = 1024 * 1024;
/** How much the last second counts in the rate. */
const WEIGHT = 0.2;

/**
 * Tells how a backlog goes down: rate and remaining time, each second on a terminal, now and then elsewhere.
 *
 * @returns Ends it.
 */
export function watchProgress(counters: Counters, { progress, warn }: Pick<Terminal, 'progress' | 'warn'>): () => void {
  let before = { records: 0, bytes: backlog(counters) };
  let perSecond = { records: 0, bytes: 0 };
  let saidMillis = performance.now();
  const look = () => {
    const now = { records: counters.total().exported, bytes: backlog(counters) };
    perSecond = {
      records: blend(perSecond.records, now.records - before.records),
      bytes: blend(perSecond.bytes, Math.max(0, before.bytes - now.bytes)),
    };
    before = now;
    const line = renderDrain({
      delivered: now.records,
      recordsPerSecond: perSecond.records,
      backlogBytes: now.bytes,
      bytesPerSecond: perSecond.bytes,
    });
    progress?.(line);
    if (progress || now.bytes < BACKLOG_BYTES || performance.now() - saidMillis < SAY_EVERY_MILLIS) return;
    saidMillis = performance.now();
    warn(line);
  };
  const timer = setInterval(look, EVERY_MILLIS);
  timer.unref();
  return () => {
    clearInterval(timer);
    progress?.('');
  };
}

function backlog(counters: Counters): number {
  let sum = 0;
  for (const { bytes = 0 } of counters.lags().values()) sum += bytes;
  return sum;
}

function blend(average: number, latest: number): number {
  return average === 0 ? latest : average + WEIGHT * (latest - average);
}
