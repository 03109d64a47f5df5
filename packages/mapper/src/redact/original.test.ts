import { describe, expect, it } from 'vitest';
import { redactOriginal, removeSecrets } from './original.ts';

describe('redactOriginal', () => {
  it('replaces a secret and leaves the rest as it was', () => {
    expect(redactOriginal('{"a":"s3cr3t","b":1}', new Set(['s3cr3t']))).toBe('{"a":"REDACTED","b":1}');
  });

  it.each([
    ['quotes and control signs', 'a"b\nc', '{"k":"a\\"b\\nc"}'],
    ['letters beyond ASCII as escapes', 'schlüssel', '{"k":"schl\\u00fcssel"}'],
    ['HTML signs as escapes', 'a<b&c', '{"k":"a\\u003cb\\u0026c"}'],
  ])('finds a secret that was written with %s', (_, secret, original) => {
    expect(redactOriginal(original, new Set([secret]))).toBe('{"k":"REDACTED"}');
  });

  it('keeps the whole line back when the spelling of a secret is not known', () => {
    expect(redactOriginal('{"k":"\\u0073ecret"}', new Set(['secret']))).toBe('REDACTED');
  });
});

describe('removeSecrets', () => {
  it('takes a secret out wherever else it is quoted', () => {
    expect(removeSecrets('login with hunter22 failed', new Set(['hunter22']))).toBe('login with REDACTED failed');
  });

  it('leaves text alone when the secret is too short to mean anything', () => {
    expect(removeSecrets('a fine day', new Set(['a']))).toBe('a fine day');
  });
});
