import { changedFrame } from '../decode/read-frame.ts';
import type { Frame } from '../records.ts';

/** A line and its next piece; what is over the limit is left out at no cost. */
export function joinPieces(begun: Frame, frame: Frame, maxLineBytes: number): Frame {
  const room = Math.max(0, maxLineBytes - begun.text.length);
  const truncated = begun.truncated || frame.truncated || frame.text.length > room;
  return changedFrame(begun, {
    text: room === 0 ? begun.text : begun.text + frame.text.slice(0, room),
    byteLength: begun.byteLength + frame.byteLength,
    lastNumber: frame.position.number,
    ...(truncated ? { truncated } : {}),
  });
}
