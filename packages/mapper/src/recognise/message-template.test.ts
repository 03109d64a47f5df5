import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate, indexTemplates, matchTemplate } from './message-template.ts';

const match = (template: string, message: string) => {
  const captures = matchTemplate(compileTemplate(template), message);
  return captures && Object.fromEntries(captures);
};

describe('matchTemplate', () => {
  it('matches a text without gaps only as a whole', () => {
    expect(match('Use sni', 'Use sni')).toEqual({});
    expect(match('Use sni', 'Use sni.')).toBeUndefined();
  });

  it('captures what stands in named gaps', () => {
    expect(match('Starting service {service} [pid={pid}]', 'Starting service acra-server [pid=42]')).toEqual({
      service: 'acra-server',
      pid: '42',
    });
  });

  it('lets a nameless gap stand for any text, also none', () => {
    expect(match('a {} b', 'a  b')).toEqual({});
  });

  it('ties the last literal to the end of the message', () => {
    expect(match("Denied query: '{sql}'", "Denied query: 'select ''x'''")).toEqual({ sql: "select ''x''" });
    expect(match("Denied query: '{sql}'", "Denied query: 'select")).toBeUndefined();
  });

  it('reads a doubled brace as a brace and an open one as text', () => {
    expect(match('{{x} {name', '{x} {name')).toEqual({});
  });

  it('finds again what was put into the gaps', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 6 });
    fc.assert(
      fc.property(plain, plain, (first, second) => {
        expect(match('<{one}|{two}>', `<${first}|${second}>`)).toEqual({ one: first, two: second });
      }),
    );
  });

  it('needs no more than one walk over a hostile message', () => {
    const template = compileTemplate('a{}a{}a{}a{}a{}b');
    expect(matchTemplate(template, 'a'.repeat(200_000))).toBeUndefined();
  });
});

describe('indexTemplates', () => {
  const index = indexTemplates([
    ['{}', 'anything'],
    ['Cannot load {what}', 'cannot'],
    ['Cannot load master key', 'exact'],
    ['Cannot load master {}', 'longer'],
  ]);
  const find = (message: string, accept: (value: string) => boolean = () => true) => index.find(message, accept)?.value;

  it('prefers an exact text, then the template with the most literal text', () => {
    expect(find('Cannot load master key')).toBe('exact');
    expect(find('Cannot load master plan')).toBe('longer');
    expect(find('Cannot load file')).toBe('cannot');
    expect(find('else')).toBe('anything');
  });

  it('passes over what is not accepted', () => {
    expect(find('Cannot load master key', (value) => value !== 'exact')).toBe('longer');
  });

  it('is not fooled by names that every object has', () => {
    expect(indexTemplates<string>([]).find('__proto__', () => true)).toBeUndefined();
    expect(indexTemplates<string>([]).find('constructor', () => true)).toBeUndefined();
  });
});
