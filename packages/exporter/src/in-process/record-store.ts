import type { Delivery } from '../delivery/types.ts';
import type { EncodedGroup } from '../otlp/encoded-logs.ts';
import { ProtobufWriter } from '../otlp/protobuf-writer.ts';
import type { Spool } from '../spool/spool.ts';
import type { RecordHead } from './encode-readable.ts';

/** Where records of an application wait until the backend has them. */
export interface RecordStore {
  /** Takes a record, which `write` adds to a run of records. Gives why it could not: then it is lost. */
  add(head: RecordHead, write: (writer: ProtobufWriter) => void): string | undefined;
  /** Resolves when what was added is as safe as this store makes it: on disk, or with the backend. */
  flush(): Promise<void>;
  /** Resolves when there is room for more, which is at once when there is any. */
  room(): Promise<void>;
  /** Whether everything is with the backend. */
  isIdle(): boolean;
  /** Resolves when it is. */
  drain(): Promise<void>;
  /** Ends. Gives how many records are lost by that. */
  close(withinMillis: number): Promise<number>;
}

/** Records of one turn of the event loop go to the delivery together, up to this length. */
const RUN_BYTES = 128 * 1024;

/** In memory, up to a limit: what the process has when it ends is lost. */
export function createMemoryStore(delivery: Delivery, maxBytes: number): RecordStore {
  const writer = new ProtobufWriter(RUN_BYTES);
  let head: RecordHead | undefined;
  let count = 0;
  let room: Promise<void> | undefined;

  function handOver(): void {
    if (!head || count === 0) return;
    const group = { ...head, records: writer.finish(), count };
    writer.cut();
    count = 0;
    room = delivery.push([group]);
  }

  return {
    add(next, write) {
      if (next !== head) handOver();
      head = next;
      const before = writer.length;
      if (delivery.counts().heldBytes + before > maxBytes) return `${maxBytes} bytes wait for the backend already`;
      try {
        write(writer);
      } catch (error) {
        writer.cut(before);
        throw error;
      }
      if (count === 0) queueMicrotask(handOver);
      count += 1;
      if (writer.length >= RUN_BYTES) handOver();
      return undefined;
    },
    flush() {
      handOver();
      return delivery.flush();
    },
    async room() {
      handOver();
      await room;
    },
    isIdle: () => count === 0 && delivery.counts().held === 0,
    drain() {
      handOver();
      return delivery.flush();
    },
    async close(withinMillis) {
      handOver();
      const { unsettled = 0 } = await delivery.end({ withinMillis });
      return unsettled;
    },
  };
}

/** How long records may wait for more before the disk is synced and they are sent. */
const LINGER_MILLIS = 100;

/** Records that the disk has no room for, at most, while it is tried again. */
const MOST_STRANDED_BYTES = 4 * 1024 * 1024;
const TRY_AGAIN_MILLIS = 1000;

/** On disk: what the process has when it ends is sent by the next one. */
export function createSpoolStore(spool: Spool, delivery: Delivery, onTrouble: (reason: string) => void): RecordStore {
  let feeding: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let stranded: EncodedGroup[] = [];
  let strandedBytes = 0;

  /** Reads what is on disk into the delivery, for as long as there is something. */
  function feed(): Promise<void> {
    feeding ??= (async () => {
      // Never in the same turn as the emit that asked for it.
      await Promise.resolve();
      for (let next = isClosed ? undefined : spool.read(); next; next = isClosed ? undefined : spool.read()) {
        await delivery.push(next.logs, { onSettled: next.acknowledge });
      }
    })().finally(() => {
      feeding = undefined;
    });
    return feeding;
  }

  function schedule(millis: number): void {
    if (timer || isClosed) return;
    timer = setTimeout(() => void flush().then(feed).catch(fail), millis).unref();
  }

  const fail = (error: unknown) => {
    onTrouble(`the spool cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    schedule(TRY_AGAIN_MILLIS);
  };

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    unstrand();
    await spool.sync();
  }

  /** Throws the error of the system while the disk has no room. */
  function unstrand(): void {
    for (let first = stranded[0]; first; first = stranded[0]) {
      if (!spool.append(first)) return;
      stranded = stranded.slice(1);
      strandedBytes -= first.records.length;
    }
  }

  function keepBack(group: EncodedGroup, reason: string): string | undefined {
    if (strandedBytes + group.records.length > MOST_STRANDED_BYTES) return reason;
    // The buffer is used again for the next record.
    stranded.push({ ...group, records: group.records.slice() });
    strandedBytes += group.records.length;
    return undefined;
  }

  const writer = new ProtobufWriter(4096);

  schedule(0);
  return {
    add(head, write) {
      writer.cut();
      write(writer);
      const group = { ...head, records: writer.view(), count: 1 };
      try {
        unstrand();
        if (!spool.append(group)) return `the spool holds ${spool.bytes} bytes already`;
        schedule(LINGER_MILLIS);
        return undefined;
      } catch (error) {
        fail(error);
        return keepBack(group, 'the spool cannot be written');
      }
    },
    flush,
    room: async () => {},
    isIdle: () => spool.isEmpty && stranded.length === 0,
    async drain() {
      await flush();
      while (!spool.isEmpty && !isClosed) {
        await feed();
        await delivery.flush();
      }
    },
    async close(withinMillis) {
      await flush().catch(fail);
      const ended = feed().then(() => delivery.flush());
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, withinMillis).unref())]);
      isClosed = true;
      clearTimeout(timer);
      await delivery.end({ withinMillis: 0 });
      await spool.close();
      return stranded.reduce((sum, { count }) => sum + count, 0);
    },
  };
}
