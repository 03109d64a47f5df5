import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { products } from '@cryptrail/catalogue';
import { createPipeline } from '@cryptrail/mapper';
import { type Flat, fromMapper } from './compare.ts';

/** The pack of rows with a file of rows as JSON Lines, all values texts, in place of the database: for a Collector without the receiver. */
export function withFileOfRows(pack: string, id: string, folder: string): string {
  const text = readFileSync(pack, 'utf8')
    .replace(
      /^receivers:[\s\S]*?^processors:/m,
      `receivers:\n  file_log/rows:\n    include: [${join(folder, 'rows.jsonl')}]\n    start_at: beginning\n    operators: [{ type: json_parser, parse_to: attributes }]\nprocessors:`,
    )
    .replaceAll(`sqlquery/${id}`, 'file_log/rows');
  const file = join(folder, 'rows.yaml');
  writeFileSync(file, text);
  return file;
}

/** Rows as the mapper reads them, by their key. */
export function mappedRows(rows: string, product: string): Map<string, Flat> {
  const reader = createPipeline({ products, product, now: () => 1n }).open({ name: 'rows.jsonl' });
  return byKey(fromMapper([...reader.push(Buffer.from(rows)), ...reader.end()]));
}

/** Records by `log.record.uid`. */
export function byKey(records: readonly Flat[]): Map<string, Flat> {
  return new Map(records.map((record) => [record.parts.get('@log.record.uid') ?? '', record]));
}
