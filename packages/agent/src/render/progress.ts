/** How far a run has come. */
export interface Progress {
  readonly readBytes: number;
  /** Bytes of all inputs as they lie there; undefined when that is not known. */
  readonly totalBytes?: number | undefined;
  readonly records: number;
  readonly elapsedMillis: number;
}

/** One line: `42 %  84.0 of 200 MB  31.2 MB/s  512,332 records  4 s left`. */
export function renderProgress({ readBytes, totalBytes, records, elapsedMillis }: Progress): string {
  const perMilli = readBytes / Math.max(1, elapsedMillis);
  const parts = [`${megabytes(perMilli * 1000)} MB/s`, `${records.toLocaleString('en')} records`];
  if (totalBytes === undefined || readBytes > totalBytes) return [`${megabytes(readBytes)} MB`, ...parts].join('  ');
  const percent = totalBytes === 0 ? 100 : Math.floor((100 * readBytes) / totalBytes);
  const left = perMilli > 0 ? (totalBytes - readBytes) / perMilli : 0;
  return [
    `${percent} %`,
    `${megabytes(readBytes)} of ${megabytes(totalBytes)} MB`,
    ...parts,
    `${duration(left)} left`,
  ].join('  ');
}

/** Bytes in megabytes, without the unit. */
export function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}

/** A time as a person says it: `4 s`, `2 min 5 s`. */
export function duration(millis: number): string {
  const seconds = Math.ceil(millis / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
