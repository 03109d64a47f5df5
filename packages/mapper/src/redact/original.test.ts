import { describe, expect, it } from 'vitest';
import { locateMembers } from '../decode/json.ts';
import { redactOriginal, removeSecrets } from './original.ts';

/** Secrets of a line that is no JSON, or that stood outside fields of their own. */
const loose = (secrets: readonly (readonly [string, string])[]) => ({
  secrets: new Map(secrets),
  secretFields: new Map<string, string>(),
});
/** Secrets that were the whole value of a field. */
const inFields = (fields: Readonly<Record<string, string>>) => ({
  secrets: new Map(Object.values(fields).map((text) => [text, 'REDACTED'])),
  secretFields: new Map(Object.entries(fields)),
});

describe('redactOriginal', () => {
  it('replaces a secret and leaves the rest as it was', () => {
    expect(redactOriginal('{"a":"s3cr3t","b":1}', loose([['s3cr3t', 'REDACTED']]), undefined)).toBe(
      '{"a":"REDACTED","b":1}',
    );
  });

  it.each([
    ['quotes and control signs', 'a"b\nc', '{"k":"a\\"b\\nc"}'],
    ['letters beyond ASCII as escapes', 'schlüssel', '{"k":"schl\\u00fcssel"}'],
    ['HTML signs as escapes', 'a<b&c', '{"k":"a\\u003cb\\u0026c"}'],
    ['line separators as escapes', 'a\u2028b', '{"k":"a\\u2028b"}'],
    ["Go's quotes", 'a"b\x1bc\x07', '{"k":"a\\"b\\x1bc\\a"}'],
    ['the signs of CEF escaped', 'a=b|c\\', '{"k":"a\\=b\\|c\\\\"}'],
  ])('finds a secret that was written with %s', (_, secret, original) => {
    expect(redactOriginal(original, loose([[secret, 'REDACTED']]), undefined)).toBe('{"k":"REDACTED"}');
  });

  it('writes what stands for a text in the spelling of the line', () => {
    const secrets = loose([["a = 'x'", 'a = "?"']]);
    expect(redactOriginal("m|a \\= 'x'|", secrets, undefined)).toBe('m|a \\= "?"|');
  });

  it('keeps the whole line back when the spelling of a secret is not known', () => {
    expect(redactOriginal('{"k":"\\u0073ecret"}', loose([['secret', 'REDACTED']]), locateMembers)).toBe('REDACTED');
  });

  it('finds the fields of a JSON line by name, however name and value are spelled', () => {
    const original = '{"\\u006b": "\\u0073ecret", "k":"secret","t":"the secret"}';
    expect(redactOriginal(original, inFields({ k: 'secret' }), locateMembers)).toBe(
      '{"\\u006b": "REDACTED", "k":"REDACTED","t":"the REDACTED"}',
    );
  });

  it('leaves the rest alone when the value of a secret field is a common text', () => {
    const original = '{"at":"2020-12-20","old":20,"new":true,"ok":true}';
    expect(
      redactOriginal(original, { ...inFields({ old: '20', new: 'true' }), secrets: new Map() }, locateMembers),
    ).toBe('{"at":"2020-12-20","old":"REDACTED","new":"REDACTED","ok":true}');
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
