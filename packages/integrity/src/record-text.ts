import { type Frame, originalText, type Recognition } from '@cryptrail/mapper';

const encoder = new TextEncoder();

/**
 * The bytes that stand for a record in digests: its text in UTF-8, as `log.record.original` has it when nothing is redacted. The bytes as they were
 * read where they are no UTF-8, so that no two of them are taken for one.
 */
export function recordBytes(frame: Frame, recognition: Recognition | undefined): Uint8Array {
  const text = recognition ? originalText(recognition) : frame.text;
  if (frame.bytes && !frame.unwrapped && text === frame.text && text.includes('\ufffd')) return frame.bytes;
  return encoder.encode(text);
}
