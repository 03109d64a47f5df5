import { describe, expect, it } from 'vitest';
import { rawObjects } from './raw-json.ts';

describe('rawObjects', () => {
  it('shows keys that JSON.parse would drop or move', () => {
    expect(rawObjects('{"b":1,"1":{"x":[{"y":"}"}]},"b":"a\\"{"}')).toEqual([
      { path: '', keys: ['b', '1', 'b'] },
      { path: '/1', keys: ['x'] },
      { path: '/1/x/', keys: ['y'] },
    ]);
  });

  it('takes no value for a key', () => {
    expect(rawObjects('{"a":["b","c"],"d":"e"}')).toEqual([{ path: '', keys: ['a', 'd'] }]);
  });
});
