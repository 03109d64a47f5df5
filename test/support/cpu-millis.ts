/**
 * What some work costs in milliseconds of computing, not of waiting for a busy machine. For tests that tell linear time from quadratic or worse,
 * whose ceilings are thirty times what the work needs and more, and a fraction of what it would need if it grew with the square.
 */
export function cpuMillis(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
