const LF = 0x0a;

/** A piece of a connection: bytes of lines, or one message that came with its length. */
export type SyslogPiece =
  | { readonly kind: 'lines'; readonly bytes: Uint8Array }
  | { readonly kind: 'message'; readonly bytes: Uint8Array };

/** Takes the framing of RFC 6587 off the bytes of one connection. Bounded; nothing throws. */
export interface SyslogDeframer {
  push(chunk: Uint8Array): SyslogPiece[];
  /** What is left of a message when the connection ends. */
  end(): SyslogPiece[];
}

/** A length, a blank, and the priority with which every message begins: `123 <14>…`. No line of a log begins like that. */
const COUNTED = /^[1-9]\d{0,7} </;
/** What may become one. */
const COUNTED_BEGUN = /^(?:[1-9]\d{0,7} ?)?$/;

/** @param maxMessageBytes - Of a longer message, one byte more than this is passed on, so that whoever reads it sees that it is too long. */
export function createSyslogDeframer(maxMessageBytes: number): SyslogDeframer {
  let state: 'start' | 'line' | 'counted' = 'start';
  let head = '';
  let left = 0;
  let kept: Uint8Array[] = [];
  let room = 0;

  /** The beginning of a frame, byte by byte, until it tells its kind. */
  function begin(byte: number): SyslogPiece[] {
    // Between frames some senders put line breaks and NUL.
    if (head === '' && (byte === LF || byte === 0 || byte === 0x0d)) return [];
    head += String.fromCharCode(byte);
    if (COUNTED_BEGUN.test(head)) return [];
    const taken = head;
    head = '';
    if (COUNTED.test(taken)) {
      state = 'counted';
      left = Number.parseInt(taken, 10) - 1;
      kept = [Uint8Array.of(0x3c)];
      room = maxMessageBytes;
      return left === 0 ? finish() : [];
    }
    state = byte === LF || byte === 0 ? 'start' : 'line';
    return [{ kind: 'lines', bytes: Uint8Array.from(taken, (sign) => (sign === '\0' ? LF : sign.charCodeAt(0))) }];
  }

  function finish(): SyslogPiece[] {
    const message = Buffer.concat(kept);
    kept = [];
    state = 'start';
    return [{ kind: 'message', bytes: message }];
  }

  function addCounted(part: Uint8Array): SyslogPiece[] {
    if (room > 0) kept.push(part.slice(0, room));
    room -= part.length;
    left -= part.length;
    return left === 0 ? finish() : [];
  }

  return {
    push(chunk) {
      const own = chunk.slice();
      const pieces: SyslogPiece[] = [];
      let lines: number | undefined;
      const endLines = (at: number) => {
        if (lines !== undefined) pieces.push({ kind: 'lines', bytes: own.subarray(lines, at) });
        lines = undefined;
      };
      for (let at = 0; at < own.length; ) {
        // Lines that follow one another stay one piece.
        if (state === 'start' && head === '' && beginsLine(own[at] ?? 0)) state = 'line';
        if (state === 'line') {
          lines ??= at;
          const end = lineEnd(own, at);
          at = end === -1 ? own.length : end + 1;
          if (end !== -1) {
            own[end] = LF;
            state = 'start';
          }
          continue;
        }
        endLines(at);
        if (state === 'start') {
          pieces.push(...begin(own[at] ?? 0));
          at += 1;
        } else {
          const part = own.subarray(at, at + left);
          pieces.push(...addCounted(part));
          at += part.length;
        }
      }
      endLines(own.length);
      return pieces;
    },
    end() {
      if (state === 'counted') return finish();
      const rest = head;
      head = '';
      return rest === '' ? [] : [{ kind: 'lines', bytes: Buffer.from(rest, 'latin1') }];
    },
  };
}

/** Neither a digit, with which a length begins, nor one of the signs between frames. */
function beginsLine(byte: number): boolean {
  return (byte < 0x30 || byte > 0x39) && byte !== LF && byte !== 0x0d && byte !== 0;
}

/** A line ends with LF; some senders write NUL instead. */
function lineEnd(chunk: Uint8Array, from: number): number {
  const end = chunk.indexOf(LF, from);
  const nul = chunk.subarray(from, end === -1 ? chunk.length : end).indexOf(0);
  return nul === -1 ? end : from + nul;
}
