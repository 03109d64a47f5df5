import { products } from '@cryptrail/catalogue';
import { createPipeline, type EvidenceFinding, type LogRecord } from '@cryptrail/mapper';
import type { Position, SourceContext, Stretch } from '../source.ts';

/** What an agent keeps between runs, and what came of all of them: for tests of sources. */
export class MemoryAgent {
  readonly positions = new Map<string, Position>();
  readonly records: LogRecord[] = [];
  readonly findings: EvidenceFinding[] = [];
  readonly notes: string[] = [];
  /** Stretches that are taken, and not acknowledged, when a run is killed. */
  held: Stretch[] = [];
  lagBytes = 0;
  /** What a push waits for besides. */
  room: Promise<void> = Promise.resolve();

  /** Context of one run. `acknowledge`: whether records that were pushed are settled at once; false keeps them, and the positions, until {@link settle}. */
  context(signal: AbortSignal, { untilIdle = false, acknowledge = true } = {}): SourceContext {
    const push = async (stretch: Stretch) => {
      if (signal.aborted) throw new Error('the agent has ended');
      this.held.push(stretch);
      if (acknowledge) this.settle();
      // As a real delivery: others get their turn.
      await new Promise((resolve) => setImmediate(resolve));
      await this.room;
    };
    return {
      positions: {
        get: (stream) => this.positions.get(stream),
        entries: () => [...this.positions],
        forget: (stream) => void this.positions.delete(stream),
      },
      push,
      createPipeline: (own) => createPipeline({ products, original: true, ...own }),
      encodes: false,
      report: async (finding) => void this.findings.push(finding),
      note: (message) => void this.notes.push(message),
      lag: ({ bytes = 0 }) => {
        this.lagBytes = bytes;
      },
      signal,
      untilIdle,
    };
  }

  /** Acknowledges what is held, up to so many stretches. */
  settle(most = Number.POSITIVE_INFINITY): void {
    for (const { stream, logs, position } of this.held.splice(0, most)) {
      for (const record of logs) if ('attributes' in record) this.records.push(record);
      // Through JSON, as a store keeps it.
      if (position !== undefined) this.positions.set(stream, JSON.parse(JSON.stringify(position)));
    }
  }

  /** What was taken and not acknowledged was delivered all the same, and the agent was killed before it knew. */
  kill(): void {
    for (const { logs } of this.held.splice(0))
      for (const record of logs) if ('attributes' in record) this.records.push(record);
  }

  get lines(): string[] {
    return this.records.map(({ attributes, body }) => String(attributes.get('log.record.original') ?? body));
  }
}
