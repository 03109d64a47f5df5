import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { createAssembler } from './assemble.ts';

const TRACE = ['Traceback (most recent call last):', '  File "a.py", line 1, in f', '    g()', 'app.Refused: no row'];

function assemble(lines: readonly string[]): string[] {
  const assembler = createAssembler([], DEFAULT_LIMITS);
  const frames = lines.map((text, i) => ({ text, position: { number: i + 1 }, byteLength: text.length }));
  return [...frames.flatMap((frame) => assembler.push(frame)), ...assembler.end()]
    .map(({ text }) => text)
    .filter((text) => text !== '');
}

describe('a Python trace between records', () => {
  it('is one record, down to the exception', () => {
    expect(assemble(['{"a":1}', ...TRACE, '{"a":2}'])).toEqual(['{"a":1}', TRACE.join('\n'), '{"a":2}']);
  });

  it('ends with its exception: the next line is another text', () => {
    expect(assemble([...TRACE, 'Server started'])).toEqual([TRACE.join('\n'), 'Server started']);
  });

  it('goes on over a link to the trace of another exception', () => {
    const link = 'During handling of the above exception, another exception occurred:';
    expect(assemble([...TRACE, '', link, '', ...TRACE, 'next'])).toEqual([
      [...TRACE, '', link, '', ...TRACE].join('\n'),
      'next',
    ]);
  });

  it('begins anew with a head that nothing links to the trace before', () => {
    expect(assemble([...TRACE, ...TRACE])).toEqual([TRACE.join('\n'), TRACE.join('\n')]);
  });

  it('is not carried on by a record that stands in it', () => {
    expect(assemble([...TRACE.slice(0, 2), '{"a":1}', 'app.Refused: no row'])).toEqual([
      TRACE.slice(0, 2).join('\n'),
      '{"a":1}',
      'app.Refused: no row',
    ]);
  });
});
