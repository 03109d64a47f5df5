import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { renderTable } from './table.ts';
import { fit, pad, widthOf } from './width.ts';

const COLUMNS = [{ title: 'N', align: 'right' }, { title: 'NAME', most: 6 }, { title: 'TEXT' }] as const;

describe('renderTable', () => {
  it('aligns columns and leaves the last one whole without a terminal', () => {
    expect(
      renderTable(COLUMNS, [
        ['1', 'a', 'short'],
        ['20', 'abcdefgh', 'x'.repeat(40)],
      ]),
    ).toBe([' N  NAME    TEXT', ' 1  a       short', `20  abcde…  ${'x'.repeat(40)}`, ''].join('\n'));
  });

  it('fits every line into the width of the terminal, wide letters counted double', () => {
    const table = renderTable(COLUMNS, [['1', '日本語', '鍵'.repeat(30)]], { width: 30 });
    for (const line of table.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(30);
    expect(table).toContain('日本語');
  });

  it('overflows no terminal, however narrow', () => {
    const table = renderTable(COLUMNS, [['1', 'abcdef', 'text']], { width: 8 });
    for (const line of table.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(8);
  });

  it('shows control characters and keeps one row to one line', () => {
    const table = renderTable([{ title: 'T' }], [['a\nb\u001b[2J']]);
    expect(table).toBe('T\na\\nb\\e[2J\n');
  });
});

describe('fit', () => {
  it('cuts between whole characters', () => {
    expect(fit('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 5)).toBe('👩‍👩‍👧‍👦👩‍👩‍👧‍👦…');
    expect(fit('abc', 3)).toBe('abc');
    expect(fit('abcd', 3)).toBe('ab…');
    expect(fit('abcd', 0)).toBe('');
  });

  it('does not measure what it will cut anyway', () => {
    const millis = cpuMillis(() => {
      expect(fit('é'.repeat(1_000_000), 20)).toBe(`${'é'.repeat(19)}…`);
    });
    expect(millis).toBeLessThan(3_000);
  });

  it('pads by columns, not by letters', () => {
    expect(pad('鍵', 4)).toBe('鍵  ');
    expect(pad('7', 3, 'right')).toBe('  7');
  });
});
