import { createFramer } from '../decode/frame.ts';
import type { Frame } from '../records.ts';
import type { Entry, Form } from './form.ts';

/** Plain lines, each of which may stand in a wrapper of its own. What is no other form is this. */
export const lines: Form = {
  id: 'lines',
  sniff: () => true,
  anyEncoding: true,
  open({ maxLineBytes }, encoding, from) {
    const framer = createFramer(maxLineBytes, encoding, from);
    return {
      get next() {
        return framer.next;
      },
      encodingBefore: framer.encodingBefore,
      push: (chunk) => entriesOf(framer.push(chunk)),
      offer: (chunk, taker) => framer.offer(chunk, taker),
      settle: () => entriesOf(framer.settle()),
      end: () => entriesOf(framer.end()),
    };
  },
};

function entriesOf(frames: readonly Frame[]): Entry[] {
  const entries: Entry[] = [];
  for (const frame of frames) entries.push({ kind: 'line', frame });
  return entries;
}
