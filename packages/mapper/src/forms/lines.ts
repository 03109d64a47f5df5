import { createFramer } from '../decode/frame.ts';
import type { Form } from './form.ts';

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
      push: (chunk) => framer.push(chunk).map((frame) => ({ kind: 'line', frame })),
      end: () => framer.end().map((frame) => ({ kind: 'line', frame })),
    };
  },
};
