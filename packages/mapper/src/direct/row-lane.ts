import type { Product } from '@cryptrail/catalogue';
import type { TableHead } from '../forms/form.ts';
import { CsvScanner } from './csv-scanner.ts';
import { createLane, type LineLane } from './line-lane.ts';
import { NO_OFFSET } from './place-writer.ts';
import type { RecordBuffer } from './record-buffer.ts';
import type { PlanWriter, RecordPlan, WrittenPlace } from './record-plan.ts';

/** Writes rows of tables straight from their bytes. */
export class RowLane {
  readonly lane: LineLane;
  readonly #scanner: CsvScanner;
  /** Where the row ends that was written last. */
  end = -1;

  private constructor(lane: LineLane, scanner: CsvScanner) {
    this.lane = lane;
    this.#scanner = scanner;
  }

  /** Undefined: none of the products writes rows. */
  static create(products: readonly Product[], buffer: RecordBuffer, writer: PlanWriter): RowLane | undefined {
    let scanner: CsvScanner | undefined;
    const create: Parameters<typeof createLane>[1] = (formats, findControl) => {
      scanner = new CsvScanner(formats, findControl);
      return scanner;
    };
    const lane = createLane(['row'], create, products, buffer, writer);
    return lane && scanner && new RowLane(lane, scanner);
  }

  /** The plan by which the row was written that begins at `start` and ends before `stop`; undefined when nothing was. */
  write(
    bytes: Uint8Array,
    start: number,
    stop: number,
    number: number,
    table: TableHead,
    place: WrittenPlace,
    observed: bigint,
  ): RecordPlan | undefined {
    this.#scanner.begin(table);
    this.end = this.#scanner.rowEnd(bytes, start, stop);
    if (this.end === -1) return undefined;
    const { row } = this.#scanner;
    return this.lane.write(row.bytes, row.from, row.to, NO_OFFSET, number, place, observed);
  }
}
