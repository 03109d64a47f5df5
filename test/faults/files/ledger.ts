import type { OtlpLogRecord } from '@cryptrail/exporter/otlp';
import { idOf, type Kind, lineOf } from './numbered-lines.ts';

/** What is said of all lines that were written, when everything has had its time to arrive. */
export interface Verdict {
  readonly written: number;
  readonly arrived: number;
  readonly lost: readonly number[];
  /** Lines that arrived with another text than they were written with. */
  readonly altered: readonly number[];
  /** Deliveries beyond the first of each line. */
  readonly duplicates: number;
  /** Duplicates whose place in their file is another than that of the first. */
  readonly unequal: number;
  /** Records that are none of the lines, by event or by the beginning of their body. */
  readonly others: ReadonlyMap<string, number>;
}

/** Keeps account of the lines `1` to `count`: few bytes for each, however often they arrive. */
export class Ledger {
  readonly #kindOf: (id: number) => Kind;
  readonly #times: Uint16Array;
  readonly #offsets: Float64Array;
  readonly #numbers: Float64Array;
  readonly #altered = new Set<number>();
  readonly #others = new Map<string, number>();
  #unequal = 0;
  #arrived = 0;

  constructor(count: number, kindOf: (id: number) => Kind) {
    this.#kindOf = kindOf;
    this.#times = new Uint16Array(count + 1);
    this.#offsets = new Float64Array(count + 1);
    this.#numbers = new Float64Array(count + 1);
  }

  /** Different lines that have arrived. */
  get arrived(): number {
    return this.#arrived;
  }

  take(record: OtlpLogRecord): void {
    const values = new Map(record.attributes.map(({ key, value }) => [key, value]));
    const original = values.get('log.record.original')?.stringValue ?? '';
    const id = idOf(original);
    if (id === undefined || id < 1 || id >= this.#times.length) {
      const what = [record.eventName, record.body?.stringValue?.slice(0, 200)].filter(Boolean).join(': ');
      this.#others.set(what, (this.#others.get(what) ?? 0) + 1);
      return;
    }
    if (original !== lineOf(this.#kindOf(id), id)) this.#altered.add(id);
    const offset = Number(values.get('log.file.record_offset')?.intValue);
    const number = Number(values.get('log.file.record_number')?.intValue);
    const times = this.#times[id] ?? 0;
    this.#times[id] = times + 1;
    if (times === 0) {
      this.#arrived += 1;
      this.#offsets[id] = offset;
      this.#numbers[id] = number;
    } else if (this.#offsets[id] !== offset || this.#numbers[id] !== number) this.#unequal += 1;
  }

  verdict(): Verdict {
    const lost: number[] = [];
    let duplicates = 0;
    for (let id = 1; id < this.#times.length; id += 1) {
      const times = this.#times[id] ?? 0;
      if (times === 0) lost.push(id);
      else duplicates += times - 1;
    }
    return {
      written: this.#times.length - 1,
      arrived: this.#arrived,
      lost,
      altered: [...this.#altered],
      duplicates,
      unequal: this.#unequal,
      others: this.#others,
    };
  }
}
