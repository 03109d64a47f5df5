import type {
  Delivery,
  DeliveryCondition,
  DeliveryCounts,
  DeliveryResult,
  EncodedGroup,
  EncodedLogs,
  PushOptions,
  Settlement,
} from '@cryptrail/exporter';
import { cutGroup, encodeLogs, joinGroups, requestJson } from '@cryptrail/exporter/otlp';
import type { LogRecord } from '@cryptrail/mapper';
import { reasonOf, systemCode } from '../input/system-error.ts';
import { isEncoded } from '../run/is-encoded.ts';
import { type AppendFile, endOfLines, openAppendFile } from './append-file.ts';
import { endOfMembers, toGzipMember } from './gzip-member.ts';
import { createPathPattern } from './path-pattern.ts';

/** A destination that is files. */
export interface FileDeliveryOptions {
  /** Path with parts of the time of writing (UTC) in it, see {@link createPathPattern}; compressed when it ends in `.gz`. */
  readonly path: string;
  readonly warn: (message: string) => void;
  readonly onCondition?: (condition: DeliveryCondition) => void;
  readonly now?: () => number;
  /** How long in milliseconds records may wait for more: each block costs a sync of the disk. Default 200. */
  readonly lingerMillis?: number;
}

/** The owner writes, a group may read, e.g. that of a forwarder. */
const MODE = 0o640;

/** Most bytes of one block before encoding, and from four times as many held on `push` asks to wait. */
const BLOCK_BYTES = 1024 * 1024;
const MAX_HELD_BYTES = 4 * BLOCK_BYTES;
/** Readers of OTLP JSON lines have limits of their own: 1 MiB a line in the Collector. JSON is about twice as long. */
const LINE_BYTES = 256 * 1024;

const LINE_BREAK = Buffer.from('\n');

const FIRST_PAUSE_MILLIS = 500;
const LONGEST_PAUSE_MILLIS = 15_000;

interface Waiting {
  readonly logs: EncodedLogs;
  readonly records: number;
  readonly bytes: number;
  readonly onSettled: ((settlement: Settlement) => void) | undefined;
}

/**
 * Appends records to files of OTLP JSON Lines. They are accepted when the disk has them; a full disk is waited for. What a crash leaves at the
 * end of a file is cut off when it is next written to.
 *
 * @throws Misuse when the path cannot be meant.
 */
export function createFileDelivery(options: FileDeliveryOptions): Delivery {
  return new FileDelivery(options);
}

class FileDelivery implements Delivery {
  readonly #options: FileDeliveryOptions;
  readonly #pathAt: (millis: number) => string;
  readonly #now: () => number;
  readonly #ending = new AbortController();
  #open: { readonly path: string; readonly file: AppendFile } | undefined;
  #queue: Waiting[] = [];
  #held = { records: 0, bytes: 0 };
  #delivered = 0;
  #blocks = 0;
  #writing: Promise<void> | undefined;
  #lingering: NodeJS.Timeout | undefined;
  #room: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #condition: DeliveryCondition = { status: 'delivering' };
  #result: Promise<DeliveryResult> | undefined;

  constructor(options: FileDeliveryOptions) {
    this.#options = options;
    this.#pathAt = createPathPattern(options.path);
    this.#now = options.now ?? Date.now;
  }

