/** Why something could not be set up. */
export type ExporterErrorCode = 'invalid_option' | 'missing_package' | 'spool_in_use';

/** Misuse by the programmer or the operator, found while setting up. Once set up, nothing throws. */
export class ExporterError extends Error {
  override readonly name = 'ExporterError';
  /** Stable; tells the cases apart also across copies of this package. */
  readonly code: ExporterErrorCode;

  constructor(code: ExporterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
