/**
 * Writes numbered lines into a log and rotates it, as a product and logrotate would: `node write-lines.ts '<options as JSON>'`. Ends when all are
 * written. A process of its own, so that nothing of what it does is in step with the agent.
 */
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Kind, lineOf } from './numbered-lines.ts';

/** What is written. */
export interface Writing {
  readonly path: string;
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
  /** Lines a second, about. */
  readonly rate: number;
  /** Size at which the log is rotated. */
  readonly maxBytes: number;
  /** `rename`: the writer opens a new file; `truncate`: the log is copied and emptied while it is open. */
  readonly rotation: 'rename' | 'truncate';
  /** Whether rotated files are packed at the rotation after next. */
  readonly packs: boolean;
}

const TICK_MILLIS = 20;

async function write(writing: Writing): Promise<void> {
  const { path, kind, from, to, rate, maxBytes, rotation } = writing;
  let descriptor = openSync(path, 'a');
  const begun = performance.now();
  let id = from;
  while (id <= to) {
    const due = Math.min(to, from + Math.floor(((performance.now() - begun) / 1000) * rate));
    while (id <= due) {
      // Lines come in pieces, too: a program flushes when its buffer is full.
      const line = Buffer.from(`${lineOf(kind, id)}\n`);
      if (id % 50 === 0) {
        writeSync(descriptor, line.subarray(0, 40));
        writeSync(descriptor, line.subarray(40));
        id += 1;
        continue;
      }
      const last = Math.min(due, id + 49 - (id % 50));
      let block = '';
      for (; id <= last; id += 1) block += `${lineOf(kind, id)}\n`;
      writeSync(descriptor, block);
      if (fstatSync(descriptor).size <= maxBytes) continue;
      shift(writing);
      if (rotation === 'rename') {
        renameSync(path, `${path}.1`);
        // The writer goes on in the old file until it is told.
        appendFileSync(descriptor, id <= to ? `${lineOf(kind, id)}\n` : '');
        id += 1;
        closeSync(descriptor);
        descriptor = openSync(path, 'a');
      } else {
        copyFileSync(path, `${path}.1`);
        truncateSync(path);
      }
    }
    await sleep(TICK_MILLIS);
  }
  closeSync(descriptor);
}

/** `a.log.1` becomes `a.log.2`, and so on, oldest first. */
function shift({ path, packs }: Writing): void {
  let last = 1;
  while (existsSync(`${path}.${last}`) || existsSync(`${path}.${last}.gz`)) last += 1;
  for (let number = last - 1; number >= 1; number -= 1) {
    const ending = existsSync(`${path}.${number}`) ? '' : '.gz';
    renameSync(`${path}.${number}${ending}`, `${path}.${number + 1}${ending}`);
  }
  const second = `${path}.2`;
  if (!packs || !existsSync(second)) return;
  writeFileSync(`${second}.gz`, gzipSync(readFileSync(second), { level: 1 }));
  unlinkSync(second);
}

await write(JSON.parse(process.argv[2] ?? ''));
