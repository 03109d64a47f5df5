import { describe, expect, it } from 'vitest';
import { compileCondition, compileConditions } from './condition.ts';

const path = 'log.attributes["_f"]["x"]';

describe('compileCondition', () => {
  it.each([
    [{ field: 'x', present: true }, `${path} != nil`],
    [{ field: 'x', present: false }, `${path} == nil`],
    [{ field: 'x', equals: 'a"b' }, `${path} == "a\\"b"`],
    [{ field: 'x', equals: 'a', fold: true }, `IsString(${path}) and ToLowerCase(Trim(${path})) == "a"`],
    [{ field: 'x', equals: true }, `(${path} == true or (IsString(${path}) and ${path} == "true"))`],
    [{ field: 'x', oneOf: ['a', 'b'] }, `IsString(${path}) and (${path} == "a" or ${path} == "b")`],
    [{ field: 'x', startsWith: 'a' }, `IsString(${path}) and HasPrefix(${path}, "a")`],
    [{ field: 'x', contains: 'a' }, `IsString(${path}) and Index(${path}, "a") >= 0`],
    [{ field: 'x', kinds: ['string', 'int'] as const }, `(IsString(${path}) or IsInt(${path}))`],
  ])('%j', (condition, wanted) => {
    expect(compileCondition(condition)).toBe(wanted);
  });

  it('asks for a whole number before it compares', () => {
    expect(compileCondition({ field: 'x', from: 400 })).toMatch(/IsInt.* and Int\(.*\) >= 400$/);
  });

  it('looks where the rule says, and takes an empty detail for none', () => {
    const detail = 'log.attributes["_d"]["x"]';
    expect(compileCondition({ field: 'x', in: 'details', present: true })).toBe(`${detail} != nil and ${detail} != ""`);
    expect(compileCondition({ field: 'x', in: 'layout', equals: 'a' })).toBe('log.attributes["_l"]["x"] == "a"');
  });

  it('gives nothing for no conditions', () => {
    expect(compileConditions([])).toBeUndefined();
  });
});
