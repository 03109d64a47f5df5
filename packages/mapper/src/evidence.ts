import type { AttributeValue, FieldValue, Frame, Recognition } from './records.ts';

/** Where an input comes from, for the position attributes. */
export interface InputName {
  /** `log.file.name`. */
  readonly name?: string;
  /** `log.file.path`. */
  readonly path?: string;
}

/** Something that the evidence in a log gave away. It becomes a record of its own, before the record at which it showed. */
export interface EvidenceFinding {
  /** Name of an event of a product whose kind is `internal`. */
  readonly event: string;
  /** What was found, without any text out of the log. */
  readonly message: string;
  /** Values for the fields of that product. */
  readonly fields: ReadonlyMap<string, FieldValue>;
}

/** What the evidence says of one record: the value of `cryptrail.integrity.status`, and what is to be said besides. */
export interface EvidenceVerdict {
  readonly status?: string;
  /** Further attributes of the record. */
  readonly attributes?: ReadonlyMap<string, AttributeValue>;
  readonly findings: readonly EvidenceFinding[];
}

/** Plain JSON, as it is saved with a position. */
export type SavedState =
  | null
  | boolean
  | number
  | string
  | readonly SavedState[]
  | { readonly [key: string]: SavedState };

/** Verifies the evidence that products put into their own records. Plugged into the pipeline, which calls it before anything is redacted. */
export interface Evidence {
  /** Called for every record, in order within its input, which is one object from its beginning to its end. `recognition` is absent for what is no record of a known product. */
  check(frame: Frame, recognition: Recognition | undefined, input: InputName): EvidenceVerdict;
  /** What can only be said when everything has been read. */
  finish(): readonly EvidenceFinding[];
  /** Where the evidence of an input stands behind its latest record; to be saved with the position, and as a secret. Undefined: nowhere. */
  snapshot?(input: InputName): SavedState | undefined;
  /** Goes on with an input where a snapshot was taken. Never throws: what it cannot read it passes over. */
  resume?(input: InputName, state: SavedState): void;
}
