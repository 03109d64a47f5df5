import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { idOf, lineOf } from '../../faults/files/numbered-lines.ts';

/** Counts the arrivals of the lines `1` to the last that was written. */
export class Arrivals {
  readonly #times = new Map<number, number>();
  readonly #altered = new Set<number>();
  #others = 0;

  /** Different lines that have arrived. */
  get arrived(): number {
    return this.#times.size;
  }

  take(body: string): void {
    const id = idOf(body);
    if (id === undefined) {
      this.#others += 1;
      return;
    }
    if (body !== messageOf(id)) this.#altered.add(id);
    this.#times.set(id, (this.#times.get(id) ?? 0) + 1);
  }

  verdict(written: number) {
    let repeated = 0;
    for (const times of this.#times.values()) repeated += times - 1;
    const lost = Array.from({ length: written }, (_, index) => index + 1).filter((id) => !this.#times.has(id));
    return { written, lost, repeated, altered: [...this.#altered], others: this.#others };
  }
}

function messageOf(id: number): string {
  return JSON.parse(lineOf('acra-json', id)).msg;
}

/** Logs that grow, one line at a time and now and then half a line, until they are told to stop. */
export class Logs {
  readonly #paths: readonly string[];
  readonly #files: number[];
  #id = 0;

  constructor(paths: readonly string[]) {
    this.#paths = paths;
    this.#files = paths.map((path) => openSync(path, 'a'));
  }

  /** Number of the last line. */
  get written(): number {
    return this.#id;
  }

  /** Writes so many lines, in pieces. */
  async write(count: number): Promise<void> {
    const last = this.#id + count;
    while (this.#id < last) {
      for (const file of this.#files) this.#block(file, Math.min(25, last - this.#id));
      await sleep(10);
    }
  }

  #block(file: number, count: number): void {
    for (let left = count; left > 0; left -= 1) {
      this.#id += 1;
      const line = Buffer.from(`${lineOf('acra-json', this.#id)}\n`);
      const cut = this.#id % 50 === 0 ? 40 : line.length;
      writeSync(file, line.subarray(0, cut));
      if (cut < line.length) writeSync(file, line.subarray(cut));
    }
  }

  /** What logrotate does without `copytruncate`: the writer goes on in the old file until it is told. */
  rename(index: number): void {
    const path = this.#paths[index] ?? '';
    renameSync(path, nextName(path));
    this.#block(this.#files[index] ?? -1, 5);
    closeSync(this.#files[index] ?? -1);
    this.#files[index] = openSync(path, 'a');
    appendFileSync(path, '');
  }

  /** What logrotate does with `copytruncate`. */
  copyAndTruncate(index: number): void {
    const path = this.#paths[index] ?? '';
    copyFileSync(path, nextName(path));
    truncateSync(path);
  }

  close(): void {
    for (const file of this.#files) closeSync(file);
  }
}

function nextName(path: string): string {
  let number = 1;
  while (existsSync(`${path}.${number}`)) number += 1;
  return `${path}.${number}`;
}
