/** What stands in the way of the agent's work, each thing by a name. */
export class Health {
  readonly #problems = new Map<string, string>();

  /** Sets what is wrong with something; undefined: nothing any more. */
  set(name: string, problem: string | undefined): void {
    if (problem === undefined) this.#problems.delete(name);
    else this.#problems.set(name, problem);
  }

  /** Forgets everything: what it was about has ended. */
  clear(): void {
    this.#problems.clear();
  }

  /** Nothing is wrong: records are read, delivered and remembered. */
  get isReady(): boolean {
    return this.#problems.size === 0;
  }

  /** What is wrong, one sentence each. */
  get problems(): readonly string[] {
    return [...this.#problems].map(([name, problem]) => `${name}: ${problem}`);
  }
}
