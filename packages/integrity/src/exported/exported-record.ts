/** A log record that came back out of a backend, as far as evidence goes. */
export interface ExportedRecord {
  /** `log.file.path`; empty when the record is from no file. */
  readonly path: string;
  /** `log.file.record_offset`. */
  readonly offset?: number;
  /** `log.file.record_number`. */
  readonly number?: number;
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  /** `cryptrail.product`; absent for text of no known product. */
  readonly product?: string;
  /** `cryptrail.source.format`. */
  readonly format?: string;
  /** `log.record.original`, which is left out when the body is the same. */
  readonly text?: string;
  /** The body of a record that could be read. */
  readonly body?: string;
  /** Redaction changed the text. */
  readonly redacted: boolean;
  /** `cryptrail.evidence.digest`. */
  readonly digest?: string;
  /** `log.record.uid`. */
  readonly uid?: string;
  /** `cesecore.node.id` and `cesecore.sequence_number`. */
  readonly node?: string;
  readonly sequence?: bigint;
  /** It was raised by Cryptrail itself: no source holds it. */
  readonly internal: boolean;
}
