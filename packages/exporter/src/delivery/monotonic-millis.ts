/** Milliseconds of a clock that nobody sets: `performance.now()`, without the module of Node.js that is loaded when it is asked for `performance`. */
export function monotonicMillis(): number {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1e3 + nanos / 1e6;
}