  push(
    given: LogRecord | readonly LogRecord[] | EncodedLogs,
    { onSettled }: PushOptions = {},
  ): Promise<void> | undefined {
    const list = Array.isArray(given) ? (given as readonly LogRecord[] | EncodedLogs) : [given as LogRecord];
    const logs = isEncoded(list) ? list : encodeLogs(list);
    const records = logs.reduce((sum, { count }) => sum + count, 0);
    const bytes = logs.reduce((sum, group) => sum + group.records.length, 0);
    if (records === 0) {
      onSettled?.({ accepted: 0, deadLettered: 0 });
      return undefined;
    }
    this.#held.records += records;
    if (this.#result) return undefined;
    this.#held.bytes += bytes;
    this.#queue.push({ logs, records, bytes, onSettled });
    this.#lingering ??= setTimeout(() => void this.#write(), this.#options.lingerMillis ?? 200);
    if (this.#held.bytes >= BLOCK_BYTES) void this.#write();
    if (this.#held.bytes < MAX_HELD_BYTES) return undefined;
    this.#room ??= Promise.withResolvers<void>();
    return this.#room.promise;
  }

  async flush(): Promise<void> {
    while (this.#queue.length > 0 && !this.#ending.signal.aborted) await this.#write();
    await this.#writing;
  }

  end({ withinMillis }: { readonly withinMillis?: number | undefined } = {}): Promise<DeliveryResult> {
    this.#result ??= this.#end(withinMillis);
    return this.#result;
  }

  condition(): DeliveryCondition {
    return this.#condition;
  }

  counts(): DeliveryCounts {
    const { records: held, bytes: heldBytes } = this.#held;
    return { delivered: this.#delivered, refused: 0, held, heldBytes, requests: this.#blocks };
  }

  async #end(withinMillis: number | undefined): Promise<DeliveryResult> {
    const flushed = this.flush();
    const timer =
      withinMillis === undefined ? undefined : setTimeout(() => this.#ending.abort(), Math.max(0, withinMillis));
    await flushed;
    clearTimeout(timer);
    this.#ending.abort();
    this.#room?.resolve();
    await this.#close();
    const unsettled = this.#held.records;
    return { delivered: this.#delivered, refused: 0, ...(unsettled === 0 ? {} : { unsettled }) };
  }

  /** Writes what waits, block after block. One at a time. */
  #write(): Promise<void> {
    clearTimeout(this.#lingering);
    this.#lingering = undefined;
    this.#writing ??= this.#writeBlocks().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeBlocks(): Promise<void> {
    while (this.#queue.length > 0) {
      const taken = this.#take();
      if (!(await this.#writePatiently(taken))) {
        this.#queue.unshift(...taken);
        return;
      }
      for (const { records, bytes, onSettled } of taken) {
        this.#delivered += records;
        this.#held.records -= records;
        this.#held.bytes -= bytes;
        onSettled?.({ accepted: records, deadLettered: 0 });
      }
      if (this.#held.bytes >= MAX_HELD_BYTES) continue;
      this.#room?.resolve();
      this.#room = undefined;
    }
  }

  #take(): Waiting[] {
    let bytes = 0;
    const end = this.#queue.findIndex((waiting) => {
      bytes += waiting.bytes;
      return bytes > BLOCK_BYTES;
    });
    return this.#queue.splice(0, end === -1 ? this.#queue.length : Math.max(1, end));
  }

  /** False when the delivery ended before the disk took it. */
  async #writePatiently(taken: readonly Waiting[]): Promise<boolean> {
    const lines = linesOf(taken.flatMap(({ logs }) => logs));
    for (let pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS)) {
      try {
        await this.#append(lines);
        this.#tell({ status: 'delivering' });
        return true;
      } catch (error) {
        await this.#close();
        this.#tell({ status: 'waiting', reason: `${this.#pathAt(this.#now())} cannot be written: ${words(error)}` });
      }
      await sleep(pause, this.#ending.signal);
      if (this.#ending.signal.aborted) return false;
    }
  }

  async #append(lines: Buffer): Promise<void> {
    const path = this.#pathAt(this.#now());
    const isCompressed = path.endsWith('.gz');
    const block = isCompressed ? await toGzipMember(lines) : lines;
    if (this.#open?.path !== path || !(await this.#open.file.isInPlace())) {
      await this.#close();
      const file = await openAppendFile(path, {
        mode: MODE,
        wholeLength: isCompressed ? endOfMembers : endOfLines('{"resourceLogs":['),
        onCut: (cut) => this.#options.warn(`${path}: ${cut} bytes that a crash left at its end were cut off`),
      });
      this.#open = { path, file };
    }
    await this.#open.file.append(block);
    this.#blocks += 1;
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.file.close().catch(() => undefined);
  }

  #tell(condition: DeliveryCondition): void {
    const before = this.#condition;
    this.#condition = condition;
    if (before.status !== condition.status) this.#options.onCondition?.(condition);
  }
}

/** Requests of bounded size, each a line. */
function linesOf(logs: EncodedLogs): Buffer {
  const lines: Uint8Array[] = [];
  let groups: EncodedGroup[] = [];
  let bytes = 0;
  const cut = () => {
    if (groups.length > 0) lines.push(jsonOf(groups), LINE_BREAK);
    groups = [];
    bytes = 0;
  };
  for (const group of logs) {
    for (let rest: EncodedGroup | undefined = group; rest; ) {
      const room = LINE_BYTES - bytes;
      const isEmpty = groups.length === 0;
      const [first, behind] = cutGroup(rest, (records, size) => size > room && !(isEmpty && records === 1));
      if (first) groups.push(first);
      bytes += first?.records.length ?? 0;
      if (behind) cut();
      rest = behind;
    }
  }
  cut();
  return Buffer.concat(lines);
}

function jsonOf(groups: EncodedLogs): Uint8Array {
  try {
    return requestJson(groups);
  } catch {
    // Records that came in over OTLP are looked into only now.
    const protobuf = Buffer.from(joinGroups(groups)).toString('base64');
    return Buffer.from(JSON.stringify({ resourceLogs: [], cryptrail: { protobuf } }));
  }
}

function words(error: unknown): string {
  return systemCode(error) === undefined && error instanceof Error ? error.message : reasonOf(error);
}

function sleep(millis: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    signal.addEventListener('abort', done, { once: true });
  });
}
