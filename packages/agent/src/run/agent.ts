import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from '../command-line/command.ts';
import { Failure, Misuse } from '../command-line/misuse.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { openAgentDelivery } from '../deliver/open-agent-delivery.ts';
import { reasonOf } from '../input/system-error.ts';
import { openRunSeal, type RunSeal } from '../seal/run-seal.ts';
import { openState, type State } from '../state/state-directory.ts';
import { Counters } from '../telemetry/counters.ts';
import { Health } from '../telemetry/health.ts';
import type { Watched } from '../telemetry/measures.ts';
import { registerMeters } from '../telemetry/meters.ts';
import { startTelemetry } from '../telemetry/server.ts';
import { damageFinding, fromTheBeginning } from './damage.ts';
import { type Engine, startEngine } from './engine.ts';
import { planSources } from './plans.ts';
import { watchProgress } from './run-progress.ts';
import type { AgentSettings, ListenAddress } from './settings.ts';

/** How an agent runs. */
export interface AgentOptions {
  /** Reads the settings: at the start, and again when that is asked for. Rejects with words for the user. */
  readonly load: () => Promise<AgentSettings>;
  /** End when every source is read to its end and everything is acknowledged. */
  readonly untilIdle: boolean;
}

/** Runs the agent until it is told to end, or until idle. */
export async function runAgent({ load, untilIdle }: AgentOptions, terminal: Terminal): Promise<Outcome> {
  const settings = await load();
  const state = await openState(settings.state);
  const agent = new Agent(settings, state, untilIdle, terminal);
  try {
    return await agent.run(load);
  } finally {
    await state.close();
  }
}

/** One state directory, one telemetry listener, and an engine that is changed with the settings. */
class Agent {
  readonly #state: State;
  readonly #untilIdle: boolean;
  readonly #terminal: Terminal;
  readonly #counters = new Counters();
  readonly #health = new Health();
  #settings: AgentSettings;
  #parts:
    | { engine: Engine; delivery: Awaited<ReturnType<typeof openAgentDelivery>>; seal: RunSeal | undefined }
    | undefined;
  #telemetry: { readonly address: ListenAddress; readonly close: () => Promise<void> } | undefined;
  /** Resolves when the backend has refused for good. */
  readonly #refused: Promise<string>;
  #refuse: (reason: string) => void = () => {};

