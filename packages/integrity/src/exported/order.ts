import type { ExportedRecord } from './exported-record.ts';

/** The records of one file as it once was, in the order of the file. */
export interface ExportedFile {
  readonly path: string;
  readonly records: readonly ExportedRecord[];
}

/**
 * Puts records back where they stood: files in the order of their first time, records in the order of their offset (else their number, else as they
 * came). A record that was delivered twice counts once. A path under which several files were written one after the other, as a log that is
 * rotated, is taken apart by the time of reading.
 */
export function orderExport(records: Iterable<ExportedRecord>): ExportedFile[] {
  const paths = new Map<string, ExportedRecord[]>();
  for (const record of records) {
    const list = paths.get(record.path);
    if (list) list.push(record);
    else paths.set(record.path, [record]);
  }
  const files = [...paths].flatMap(([path, list]) => generations(list).map((one) => ({ path, records: one })));
  return files
    .map((file) => ({ file, first: firstTime(file.records) }))
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
    .map(({ file }) => file);
}

function firstTime(records: readonly ExportedRecord[]): bigint {
  return records.find(({ timeUnixNano }) => timeUnixNano > 0n)?.timeUnixNano ?? 0n;
}

function placeOf({ offset, number }: ExportedRecord): number {
  return offset ?? number ?? 0;
}

/** The files that were one after the other under one path, each in its order. */
function generations(records: readonly ExportedRecord[]): ExportedRecord[][] {
  const sorted = records.toSorted((a, b) => placeOf(a) - placeOf(b));
  const once: ExportedRecord[] = [];
  let conflict = false;
  let from = 0;
  for (const record of sorted) {
    if (record.offset === undefined && record.number === undefined) {
      once.push(record);
      continue;
    }
    while (from < once.length && placeOf(once[from] ?? record) < placeOf(record)) from += 1;
    const same = once.slice(from);
    if (same.some((other) => contentOf(other) === contentOf(record))) continue;
    conflict ||= same.length > 0;
    once.push(record);
  }
  return conflict ? byReading(once) : [once];
}

/** What tells two records apart that stood at one place. */
function contentOf({ text, digest, uid, timeUnixNano }: ExportedRecord): string {
  return text ?? digest ?? uid ?? String(timeUnixNano);
}

/** Cuts where the place goes back while the time of reading goes on. */
function byReading(records: readonly ExportedRecord[]): ExportedRecord[][] {
  const read = records.toSorted((a, b) =>
    a.observedTimeUnixNano === b.observedTimeUnixNano
      ? placeOf(a) - placeOf(b)
      : a.observedTimeUnixNano < b.observedTimeUnixNano
        ? -1
        : 1,
  );
  const files: ExportedRecord[][] = [];
  let last: ExportedRecord | undefined;
  for (const record of read) {
    const current = files.at(-1);
    if (!current || !last || placeOf(record) <= placeOf(last)) files.push([record]);
    else current.push(record);
    last = record;
  }
  return files;
}
