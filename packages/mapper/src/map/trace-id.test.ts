import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTraceId } from './trace-id.ts';

describe('readTraceId', () => {
  it('reads hexadecimal digits in either case', () => {
    expect(readTraceId({ kind: 'text', text: '48C51A7C0D195E8F' }, 8)).toBe('48c51a7c0d195e8f');
  });

  it('reads the array of byte numbers', () => {
    expect(readTraceId({ kind: 'array', text: '[78,165,4,121,138,21,56,133]' }, 8)).toBe('4ea504798a153885');
  });

  it('takes the all-zero id for none', () => {
    expect(readTraceId({ kind: 'string', text: '0'.repeat(32) }, 16)).toBeUndefined();
    expect(readTraceId({ kind: 'array', text: '[0,0,0,0,0,0,0,0]' }, 8)).toBeUndefined();
  });

  it.each(['', 'xyz', '48c51a7c0d195e8', '48c51a7c0d195e8g', '48c51a7c0d195e8f0'])('refuses the text %s', (text) => {
    expect(readTraceId({ kind: 'text', text }, 8)).toBeUndefined();
  });

  it.each(['[]', '[1,2,3]', '[256,0,0,0,0,0,0,1]', '[-1,0,0,0,0,0,0,1]', '[1.5,0,0,0,0,0,0,1]', '["1",0,0,0,0,0,0,1]'])(
    'refuses the array %s',
    (text) => {
      expect(readTraceId({ kind: 'array', text }, 8)).toBeUndefined();
    },
  );

  it('reads both spellings of any id alike', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 }).filter((id) => id.some((byte) => byte !== 0));
    fc.assert(
      fc.property(bytes, (id) => {
        const hex = [...id].map((byte) => byte.toString(16).padStart(2, '0')).join('');
        expect(readTraceId({ kind: 'array', text: JSON.stringify([...id]) }, 16)).toBe(hex);
        expect(readTraceId({ kind: 'string', text: hex.toUpperCase() }, 16)).toBe(hex);
      }),
    );
  });
});
