const LF = 0x0a;
const EQUALS = 0x3d;
const LENGTH_BYTES = 8;

/** Longest name of a field that is kept; journald takes 64 signs. */
const MAX_NAME = 256;
/** Fields beside the message are passed on up to here: nothing longer says anything of a record. */
const MAX_FIELD = 64 * 1024;

/** A whole entry of `journalctl -o export`. */
export interface ScannedEntry {
  /** The entry in the same form, without fields that are too long to matter. */
  readonly bytes: Uint8Array;
  readonly cursor: string;
  /** Values of the fields that were asked for. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Cuts the bytes of `journalctl -o export` into entries. Bounded; nothing throws. */
export interface EntryScanner {
  /** Entries that these bytes complete. */
  push(chunk: Uint8Array): ScannedEntry[];
}

/**
 * @param maxMessageBytes - A longer message is passed on with this length, so that whoever reads it sees that it is too long.
 * @param wanted - Names of fields whose values are told.
 */
export function createEntryScanner(maxMessageBytes: number, wanted: ReadonlySet<string>): EntryScanner {
  let pieces: Uint8Array[] = [];
  let cursor = '';
  let fields = new Map<string, string>();
  /** What is kept of the line being read, and how long it is. */
  let line: Uint8Array[] = [];
  let lineLength = 0;
  let lengthBytes: number[] = [];
  /** The field with a length that is being read; empty when it is passed over. */
  let name = '';
  let left = 0n;
  let kept: Uint8Array[] = [];
  let keepLeft = 0;
  let state: 'line' | 'length' | 'data' | 'break' = 'line';

  function addToLine(part: Uint8Array): void {
    const room = maxMessageBytes - lineLength;
    if (room > 0) line.push(part.slice(0, room));
    lineLength += part.length;
  }

  function endLine(entries: ScannedEntry[]): void {
    if (lineLength === 0) {
      if (pieces.length > 0) entries.push({ bytes: Buffer.concat([...pieces, Uint8Array.of(LF)]), cursor, fields });
      pieces = [];
      cursor = '';
      fields = new Map();
      return;
    }
    const bytes = Buffer.concat(line);
    const length = lineLength;
    line = [];
    lineLength = 0;
    const equals = bytes.indexOf(EQUALS);
    const field = bytes.toString('latin1', 0, Math.min(equals === -1 ? bytes.length : equals, MAX_NAME));
    if (equals === -1) {
      name = length > MAX_NAME ? '' : field;
      state = 'length';
      lengthBytes = [];
    } else if (length <= MAX_FIELD || field === 'MESSAGE') {
      pieces.push(bytes, Uint8Array.of(LF));
      note(field, bytes.subarray(equals + 1));
    }
  }

  function note(field: string, value: Uint8Array): void {
    if (field === '__CURSOR') cursor = Buffer.from(value).toString();
    if (wanted.has(field)) fields.set(field, Buffer.from(value).toString());
  }

  function startData(): void {
    left = new DataView(Uint8Array.from(lengthBytes).buffer).getBigUint64(0, true);
    const most = name === 'MESSAGE' ? maxMessageBytes : MAX_FIELD;
    const isKept = name !== '' && (name === 'MESSAGE' || left <= BigInt(most));
    keepLeft = isKept ? Number(left < BigInt(most) ? left : BigInt(most)) : 0;
    kept = [];
    if (isKept) {
      const length = new Uint8Array(LENGTH_BYTES);
      new DataView(length.buffer).setBigUint64(0, BigInt(keepLeft), true);
      pieces.push(Buffer.from(`${name}\n`), length);
    } else name = '';
    state = left === 0n ? 'break' : 'data';
  }

  function endData(): void {
    if (name !== '') {
      pieces.push(...kept, Uint8Array.of(LF));
      if (wanted.has(name)) note(name, Buffer.concat(kept));
    }
    kept = [];
    state = 'line';
  }

  return {
    push(chunk) {
      const entries: ScannedEntry[] = [];
      let at = 0;
      while (at < chunk.length) {
        if (state === 'line') {
          const end = chunk.indexOf(LF, at);
          addToLine(chunk.subarray(at, end === -1 ? chunk.length : end));
          at = end === -1 ? chunk.length : end + 1;
          if (end !== -1) endLine(entries);
        } else if (state === 'length') {
          lengthBytes.push(chunk[at] ?? 0);
          at += 1;
          if (lengthBytes.length === LENGTH_BYTES) startData();
        } else if (state === 'data') {
          const count = Number(left < BigInt(chunk.length - at) ? left : BigInt(chunk.length - at));
          const keep = Math.min(count, keepLeft);
          if (keep > 0) kept.push(chunk.slice(at, at + keep));
          keepLeft -= keep;
          left -= BigInt(count);
          at += count;
          if (left === 0n) state = 'break';
        } else {
          at += 1;
          endData();
        }
      }
      return entries;
    },
  };
}
