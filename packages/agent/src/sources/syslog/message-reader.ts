import type { LogRecord, Pipeline, Reader } from '@cryptrail/mapper';
import type { SyslogPiece } from './deframe.ts';

/** A record of several lines is given out when nothing has followed it for this long. */
const SETTLE_MILLIS = 1000;

/** Reads what one sender sends. */
export interface MessageReader {
  /** Records that these pieces complete. */
  read(pieces: readonly SyslogPiece[]): LogRecord[];
  end(): LogRecord[];
}

const LF = 0x0a;

/** @param give - Gets records that nothing has followed for a while. */
export function createMessageReader(pipeline: Pipeline, give: (logs: LogRecord[]) => void): MessageReader {
  const reader = pipeline.open();
  const timer = setTimeout(() => give(reader.settle()), SETTLE_MILLIS);
  timer.unref();
  return {
    read(pieces) {
      timer.refresh();
      return pieces.flatMap((piece) => readPiece(pipeline, reader, piece));
    },
    end() {
      clearTimeout(timer);
      return reader.end();
    },
  };
}

/** A message is one record, whatever line breaks are in it; lines may belong together. */
function readPiece(pipeline: Pipeline, reader: Reader, { kind, bytes }: SyslogPiece): LogRecord[] {
  if (kind === 'lines') return reader.push(bytes);
  const message = withoutEnd(bytes);
  if (!message.includes(LF)) return reader.push(Buffer.concat([message, Uint8Array.of(LF)]));
  const record = pipeline.readText(new TextDecoder().decode(message));
  return [...reader.settle(), ...(record ? [record] : [])];
}

function withoutEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && [LF, 0x0d, 0].includes(bytes[end - 1] ?? -1)) end -= 1;
  return bytes.subarray(0, end);
}
