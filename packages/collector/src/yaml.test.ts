import { describe, expect, it } from 'vitest';
import { toYaml } from './yaml.ts';

describe('toYaml', () => {
  it('writes maps and lists in blocks and short ones on a line', () => {
    expect(toYaml({ a: { b: [1, 2], c: true }, d: [{ e: 'x y', f: ['long '.repeat(30)] }] })).toBe(
      `a: { b: [1, 2], c: true }\nd:\n  - e: 'x y'\n    f:\n      - '${'long '.repeat(30)}'\n`,
    );
  });

  it('doubles dollar signs, which the Collector would substitute, but not those of variables', () => {
    expect(toYaml({ a: '^x$', b: '${env:HOME}' })).toBe("a: '^x$$'\nb: '${env:HOME}'\n");
  });

  it('puts comments before what they are about', () => {
    expect(
      toYaml({ '# 1': 'why', a: [{ '# 2': 'because', b: 'text that is long enough', c: { '# 3': 'x', d: 1 } }] }),
    ).toBe("# why\na:\n  # because\n  - b: 'text that is long enough'\n    c:\n      # x\n      d: 1\n");
  });

  it('writes a text of several lines as it is', () => {
    expect(toYaml({ a: ['x: "1"\n  y', 'z'] })).toBe('a:\n  - |-\n    x: "1"\n      y\n  - z\n');
  });

  it('keeps a line break in a text outside lists', () => {
    expect(toYaml({ a: 'x\ny' })).toBe('a: "x\\ny"\n');
  });

  it('quotes words that YAML reads as something else', () => {
    expect(toYaml({ a: 'no', b: 'true', c: '1', d: "it's" })).toBe("a: 'no'\nb: 'true'\nc: '1'\nd: 'it''s'\n");
  });
});
