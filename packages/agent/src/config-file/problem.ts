/** Something wrong with a configuration, at a place in its text. Never holds a value that could be a secret. */
export interface ConfigProblem {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly message: string;
}

/** `agent.yaml:4:7: …`, a line for each. */
export function renderProblems(file: string, problems: readonly ConfigProblem[]): string {
  return problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n');
}
