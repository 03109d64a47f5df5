/** How a request, and so its answer, is written. */
export type WireEncoding = 'json' | 'protobuf';

/** A `google.rpc.Status` with a message alone, as OTLP/HTTP wants errors to be told. */
export function renderStatus(encoding: WireEncoding, message: string): string | Uint8Array {
  if (encoding === 'json') return JSON.stringify({ message });
  const text = new TextEncoder().encode(message);
  // Field 2, length-delimited. Our messages are short, but a length of 128 and more takes two bytes.
  const length = text.length < 0x80 ? [text.length] : [(text.length & 0x7f) | 0x80, text.length >> 7];
  return new Uint8Array([0x12, ...length, ...text]);
}
