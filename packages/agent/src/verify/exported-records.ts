import { type ExportedRecord, readExport } from '@cryptrail/integrity';
import type { Terminal } from '../command-line/terminal.ts';
import { findInputs } from '../input/find-inputs.ts';
import { reasonOf } from '../input/system-error.ts';

/** Longest line of an export that is read. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;
const LF = 0x0a;

/** The records of exported files, packed or not, in the order in which they come. They are held in memory: a backend gives them in any order. */
export async function readExportedRecords(
  paths: readonly string[],
  terminal: Terminal,
): Promise<{ records: ExportedRecord[]; problems: number }> {
  const records: ExportedRecord[] = [];
  let problems = 0;
  const report = (path: string, message: string) => {
    problems += 1;
    terminal.warn(`${path}: ${message}`);
  };
  for await (const found of findInputs(paths, terminal, { excluded: new Set() })) {
    if (terminal.signal.aborted) break;
    if ('notice' in found) terminal.warn(found.notice);
    else if ('problem' in found) report(found.problem.path, found.problem.message);
    else {
      const { path, bytes } = found.member;
      let unread = 0;
      try {
        for await (const line of longLines(bytes)) {
          const read = readExport(line);
          if (read) for (const record of read) records.push(record);
          else if (line.trim() !== '') unread += 1;
        }
      } catch (error) {
        report(path, `reading broke off: ${reasonOf(error)}`);
      }
      if (unread > 0) report(path, `${unread} lines are no OTLP JSON: each should be one object with resourceLogs`);
    }
  }
  return { records, problems };
}

/** Lines of a stream as text; what is beyond the limit of a line is left out, so that it is no JSON any more. */
async function* longLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const keep = (part: Uint8Array) => {
    length += part.length;
    if (length <= MAX_LINE_BYTES) parts.push(part);
  };
  const take = () => {
    const line = Buffer.concat(parts).toString('utf8');
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      keep(chunk.subarray(from, at));
      yield take();
      from = at + 1;
    }
    // The reader may use its buffer again.
    keep(chunk.slice(from));
  }
  if (length > 0) yield take();
}
