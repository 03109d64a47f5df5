/** The command line was used wrongly. Ends with status 2 and its message, one line; nothing has been read or written yet. */
export class Misuse extends Error {
  readonly code = 'misuse';

  /** @param hint What to do instead, e.g. the nearest right word; put behind the message. */
  constructor(message: string, hint?: string) {
    super(hint === undefined ? message : `${message} ${hint}`);
    this.name = 'Misuse';
  }
}

/** An operation that the operator asked for cannot go on, through no fault of the input: status 1 and the message. */
export class Failure extends Error {
  readonly code = 'failure';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Failure';
  }
}
