/** Statements that stand together, with the reason in words. Becomes one statement group of a transform processor. */
export interface Block {
  /** One line for the reader of the pack. */
  readonly comment: string;
  readonly context?: 'resource';
  /** The statements run on records for which one of these holds; default: on all. */
  readonly conditions?: readonly string[];
  readonly statements: readonly string[];
}
