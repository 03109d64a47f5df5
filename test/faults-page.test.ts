import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Fault, what happens, file of the test, its name; `–` for the file where the last column says why it is not run. */
const rows = readFileSync('docs/faults.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, fault = '', , file = '', name = '']) => ({ fault, file, name }));

describe('docs/faults.md', () => {
  it('has a row for each of the 43 faults, in order', () => {
    expect(rows.map(({ fault }) => Number(fault))).toEqual(Array.from({ length: 43 }, (_, index) => index + 1));
  });

  it.each(rows.filter(({ file }) => file !== '–'))('names a test of fault $fault that is there', ({ file, name }) => {
    expect(name.length).toBeGreaterThan(10);
    expect(readFileSync(file, 'utf8')).toContain(name);
  });

  it.each(rows.filter(({ file }) => file === '–'))('says why fault $fault is not run', ({ name }) => {
    expect(name.length).toBeGreaterThan(30);
  });
});
