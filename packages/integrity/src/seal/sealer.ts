import type { Evidence, Frame, InputName, Recognition, SavedState } from '@cryptrail/mapper';
import { readHex, toHex } from '../bytes.ts';
import type { HashPort } from '../hash-port.ts';
import { recordBytes } from '../record-text.ts';
import { fold, NOTHING_FOLDED } from './fold.ts';
import type { ReadSeal } from './read-seal.ts';
import { lineHash, NO_LINE, type SealEntry, type SealedPlace, type SealSegment, signLine } from './seal-line.ts';
import { readStreamState, type SealState, type StreamState } from './seal-state.ts';

/** Options of {@link createSealer}. */
export interface SealerOptions {
  readonly hash: HashPort;
  /** Signs with Ed25519: 64 bytes. */
  readonly sign: (data: Uint8Array) => Uint8Array;
  /** The raw public key, 32 bytes in hex. */
  readonly publicKey: string;
  /** Key of the digests that records carry (`cryptrail.evidence.digest`): then those prove equality with the seal. */
  readonly digestKey?: Uint8Array | undefined;
  /** How the sources are read, kept in the seal. */
  readonly reading?: Readonly<Record<string, string>>;
  /** A segment is closed at so many records (default 1000), bytes (1 MiB) or milliseconds (60 000), whichever comes first. */
  readonly maxRecords?: number;
  readonly maxBytes?: number;
  readonly maxMillis?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Goes on with a seal. */
  readonly after?: Pick<ReadSeal, 'lines' | 'head' | 'streams'>;
}

/** Seals what a pipeline reads, stream by stream. Lines are collected until they are taken. */
export interface Sealer extends Evidence {
  /** Lines to be appended to the seal, and forgets them. */
  take(): string[];
  /** Closes the segments that are old enough, when nothing has come for a while. */
  settle(): void;
  /** Closes everything, with a line that says so. */
  end(): void;
  readonly state: SealState;
  /** Where the stream of an input stands; to travel with its position. */
  snapshot(input: InputName): StreamState | undefined;
  /** Goes on with an input at a saved state; anything else is passed over. */
  resume(input: InputName, state: SavedState): void;
}

/** A segment that grows. */
interface Growing {
  records: number;
  bytes: number;
  readonly from: SealedPlace;
  to: SealedPlace;
  digest: Uint8Array;
  keyed: Uint8Array | undefined;
  readonly since: number;
}

interface Stream {
  /** Whose records the open segment holds: a name may be used again, as by the file that follows a rotated one. */
  input: InputName | undefined;
  segments: number;
  records: number;
  head: Uint8Array;
  open: Growing | undefined;
}

/**
 * Makes a seal: records are folded into a hash chain for each stream, which is cut into segments; each segment is a signed line, and each line holds
 * the hash of the one before. Only what is read is sealed, in the order of reading within a stream; what it says of the time is the clock's.
 */