  constructor(settings: AgentSettings, state: State, untilIdle: boolean, terminal: Terminal) {
    this.#settings = settings;
    this.#state = state;
    this.#untilIdle = untilIdle;
    this.#terminal = terminal;
    this.#refused = new Promise((resolve) => {
      this.#refuse = resolve;
    });
  }

  async run(load: () => Promise<AgentSettings>): Promise<Outcome> {
    const { damage } = this.#state.positions;
    const engine = await this.#start(
      damage && damage.copyMillis === undefined ? fromTheBeginning(this.#settings) : this.#settings,
    );
    const watched = this.#watched();
    await this.#listen(watched);
    const endMeters = registerMeters(watched);
    const endProgress = watchProgress(this.#counters, this.#terminal);
    if (damage) void engine.report(damageFinding(this.#state.directory, damage)).catch(() => undefined);
    try {
      return await this.#attend(load);
    } finally {
      endProgress();
      endMeters();
      await this.#telemetry?.close();
    }
  }

  /** Waits for what ends or changes the agent. */
  async #attend(load: () => Promise<AgentSettings>): Promise<Outcome> {
    const { signal } = this.#terminal;
    const stopped = new Promise<'stopped'>((resolve) => {
      if (signal.aborted) resolve('stopped');
      signal.addEventListener('abort', () => resolve('stopped'), { once: true });
    });
    const refused = this.#refused.then((reason) => ({ refused: reason }));
    let hangUp = this.#hangUp();
    for (;;) {
      const finished = this.#engine.finished.then((complete) => ({ complete }));
      const event = await Promise.race([stopped, refused, finished, hangUp]);
      if (event === 'reload') {
        await this.#reload(load);
        hangUp = this.#hangUp();
      } else if (event === 'stopped') return this.#end(this.#settings.shutdownTimeoutMillis, true);
      else if ('refused' in event) {
        this.#terminal.warn(`the backend refuses: ${event.refused}`);
        return this.#end(0, false);
      } else return this.#end(this.#settings.shutdownTimeoutMillis, event.complete);
    }
  }

  async #hangUp(): Promise<'reload'> {
    const { hangUp } = this.#terminal;
    await (hangUp ? hangUp() : new Promise(() => {}));
    return 'reload';
  }

  get #engine(): Engine {
    if (!this.#parts) throw new Error('the agent has not started');
    return this.#parts.engine;
  }

  async #start(settings: AgentSettings): Promise<Engine> {
    const { sealKey, digestKey } = settings.evidence ?? {};
    const seal = sealKey && (await openRunSeal(this.#state.directory, sealKey, digestKey));
    const sources = await planSources(settings, seal);
    const delivery = await openAgentDelivery(settings.export, {
      directory: this.#state.directory,
      environment: this.#terminal.environment,
      warn: this.#terminal.warn,
      onHealth: (problem) => this.#health.set('delivery', problem),
      ...(this.#untilIdle ? { onRefused: (reason) => this.#refuse(reason) } : {}),
    });
    const engine = startEngine({
      sources,
      delivery,
      positions: this.#state.positions,
      counters: this.#counters,
      warn: this.#terminal.warn,
      clock: () => performance.now(),
      untilIdle: this.#untilIdle,
      onHealth: (name, problem) => this.#health.set(name, problem),
      ...(seal ? { beforeDelivery: seal.flush } : {}),
    });
    this.#settings = settings;
    this.#parts = { engine, delivery, seal };
    return engine;
  }

  /** Takes the settings anew. Bad ones change nothing. */
  async #reload(load: () => Promise<AgentSettings>): Promise<void> {
    const { warn } = this.#terminal;
    const before = this.#settings;
    try {
      const settings = await load();
      if (resolve(settings.state) !== this.#state.directory)
        throw new Misuse('The state directory cannot change while the agent runs; start it anew.');
      // Looked at before the old sources end: what cannot be opened must not cost those that run.
      await planSources(settings);
      await this.#engine.stop(before.shutdownTimeoutMillis);
      await this.#parts?.seal?.end();
      this.#counters.forgetSources();
      this.#health.clear();
      await this.#start(settings);
      await this.#listen(this.#watched());
      warn('the configuration was read again and holds now');
    } catch (error) {
      if (!(error instanceof Misuse) && !(error instanceof Failure)) throw error;
      warn(`the configuration was read again and is not taken; the one before goes on. ${error.message}`);
    }
  }

  async #end(withinMillis: number | undefined, complete: boolean): Promise<Outcome> {
    const settled = await this.#engine.stop(withinMillis);
    await this.#parts?.seal?.end();
    const { deadLettered, exported } = this.#counters.total();
    if (deadLettered > 0)
      this.#terminal.warn(
        `${deadLettered} records were refused for good and lie among the dead letters in ${this.#state.directory}`,
      );
    this.#terminal.note(`${exported.toLocaleString('en')} records delivered\n`);
    if (!this.#untilIdle || this.#terminal.signal.aborted) return 0;
    return complete && settled && deadLettered === 0 ? 0 : 1;
  }

  #watched(): Watched {
    return {
      counters: this.#counters,
      health: this.#health,
      delivery: () => this.#parts?.delivery.counts(),
      nowMillis: () => Date.now(),
    };
  }

  /** Listens where the settings say, unless it does so already. Records go on without it when that cannot be. */
  async #listen(watched: Watched): Promise<void> {
    const { telemetry: address } = this.#settings;
    const { warn, note } = this.#terminal;
    if (isDeepStrictEqual(address, this.#telemetry?.address)) return;
    await this.#telemetry?.close();
    this.#telemetry = undefined;
    if (address === undefined) return;
    try {
      const { url, close } = await startTelemetry(address, watched);
      this.#telemetry = { address, close };
      note(`telemetry: ${url}/metrics\n`);
    } catch (error) {
      const where = `${address.host}:${address.port}`;
      warn(
        `telemetry cannot listen on ${where}: ${reasonOf(error)}. Records go on without it; choose another with --telemetry.`,
      );
    }
  }
}
