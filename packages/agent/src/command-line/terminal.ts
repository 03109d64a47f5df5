import type { Readable, Writable } from 'node:stream';
import { visible } from '../render/visible.ts';

/** Where a command reads and writes. Commands know no `process`: tests hand in their own. */
export interface Terminal {
  /** The result, and nothing else. */
  readonly out: Output;
  /** One line for people: what was wrong. Control characters in it are made visible. */
  readonly warn: (message: string) => void;
  /** Text for a person who is looking on, on stderr: progress, a closing sentence. Nothing when stderr is no terminal. */
  readonly note: (text: string) => void;
  /**
   * Shows one line on stderr in place of the one shown before; an empty text takes it away. Absent when stderr is no terminal, or the result is
   * shown on it.
   */
  readonly progress?: (line: string) => void;
  /** Standard input, opened when it is asked for. */
  readonly stdin: () => InStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Resolves at the next SIGHUP, with which an operator asks to read the configuration again. Absent where there is no such signal. */
  readonly hangUp?: () => Promise<void>;
  /** Aborted when the user breaks off, or nobody reads the result any more. */
  readonly signal: AbortSignal;
}

/** A stream of text for the result. */
export interface Output {
  /** Whether a person looks at it directly. */
  readonly interactive: boolean;
  readonly colour: boolean;
  /** Columns of the terminal; undefined when it is none. */
  readonly width: number | undefined;
  /** Lines of the terminal; undefined when it is none. */
  readonly height: number | undefined;
  /** Text, or its bytes in UTF-8. Resolves when more may be written. After the reader has gone (`| head`) writing does nothing. */
  readonly write: (text: string | Uint8Array) => Promise<void>;
}

/** The parts of standard input that commands look at. */
export type InStream = Readable & { readonly isTTY?: boolean };

/** The parts of a stream that {@link createTerminal} looks at. */
export type OutStream = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** What a terminal is made of: streams and environment of the process, or of a test. */
export interface Streams {
  readonly stdin: Terminal['stdin'];
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  readonly environment: Terminal['environment'];
  readonly hangUp?: NonNullable<Terminal['hangUp']>;
}

/**
 * The terminal over the given streams.
 *
 * @param stop Aborted with the error when stdout fails: `EPIPE` when its reader has gone, `ENOSPC` when the disk is full.
 */
export function createTerminal(streams: Streams, stop: AbortController): Terminal {
  // Nothing can be said when stderr itself is gone.
  streams.stderr.on('error', () => {});
  const line = createLine(streams);
  const say = (text: string) => {
    line.show('');
    streams.stderr.write(text);
  };
  return {
    out: createOutput(streams.stdout, streams.environment, stop),
    warn: (message) => say(`cryptrail: ${visible(message)}\n`),
    note: (text) => {
      if (streams.stderr.isTTY) say(text);
    },
    ...(line.possible ? { progress: line.show } : {}),
    stdin: streams.stdin,
    environment: streams.environment,
    ...(streams.hangUp ? { hangUp: streams.hangUp } : {}),
    signal: stop.signal,
  };
}

/** Erases from the beginning of the line to its end. */
const ERASE = '\r\u001b[K';

function createLine({ stderr, stdout, environment }: Streams) {
  let shown = false;
  return {
    possible: stderr.isTTY === true && stdout.isTTY !== true && environment.TERM !== 'dumb',
    show: (text: string): void => {
      if (!shown && text === '') return;
      shown = text !== '';
      // A terminal that does not know its width says 0.
      stderr.write(`${ERASE}${text.slice(0, (stderr.columns || 80) - 1)}`);
    },
  };
}

function createOutput(stream: OutStream, environment: Terminal['environment'], stop: AbortController): Output {
  let failed = false;
  stream.on('error', (error) => {
    failed = true;
    stop.abort(error);
  });
  const interactive = stream.isTTY === true;
  return {
    interactive,
    colour: interactive && !environment.NO_COLOR && environment.TERM !== 'dumb',
    get width() {
      return interactive ? (stream.columns ?? 80) : undefined;
    },
    get height() {
      return interactive ? (stream.rows ?? 24) : undefined;
    },
    write: async (text) => {
      if (failed || text === '' || stream.write(text)) return;
      await drained(stream);
    },
  };
}

/** Resolves at the next `drain`, or when the stream has failed or closed. */
function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'error', 'close']) stream.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'error', 'close']) stream.on(event, done);
  });
}