export function createSealer(options: SealerOptions): Sealer {
  const { hash, sign, publicKey, digestKey, now, reading = {} } = options;
  const { maxRecords = 1000, maxBytes = 1024 * 1024, maxMillis = 60_000 } = options;
  const streams = new Map<string, Stream>();
  let lines = options.after?.lines ?? 0;
  let previous = options.after?.head ?? NO_LINE;
  /** Streams as the seal leaves them: a saved state of one of them tells what was delivered of it. */
  const untouched = new Set<string>();
  for (const [name, segments] of options.after?.streams ?? []) {
    streams.set(name, sealedStream(segments));
    untouched.add(name);
  }
  let ready: string[] = [];
  let begun = false;

  function write(entry: SealEntry): void {
    const text = signLine({ ...entry, line: lines, time: new Date(now()).toISOString(), previous }, sign);
    previous = lineHash(text, hash);
    lines += 1;
    ready.push(text);
  }

  function begin(): void {
    if (begun) return;
    begun = true;
    write({ type: 'begin', version: 1, public_key: publicKey, reading });
  }

  function close(name: string, stream: Stream): void {
    const { open, segments } = stream;
    if (!open) return;
    begin();
    stream.head = fold(stream.head, open.digest, hash);
    stream.records += open.records;
    stream.segments += 1;
    stream.open = undefined;
    const { records, from, to, digest, keyed } = open;
    write({
      type: 'segment',
      stream: name,
      segment: segments,
      records,
      from,
      to,
      digest: toHex(digest),
      ...(keyed ? { keyed_digest: toHex(keyed) } : {}),
      head: toHex(stream.head),
    });
  }

  function add(frame: Frame, recognition: Recognition | undefined, input: InputName): void {
    const name = streamOf(input);
    const stream = streams.get(name) ?? { ...NO_STREAM };
    streams.set(name, stream);
    untouched.delete(name);
    if (stream.input !== input) close(name, stream);
    stream.input = input;
    const bytes = recordBytes(frame, recognition);
    const { position } = frame;
    const place = position.offset === undefined ? { number: position.number } : { ...position };
    stream.open ??= startAt(place, digestKey !== undefined, now());
    const { open } = stream;
    open.records += 1;
    open.bytes += bytes.length;
    open.to = place;
    open.digest = fold(open.digest, hash.sha256(bytes), hash);
    if (open.keyed && digestKey) open.keyed = fold(open.keyed, hash.hmacSha256(digestKey, bytes), hash);
    if (open.records >= maxRecords || open.bytes >= maxBytes || now() - open.since >= maxMillis) close(name, stream);
  }

  return {
    check(frame, recognition, input) {
      add(frame, recognition, input);
      return { findings: [] };
    },
    finish: () => [],
    take() {
      const taken = ready;
      ready = [];
      return taken;
    },
    settle() {
      for (const [name, stream] of streams)
        if (stream.open && now() - stream.open.since >= maxMillis) close(name, stream);
    },
    end() {
      begin();
      for (const [name, stream] of streams) close(name, stream);
      const totals = [...streams].map(([name, { segments, records, head }]) => [
        name,
        { segments, records, head: toHex(head) },
      ]);
      write({ type: 'end', streams: Object.fromEntries(totals) });
    },
    get state(): SealState {
      const states = [...streams].map(([name, stream]) => [name, stateOf(stream)]);
      return { version: 1, lines, previous, streams: Object.fromEntries(states) };
    },
    snapshot(input) {
      const stream = streams.get(streamOf(input));
      return stream && stateOf(stream);
    },
    resume(input, state) {
      const read = readStreamState(state);
      const name = streamOf(input);
      const present = streams.get(name);
      // Of several inputs with one name the one that was read last knows best.
      if (!read || (present && !untouched.has(name) && present.segments > read.segments)) return;
      untouched.delete(name);
      streams.set(name, streamAt(read, input));
    },
  };
}

const NO_STREAM: Stream = { input: undefined, segments: 0, records: 0, head: NOTHING_FOLDED, open: undefined };

function sealedStream(segments: readonly SealSegment[]): Stream {
  const head = segments.at(-1)?.head;
  return {
    ...NO_STREAM,
    segments: segments.length,
    records: segments.reduce((sum, { records }) => sum + records, 0),
    head: head === undefined ? NOTHING_FOLDED : bytesOf(head),
  };
}

/** The name of an input in a seal. */
function streamOf({ path, name }: InputName): string {
  return path ?? name ?? '-';
}

function startAt(place: SealedPlace, keyed: boolean, since: number): Growing {
  return {
    records: 0,
    bytes: 0,
    from: place,
    to: place,
    digest: NOTHING_FOLDED,
    keyed: keyed ? NOTHING_FOLDED : undefined,
    since,
  };
}

function stateOf({ segments, records, head, open }: Stream): StreamState {
  const { digest, keyed, ...rest } = open ?? startAt({ number: 0 }, false, 0);
  const growing = { ...rest, digest: toHex(digest), keyed: keyed ? toHex(keyed) : null };
  return { segments, records, head: toHex(head), open: open ? growing : null };
}

function streamAt({ segments, records, head, open }: StreamState, input: InputName): Stream {
  return {
    input,
    segments,
    records,
    head: bytesOf(head),
    open: open
      ? { ...open, digest: bytesOf(open.digest), keyed: open.keyed === null ? undefined : bytesOf(open.keyed) }
      : undefined,
  };
}

function bytesOf(hex: string): Uint8Array {
  const bytes = readHex(hex);
  return typeof bytes === 'string' ? NOTHING_FOLDED : bytes;
}
