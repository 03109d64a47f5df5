import type { EncodedLogs } from '@cryptrail/exporter';
import type { EvidenceFinding, LogRecord, Pipeline, PipelineOptions } from '@cryptrail/mapper';

/** What a source needs in order to go on where it was: a small JSON value that the source alone understands. */
export type Position = null | boolean | number | string | readonly Position[] | { readonly [key: string]: Position };

/** What became of a stretch: every record of it is in one of the counts. */
export interface Settlement {
  /** Records that every destination has accepted. */
  readonly accepted: number;
  /** Records that a destination refused for good, each on its own; they are in the dead-letter file. */
  readonly deadLettered: number;
  /** Why the first of them was refused. */
  readonly reason?: string;
}

/** Records that follow one another in a source. */
export interface Stretch {
  /** What is ordered in itself: one file, one node of a table, the journal. Positions of a stream are saved in the order of its stretches. */
  readonly stream: string;
  readonly logs: readonly LogRecord[] | EncodedLogs;
  /** Where the stream goes on behind these records. Saved when they, and all before them in the stream, are settled. */
  readonly position?: Position;
  /** Told when the records are settled, for a sender who waits for the answer. Never called when the agent ends before that. */
  readonly onSettled?: (settlement: Settlement) => void;
}

/** The positions that one source has saved, by stream. */
export interface SavedPositions {
  get(stream: string): Position | undefined;
  entries(): Iterable<readonly [stream: string, position: Position]>;
  /** Forgets a stream that will not come back. */
  forget(stream: string): void;
}

/** How far a source is behind, as far as it can know. */
export interface Lag {
  readonly bytes?: number;
  /** Records that are known to wait. */
  readonly records?: number;
}

/** What the agent gives to a running source. */
export interface SourceContext {
  readonly positions: SavedPositions;
  /** Takes records. Resolves as soon as there is room for more: a source that waits for it keeps memory bounded. Rejects when the agent ends. */
  push(stretch: Stretch): Promise<void>;
  /** A pipeline with everything that is configured for this source and for all; `own` adds what only the source knows. */
  createPipeline(own?: Partial<PipelineOptions>): Pipeline;
  /** Nobody looks at the records before they are delivered: they may come encoded, which costs a fraction. */
  readonly encodes: boolean;
  /** Reports what happened to the source itself, e.g. data lost in a rotation: becomes a record of the internal product, and a line on standard error. */
  report(finding: EvidenceFinding): Promise<void>;
  /** Says something to whoever looks after the agent, without making a record of it. */
  note(message: string): void;
  /** Tells how far behind the source is, for telemetry. */
  lag(lag: Lag): void;
  /** Ends reading: what was pushed is still delivered. */
  readonly signal: AbortSignal;
  /** The source is to end when everything that is there now has been read. */
  readonly untilIdle: boolean;
}

/** Something that records come from. Adding one is one file that makes a `Source`, and one line in the table of sources. */
export interface Source {
  /** Stable over restarts and unique in a configuration: its positions are saved under it. */
  readonly id: string;
  /** The word that configuration and telemetry know it by, e.g. `file`. */
  readonly type: string;
  /**
   * Reads until the signal, or until idle. What may pass (a file that is not there yet, a database that restarts) is waited for and noted;
   * rejects only for what a person must mend.
   */
  run(context: SourceContext): Promise<void>;
}
