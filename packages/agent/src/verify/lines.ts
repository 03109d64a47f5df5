const LF = 0x0a;

/** The lines of a stream of bytes, without LF; of a line over `limit` the first `limit` bytes. A last line without a break is one. */
export async function* byteLines(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array[]> {
  let pending: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    const lines: Uint8Array[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      const part = chunk.subarray(from, at);
      lines.push(pending.length === 0 ? part.subarray(0, limit) : joined(pending, part, limit));
      pending = new Uint8Array(0);
      from = at + 1;
    }
    if (from < chunk.length) pending = joined(pending, chunk.subarray(from), limit);
    yield lines;
  }
  if (pending.length > 0) yield [pending];
}

function joined(head: Uint8Array, tail: Uint8Array, limit: number): Uint8Array {
  const room = Math.max(0, limit - head.length);
  const whole = new Uint8Array(head.length + Math.min(room, tail.length));
  whole.set(head);
  whole.set(tail.subarray(0, room), head.length);
  return whole;
}
