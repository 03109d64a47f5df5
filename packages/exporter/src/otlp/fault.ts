/** Why a request could not be read. */
export type OtlpErrorCode = 'unsupported_content_type' | 'too_large' | 'too_many_values' | 'too_deep' | 'malformed';

/** A request that could not be read, in words that hold nothing of its content. */
export interface OtlpError {
  readonly code: OtlpErrorCode;
  readonly message: string;
  /** Status with which an HTTP receiver answers. */
  readonly status: 400 | 413 | 415;
}

const STATUS: Readonly<Record<OtlpErrorCode, OtlpError['status']>> = {
  unsupported_content_type: 415,
  too_large: 413,
  too_many_values: 413,
  too_deep: 400,
  malformed: 400,
};

/** Carries an {@link OtlpError} up to the entry of a decoder; never leaves it. */
export class Fault extends Error {
  readonly code: OtlpErrorCode;

  constructor(code: OtlpErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  toError(): OtlpError {
    return { code: this.code, message: this.message, status: STATUS[this.code] };
  }
}

/** Deepest nesting of values: protobuf's own readers stop at 100. */
const MAX_DEPTH = 100;

/** What one request may still cost. A value takes two bytes on the wire and a hundred in memory, so bytes alone are no bound. */
export class Budget {
  #values: number;

  constructor(maxValues: number) {
    this.#values = maxValues;
  }

  /** Accounts for one value at this depth. */
  spend(depth: number): void {
    this.#values -= 1;
    if (this.#values < 0) throw new Fault('too_many_values', 'the request holds more values than the limit allows');
    if (depth > MAX_DEPTH) throw new Fault('too_deep', `values are nested deeper than ${MAX_DEPTH} levels`);
  }
}
