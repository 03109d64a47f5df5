import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { redactUrl } from './url.ts';

const SECRET = ['token', 'password', 'api_key'];

describe('redactUrl', () => {
  it.each([
    ['https://u:s@host/x', 'https://REDACTED:REDACTED@host/x'],
    ['https://s@host/x', 'https://REDACTED@host/x'],
    ['redis://:s@host:6379/0', 'redis://REDACTED:REDACTED@host:6379/0'],
    ['postgres://u:s@s@host/db', 'postgres://REDACTED:REDACTED@host/db'],
    ['postgres://u:s/s@host/db', 'postgres://REDACTED:REDACTED@host/db'],
    ['see a://u:s@h and b://v:s@i', 'see a://REDACTED:REDACTED@h and b://REDACTED:REDACTED@i'],
    ['/cb#token=s&x=1', '/cb#token=REDACTED&x=1'],
    ['/a?x=1;token=s', '/a?x=1;token=REDACTED'],
    ['/a?api%5Fkey=s', '/a?api%5Fkey=REDACTED'],
    ['/a?PASSWORD=s', '/a?PASSWORD=REDACTED'],
    ['/a?token=a=b==&x=1', '/a?token=REDACTED&x=1'],
    ['/a?%zz=1&token=s', '/a?%zz=1&token=REDACTED'],
    ['got (/a?token=s), twice', 'got (/a?token=REDACTED), twice'],
  ])('takes the secrets out of %j', (text, clean) => {
    expect(redactUrl(text, SECRET)).toBe(clean);
  });

  it.each([
    'https://host:8080/path/@user?x=1',
    'https://[2001:db8::1]:443/@a',
    'https://example.org/a:b@c',
    'mail to ops@example.org about a://b',
    '/a?tokens=1&mytoken2=3&token=',
    'a=b&c',
    '://',
    'x://@',
  ])('leaves %j as it is', (text) => {
    expect(redactUrl(text, SECRET)).toBe(text);
  });

  it('changes nothing when applied again', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ':', '/', '://', '@', '?', '&', 'token', '=', ' ', '%', '.') });
    fc.assert(
      fc.property(text, (dirty) => {
        const once = redactUrl(dirty, SECRET);
        expect(redactUrl(once, SECRET)).toBe(once);
      }),
    );
  });

  it.each(['x://b:c/', '://', '?token', 'a=&', ';token=', '@', 'u:p@x://'])(
    'needs no more than linear time for %j',
    (unit) => {
      const millis = cpuMillis(() => {
        redactUrl(unit.repeat(100_000), SECRET);
      });
      expect(millis).toBeLessThan(3_000);
    },
  );
});
