import { duration, megabytes } from './progress.ts';

/** How far an agent is behind. */
export interface Drain {
  readonly delivered: number;
  readonly recordsPerSecond: number;
  /** Bytes that are known to wait. */
  readonly backlogBytes: number;
  /** How fast they become fewer. */
  readonly bytesPerSecond: number;
}

/** One line: `512,332 records delivered  8,120/s  84.0 MB to go  12 s left`. */
export function renderDrain({ delivered, recordsPerSecond, backlogBytes, bytesPerSecond }: Drain): string {
  const parts = [
    `${delivered.toLocaleString('en')} records delivered`,
    `${Math.round(recordsPerSecond).toLocaleString('en')}/s`,
  ];
  if (backlogBytes > 0) parts.push(`${megabytes(backlogBytes)} MB to go`);
  if (backlogBytes > 0 && bytesPerSecond >= 1) parts.push(`${duration((backlogBytes / bytesPerSecond) * 1000)} left`);
  return parts.join('  ');
}
