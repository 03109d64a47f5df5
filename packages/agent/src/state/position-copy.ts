import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Position } from '../sources/source.ts';

const FILE = 'positions.copy.json';
const FORMAT = 1;

/** Positions by source and stream. */
export type PositionTable = Map<string, Map<string, Position>>;

/** A copy of all positions, some time old. */
export interface PositionCopy {
  readonly savedMillis: number;
  readonly table: PositionTable;
}

/** Writes the copy: whole or not at all. */
export async function writeCopy(directory: string, table: PositionTable): Promise<void> {
  const positions = [...table].flatMap(([source, streams]) =>
    [...streams].map(([stream, position]) => [source, stream, position]),
  );
  const path = join(directory, FILE);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ format: FORMAT, savedMillis: Date.now(), positions })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** Reads the copy; undefined when there is none that can be read. */
export async function readCopy(directory: string): Promise<PositionCopy | undefined> {
  try {
    const { format, savedMillis, positions } = JSON.parse(await readFile(join(directory, FILE), 'utf8'));
    if (format !== FORMAT || typeof savedMillis !== 'number' || !Array.isArray(positions)) return undefined;
    const table: PositionTable = new Map();
    for (const [source, stream, position] of positions) {
      const streams = table.get(String(source)) ?? new Map<string, Position>();
      table.set(String(source), streams.set(String(stream), position));
    }
    return { savedMillis, table };
  } catch {
    return undefined;
  }
}
