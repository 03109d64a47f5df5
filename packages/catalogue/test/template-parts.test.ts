import { describe, expect, it } from 'vitest';
import { templateParts } from './template-parts.ts';

describe('templateParts', () => {
  it('takes a template apart', () => {
    expect(templateParts('from {path} ({}), {{sic')).toEqual({
      literals: ['from ', ' (', '), {sic'],
      gaps: ['path', ''],
      faults: [],
    });
  });

  it.each(['{', '{a', '{Ab}', '{a}{b}', '{a} - {a}', '{}', ''])('finds fault with %j', (template) => {
    expect(templateParts(template).faults).not.toEqual([]);
  });
});
