/** Where delivery can be killed, in the order in which a record passes. */
export const STAGES = {
  creating: 'while the state is made',
  read: 'after records were read, before a request with them goes off',
  sent: 'after a request went off, before the backend has answered',
  answered: 'after the backend has kept the records, before the agent sees its answer',
  acknowledged: 'after the answer, before the position is saved',
  saving: 'in the middle of saving the position',
  saved: 'right after the position was saved',
  copying: 'before the copy of the positions takes the place of the former',
} as const;

/** A stage of delivery. */
export type Stage = keyof typeof STAGES;
