import { products } from '@cryptrail/catalogue';
import { createPipeline, type EvidenceFinding, type LogRecord, type PipelineOptions } from '@cryptrail/mapper';
import type { Lag, Position, Settlement, SourceContext, Stretch } from '../src/sources/source.ts';

/** What a source in a test is given and what it did with it. */
export interface MemoryContext {
  readonly context: SourceContext;
  /** Records of the stretches that came as records, in order. */
  readonly records: LogRecord[];
  readonly stretches: Stretch[];
  readonly findings: EvidenceFinding[];
  readonly notes: string[];
  readonly lags: Lag[];
  /** Positions as they would be saved now. */
  readonly saved: Map<string, Position>;
  /** Ends reading. */
  stop(): void;
}

/** How the agent round a source behaves in a test. */
export interface MemoryOptions {
  readonly saved?: ReadonlyMap<string, Position>;
  readonly untilIdle?: boolean;
  readonly pipeline?: Partial<PipelineOptions>;
  /** Called with each stretch before it is taken; what it throws is what `push` rejects with. Gives how the stretch is settled. Default: all accepted at once. */
  readonly onPush?: (stretch: Stretch) => Settlement | undefined | Promise<Settlement | undefined>;
}

/** An agent in memory: keeps what a source pushes, settles it and saves its positions. */
export function createMemoryContext(options: MemoryOptions = {}): MemoryContext {
  const { untilIdle = true, onPush } = options;
  const ending = new AbortController();
  const saved = new Map<string, Position>(options.saved ?? []);
  const records: LogRecord[] = [];
  const stretches: Stretch[] = [];
  const findings: EvidenceFinding[] = [];
  const notes: string[] = [];
  const lags: Lag[] = [];

  async function push(stretch: Stretch): Promise<void> {
    const settlement = (await onPush?.(stretch)) ?? { accepted: countOf(stretch), deadLettered: 0 };
    stretches.push(stretch);
    for (const one of stretch.logs) if ('attributes' in one) records.push(one);
    // What is saved has been through JSON, so a position that JSON changes does not survive a test either.
    if (stretch.position !== undefined) saved.set(stretch.stream, JSON.parse(JSON.stringify(stretch.position)));
    stretch.onSettled?.(settlement);
  }

  const context: SourceContext = {
    positions: {
      get: (stream) => saved.get(stream),
      entries: () => [...saved],
      forget: (stream) => void saved.delete(stream),
    },
    push,
    createPipeline: (own) => createPipeline({ products, now: () => 1n, ...options.pipeline, ...own }),
    encodes: false,
    report: async (finding) => void findings.push(finding),
    note: (message) => void notes.push(message),
    lag: (lag) => void lags.push(lag),
    signal: ending.signal,
    untilIdle,
  };
  return { context, records, stretches, findings, notes, lags, saved, stop: () => ending.abort() };
}

function countOf({ logs }: Stretch): number {
  return logs.reduce((sum, one) => sum + ('attributes' in one ? 1 : one.count), 0);
}

/** Waits until something holds: looks again and again, and says what was waited for when it never does. */
export async function until(
  holds: () => boolean,
  what = 'what the test waits for',
  limitMillis = 30_000,
): Promise<void> {
  const end = Date.now() + limitMillis;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`${what} did not happen in ${limitMillis} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
