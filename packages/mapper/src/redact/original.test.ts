import { describe, expect, it } from 'vitest';
import { redactOriginal, removeSecrets } from './original.ts';

describe('redactOriginal', () => {
  it('replaces a secret and leaves the rest as it was', () => {
    expect(redactOriginal('{"a":"s3cr3t","b":1}', new Map([['s3cr3t', 'REDACTED']]))).toBe('{"a":"REDACTED","b":1}');
  });

  it.each([
    ['quotes and control signs', 'a"b\nc', '{"k":"a\\"b\\nc"}'],
    ['letters beyond ASCII as escapes', 'schlüssel', '{"k":"schl\\u00fcssel"}'],
    ['HTML signs as escapes', 'a<b&c', '{"k":"a\\u003cb\\u0026c"}'],
    ['line separators as escapes', 'a\u2028b', '{"k":"a\\u2028b"}'],
    ["Go's quotes", 'a"b\x1bc\x07', '{"k":"a\\"b\\x1bc\\a"}'],
    ['the signs of CEF escaped', 'a=b|c\\', '{"k":"a\\=b\\|c\\\\"}'],
  ])('finds a secret that was written with %s', (_, secret, original) => {
    expect(redactOriginal(original, new Map([[secret, 'REDACTED']]))).toBe('{"k":"REDACTED"}');
  });

  it('writes what stands for a text in the spelling of the line', () => {
    const secrets = new Map([["a = 'x'", 'a = "?"']]);
    expect(redactOriginal("m|a \\= 'x'|", secrets)).toBe('m|a \\= "?"|');
  });

  it('keeps the whole line back when the spelling of a secret is not known', () => {
    expect(redactOriginal('{"k":"\\u0073ecret"}', new Map([['secret', 'REDACTED']]))).toBe('REDACTED');
  });
});

describe('removeSecrets', () => {
  it('takes a secret out wherever else it is quoted', () => {
    expect(removeSecrets('login with hunter22 failed', new Map([['hunter22', 'REDACTED']]))).toBe(
      'login with REDACTED failed',
    );
  });

  it('leaves text alone when the secret is too short to mean anything', () => {
    expect(removeSecrets('a fine day', new Map([['a', 'REDACTED']]))).toBe('a fine day');
  });
});
