/** What was wrong with something a user handed in. */
export type CatalogueErrorCode =
  | 'wrong_type'
  | 'unknown_key'
  | 'missing_key'
  | 'wrong_value'
  | 'wrong_product'
  | 'unknown_event'
  | 'event_exists'
  | 'ambiguous_code'
  | 'rule_exists'
  | 'reserved_name';

/** Thrown for misuse only: an overlay that cannot be applied. The message says where, what was found and what was expected. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError';
  readonly code: CatalogueErrorCode;
  /** Where in the overlay, e.g. `changes["acra.general.error"].priority`. */
  readonly path: string;

  constructor(code: CatalogueErrorCode, path: string, message: string) {
    super(path === '' ? message : `${path}: ${message}`);
    this.code = code;
    this.path = path;
  }
}
