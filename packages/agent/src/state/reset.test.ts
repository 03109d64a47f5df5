import { expect, it } from 'vitest';
import type { PositionChange } from './position-store.ts';
import { resetPositions } from './reset.ts';

it('forgets what is wanted and nothing else', () => {
  const saved: PositionChange[] = [];
  const table = new Map([
    [
      'a',
      new Map([
        ['one', 1],
        ['two', 2],
      ]),
    ],
    ['b', new Map([['one', 3]])],
  ]);
  const count = resetPositions(
    { table, save: (changes) => void saved.push(...changes) },
    (source, stream) => source === 'a' && stream === 'one',
  );
  expect(count).toBe(1);
  expect(saved).toEqual([{ source: 'a', stream: 'one', position: undefined }]);
});
