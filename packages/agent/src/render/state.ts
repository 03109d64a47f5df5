import type { Position } from '../sources/source.ts';
import { visible } from './visible.ts';

/** Where the agent is in its sources. */
export interface StateReport {
  readonly directory: string;
  /** An agent uses the directory now. */
  readonly running: boolean;
  readonly pid?: number;
  readonly positions: readonly { readonly source: string; readonly stream: string; readonly position: Position }[];
}

/** The state for people: a block for each source. Ends with a line break. */
export function renderState({ directory, running, pid, positions }: StateReport): string {
  const agent = running ? `an agent runs${pid === undefined ? '' : ` (process ${pid})`}` : 'no agent runs';
  const lines = [`${directory}: ${agent}`];
  let source: string | undefined;
  for (const one of positions) {
    if (one.source !== source) lines.push('', one.source);
    source = one.source;
    lines.push(`  ${one.stream}  ${JSON.stringify(one.position)}`);
  }
  if (positions.length === 0) lines.push('', 'no positions');
  return `${lines.map(visible).join('\n')}\n`;
}
