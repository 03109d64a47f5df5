import { describe, expect, it } from 'vitest';
import { readTemplate, templatePattern, templateTests } from './template.ts';

describe('message templates', () => {
  it('are read into literals and gaps', () => {
    expect(readTemplate('a {b} c {} {{d')).toEqual({ literals: ['a ', ' c ', ' {d'], names: ['b', ''] });
  });

  it('become an expression that fits the whole message and captures what is wanted', () => {
    const pattern = templatePattern(readTemplate('Start (pid={pid}) {x}.'), (name) => name === 'pid');
    expect(pattern).toBe('^(?s)Start \\(pid=(?P<pid>.*?)\\) .*\\.$');
  });

  it('are told by the cheap tests first', () => {
    expect(templateTests(readTemplate('a{x}b'), 'p', JSON.stringify)).toEqual([
      'HasPrefix(p, "a")',
      'HasSuffix(p, "b")',
    ]);
    expect(templateTests(readTemplate('whole'), 'p', JSON.stringify)).toEqual(['p == "whole"']);
  });
});
