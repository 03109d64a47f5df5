import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldControl } from './controls.ts';
import { JsonScanner } from './json-scanner.ts';
import { ClassTable, type LineClass } from './line-class.ts';
import { LineValues } from './line-values.ts';

const CONTROLS: Readonly<Record<string, FieldControl>> = {
  level: { identity: true, tests: [] },
  status: { identity: false, tests: [({ text }) => text.startsWith('4'), ({ kind }) => kind === 'string'] },
  empty: { identity: false, tests: [] },
};

/** Gives the class of a line, as the lane asks for it. */
function classes(): { readonly of: (line: string) => LineClass | undefined; readonly tidy: () => void } {
  const scanner = new JsonScanner((_space, field) => (Object.hasOwn(CONTROLS, field) ? CONTROLS[field] : undefined));
  const values = new LineValues(scanner);
  const table = new ClassTable(values);
  return {
    of(line) {
      const bytes = new TextEncoder().encode(line);
      const shape = scanner.scan(bytes, 0, bytes.length);
      if (!shape) throw new Error(`no shape: ${line}`);
      values.take(bytes, shape);
      return table.find(shape);
    },
    tidy() {
      scanner.tidy();
      table.tidy();
    },
  };
}

describe('ClassTable', () => {
  it('gives lines that differ in free values only one class', () => {
    const { of } = classes();
    const first = of('{"level":"info","status":"404","free":"a"}');
    expect(of('{"level":"info","status":"499","free":"bcd"}')).toBe(first);
    expect(of('{"level":"warn","status":"404","free":"a"}')).not.toBe(first);
    expect(of('{"level":"info","status":"200","free":"a"}')).not.toBe(first);
    expect(of('{"level":"info","status":404,"free":"a"}')).not.toBe(first);
    expect(of('{"level":"info","free":"a","status":"404"}')).not.toBe(first);
    expect(of('{"level":"info","status":"404","free":"a"}')).toBe(first);
  });

  it('tells lines apart by what decides, and by nothing else', () => {
    const { of } = classes();
    const nameOf = new Map<LineClass, string>();
    const values = fc.record({
      level: fc.stringMatching(/^[ab]{1,3}$/),
      status: fc.constantFrom<string | number | null>('4', '5', 4, 5, null),
      free: fc.stringMatching(/^[a-c]{1,2}$/),
      empty: fc.stringMatching(/^[a-c]{1,2}$/),
    });
    fc.assert(
      fc.property(values, (record) => {
        const found = of(JSON.stringify(record));
        const { level, status } = record;
        const answers = status === null ? [] : [String(status).startsWith('4'), typeof status];
        const name = JSON.stringify([level, status === null, answers]);
        if (found) expect(nameOf.get(found) ?? name).toBe(name);
        if (found) nameOf.set(found, name);
      }),
      { numRuns: 500 },
    );
    expect(new Set(nameOf.values()).size).toBe(nameOf.size);
  });

  it('has room for so many, and for others when it is tidied', () => {
    const { of, tidy } = classes();
    const known = Array.from({ length: 6000 }, (_, index) => of(`{"level":"level ${index}"}`));
    expect(known.filter((one) => one !== undefined).length).toBeLessThan(5000);
    expect(of('{"level":"another one"}')).toBeUndefined();
    tidy();
    expect(of('{"level":"another one"}')).toBeDefined();
  });

  it('leaves values to the ordinary way that are too long to be kept', () => {
    expect(classes().of(`{"level":"${'x'.repeat(300)}"}`)).toBeUndefined();
  });
});
