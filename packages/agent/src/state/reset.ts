import type { PositionStore } from './position-store.ts';

/** Forgets the positions that are wanted to be forgotten, and says how many there were. */
export function resetPositions(
  store: Pick<PositionStore, 'table' | 'save'>,
  isWanted: (source: string, stream: string) => boolean,
): number {
  const changes = [...store.table].flatMap(([source, streams]) =>
    [...streams.keys()]
      .filter((stream) => isWanted(source, stream))
      .map((stream) => ({ source, stream, position: undefined })),
  );
  store.save(changes);
  return changes.length;
}
