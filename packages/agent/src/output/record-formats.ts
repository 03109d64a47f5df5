/** The forms in which records are written. */
export const RECORD_FORMATS = ['otlp-json', 'ndjson', 'table'] as const;

/** One of {@link RECORD_FORMATS}. */
export type RecordFormat = (typeof RECORD_FORMATS)[number];
