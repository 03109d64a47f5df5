import type { EvidenceFinding } from '@cryptrail/mapper';
import { PositionSaver } from '../state/position-saver.ts';
import type { PositionStore } from '../state/position-store.ts';
import { stateReason } from '../state/sqlite.ts';
import type { Counters } from '../telemetry/counters.ts';
import type { AgentDelivery } from './agent-delivery.ts';
import { type SourcePlan, SourceRun } from './source-run.ts';

/** What an engine runs on. */
export interface EngineOptions {
  readonly sources: readonly SourcePlan[];
  readonly delivery: AgentDelivery;
  readonly positions: PositionStore;
  readonly counters: Counters;
  readonly warn: (message: string) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /** End when every source is read to its end. */
  readonly untilIdle: boolean;
  /** Told of what stands in the way, by name, and undefined when it no longer does. */
  readonly onHealth: (name: string, problem: string | undefined) => void;
  /** Done before records are delivered, e.g. their seal written. */
  readonly beforeDelivery?: () => Promise<void>;
}

/** The running part of the agent: sources, what is under way, and the positions of what has arrived. */
export interface Engine {
  /** Resolves when every source has ended by itself, to whether all of them came to their end. */
  readonly ended: Promise<boolean>;
  /** The same, when everything that they gave is settled, too. */
  readonly finished: Promise<boolean>;
  /** Makes a record of what happened to the agent itself. Positions of sources wait for it. */
  report(finding: EvidenceFinding): Promise<void>;
  /** Stops reading and delivers what is under way, for at most so many milliseconds; undefined: for as long as it takes. Resolves to whether nothing is left and every position is saved. */
  stop(withinMillis: number | undefined): Promise<boolean>;
}

/** Starts reading and delivering. */
export function startEngine(options: EngineOptions): Engine {
  const { delivery, positions, counters, warn, clock, untilIdle, onHealth, beforeDelivery } = options;
  const stopping = new AbortController();
  const closing = new AbortController();
  const saver = new PositionSaver(positions, {
    onTrouble: (error) => {
      const problem = `positions cannot be saved: ${stateReason(error)}. Records go on, and would come again after a restart`;
      onHealth('state', problem);
      warn(problem);
    },
    onRecovery: () => {
      onHealth('state', undefined);
      warn('positions are saved again');
    },
  });
  const around = {
    delivery,
    positions,
    saver,
    counters,
    warn,
    clock,
    untilIdle,
    stop: stopping.signal,
    closed: closing.signal,
    onHealth,
    beforeDelivery,
  };
  const runs = options.sources.map((plan) => new SourceRun(plan, around));
  const ended = Promise.all(runs.map((run) => run.run())).then((results) => results.every(Boolean));

  const finished = ended.then(async (complete) => {
    await delivery.flush();
    return complete;
  });

  async function stop(withinMillis: number | undefined): Promise<boolean> {
    stopping.abort();
    const begun = clock();
    await withTime(ended, withinMillis);
    const left = withinMillis === undefined ? undefined : Math.max(0, begun + withinMillis - clock());
    await delivery.end({ withinMillis: left });
    closing.abort(new Error('the agent has ended'));
    const saved = saver.end();
    return saved && runs.every(({ open }) => open === 0);
  }

  const report = async (finding: EvidenceFinding) => runs[0]?.report(finding);

  return { ended, finished, report, stop };
}

/** The promise, or the end of the time. */
async function withTime(promise: Promise<unknown>, millis: number | undefined): Promise<void> {
  if (millis === undefined) return void (await promise);
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, millis);
  });
  await Promise.race([promise, over]);
  clearTimeout(timer);
}
