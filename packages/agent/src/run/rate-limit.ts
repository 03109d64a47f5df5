/**
 * Holds records to a rate. Time not used is saved up for one second at most.
 *
 * @param perSecond Records a second.
 * @param now Milliseconds of a clock that never goes back.
 * @returns Takes a number of records, and gives the milliseconds after which they may go on.
 */
export function createRateLimit(perSecond: number, now: () => number): (records: number) => number {
  let dueMillis = now();
  return (records) => {
    const wait = Math.max(0, dueMillis - now());
    dueMillis = Math.max(dueMillis, now() - 1000) + (records / perSecond) * 1000;
    return wait;
  };
}
