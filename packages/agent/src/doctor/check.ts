/** What was looked at, and how it is. */
export interface Check {
  readonly name: string;
  /** `bad`: the agent cannot work, or would lose something. `odd`: it works, but a person should look. */
  readonly verdict: 'good' | 'odd' | 'bad';
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** A check that found nothing wrong. */
export function good(name: string, message: string): Check {
  return { name, verdict: 'good', message };
}

/** A check that found something, with what to do. */
export function found(name: string, verdict: 'odd' | 'bad', message: string, advice: string): Check {
  return { name, verdict, message, advice };
}
