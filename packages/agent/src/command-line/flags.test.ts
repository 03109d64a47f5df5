import { describe, expect, it } from 'vitest';
import { type FlagRules, readArguments } from './flags.ts';
import { Misuse } from './misuse.ts';

const RULES = {
  output: { kind: 'value', choices: ['otlp-json', 'table'], help: '' },
  'out-file': { kind: 'value', placeholder: 'FILE', help: '' },
  level: { kind: 'list', help: '' },
  rows: { kind: 'paths', placeholder: 'FILE', help: '' },
  json: { kind: 'switch', help: '' },
} as const satisfies FlagRules;

const read = (...written: string[]) => readArguments(written, RULES);

describe('readArguments', () => {
  it('tells flags from words wherever they stand', () => {
    const { flags, words } = read('a.log', '--output', 'table', 'b.log', '--json');
    expect(words).toEqual(['a.log', 'b.log']);
    expect(flags).toMatchObject({ output: 'table', json: true, level: [] });
    expect(flags['out-file']).toBeUndefined();
  });

  it('takes --output with the name of a switch for a form, in commands without forms of their own', () => {
    const rules = { json: { kind: 'switch', help: '' }, other: { kind: 'switch', help: '' } } as const;
    expect(readArguments(['--output', 'json'], rules).flags).toEqual({ json: true, other: false });
    expect(readArguments(['--output=JSON'], rules).flags.json).toBe(true);
    expect(() => readArguments(['--output', 'other'], rules)).toThrow(/--output knows no "other"; it takes json/);
    expect(() => readArguments(['--output'], rules)).toThrow(/--output needs a value: --output json/);
    expect(() => readArguments(['--output', 'json'], { other: rules.other })).toThrow(/Unknown flag --output/);
  });

  it('takes everything behind -- and a lone - as words', () => {
    expect(read('-', '--', '--json').words).toEqual(['-', '--json']);
  });

  it('splits comma lists, blanks allowed, and joins repeated ones', () => {
    expect(read('--level', 'warning, error', '--level=fatal').flags.level).toEqual(['warning', 'error', 'fatal']);
  });

  it('takes a path as it is, commas and blanks included, and repeated ones in order', () => {
    expect(read('--rows', 'a, b.csv', '--rows=c,d.csv').flags.rows).toEqual(['a, b.csv', 'c,d.csv']);
    expect(read().flags.rows).toEqual([]);
    expect(() => read('--rows')).toThrow(/--rows needs a value: --rows FILE/);
  });

  it('reads choices in any case and gives them as declared', () => {
    expect(read('--output', 'OTLP-JSON').flags.output).toBe('otlp-json');
  });

  it('names the nearest right flag for an unknown one', () => {
    expect(() => read('--ouput', 'table')).toThrow(new Misuse('Unknown flag --ouput. Did you mean --output?'));
    expect(() => read('-x')).toThrow(new Misuse('Unknown flag -x. See --help.'));
  });

  it('refuses a flag without its value, also when the next flag stands in its place', () => {
    const missing = new Misuse('--out-file needs a value: --out-file FILE.');
    expect(() => read('--out-file')).toThrow(missing);
    expect(() => read('--out-file', '--json')).toThrow(missing);
    expect(() => read('--out-file=')).toThrow(missing);
    expect(read('--out-file=--json').flags['out-file']).toBe('--json');
  });

  it('refuses a value that is not listed, an empty entry, and a value for a switch', () => {
    expect(() => read('--output', 'tabel')).toThrow(/takes otlp-json, table\. Did you mean table\?/);
    expect(() => read('--level', 'info,,warn')).toThrow(/empty entry/);
    expect(() => read('--json=yes')).toThrow(new Misuse('--json takes no value.'));
  });

  it('is not misled by flags named like members of every object', () => {
    expect(() => read('--__proto__', 'x')).toThrow(Misuse);
    expect(() => read('--constructor=x')).toThrow(Misuse);
  });
});
