import { visibleJson } from '../render/visible.ts';

/** Writes a JSON list item by item, one to a line, so that it need not fit into memory. */
export interface JsonList {
  /** @param json A finished JSON text on one line. */
  readonly add: (json: string) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** A list that is written as it grows. */
export function createJsonList(write: (text: string) => Promise<void>): JsonList {
  let empty = true;
  return {
    add: async (json) => {
      await write(`${empty ? '[\n' : ',\n'}${visibleJson(json)}`);
      empty = false;
    },
    end: () => write(empty ? '[]\n' : '\n]\n'),
  };
}
