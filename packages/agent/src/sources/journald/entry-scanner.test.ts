import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportOf } from '../../../test/journal.ts';
import { createEntryScanner, type ScannedEntry } from './entry-scanner.ts';

const WANTED = new Set(['_SYSTEMD_UNIT']);

function scan(bytes: Uint8Array, chunk = bytes.length, maxMessageBytes = 1000): ScannedEntry[] {
  const scanner = createEntryScanner(maxMessageBytes, WANTED);
  const entries: ScannedEntry[] = [];
  for (let at = 0; at < bytes.length; at += chunk) entries.push(...scanner.push(bytes.subarray(at, at + chunk)));
  return entries;
}

describe('createEntryScanner', () => {
  it('gives every entry whole, wherever the bytes are cut', () => {
    const value = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.uint8Array({ maxLength: 20 }),
      fc.constant('a\n\n__CURSOR=x\n'),
    );
    const fields = fc.record({
      __CURSOR: fc.stringMatching(/^s=[a-f]{1,8}$/),
      MESSAGE: value,
      OTHER: value,
      _SYSTEMD_UNIT: fc.constant('u'),
    });
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (written, chunk) => {
        const found = scan(exportOf(written), chunk);
        expect(found.map(({ cursor, bytes }) => [cursor, Buffer.from(bytes).toString('hex')])).toEqual(
          written.map((entry) => [entry.__CURSOR, exportOf([entry]).toString('hex')]),
        );
        expect(found.every((entry) => entry.fields.get('_SYSTEMD_UNIT') === 'u')).toBe(true);
      }),
    );
  });

  it('F05 takes any bytes without throwing', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 20 }),
        (bytes, chunk) => void scan(bytes, chunk),
      ),
    );
  });

  it('F05 leaves out long fields, and bounds a message of any length', () => {
    const big = 'x'.repeat(100_000);
    const [text] = scan(exportOf([{ __CURSOR: 's=1', COREDUMP: big, MESSAGE: big, Z: 'z' }]), 4096);
    expect(Buffer.from(text?.bytes ?? []).toString()).toMatch(/^__CURSOR=s=1\nMESSAGE=x{992}\nZ=z\n\n$/);
    const [bytes] = scan(exportOf([{ __CURSOR: 's=1', COREDUMP: `\n${big}`, MESSAGE: `\n${big}`, Z: 'z' }]), 4096);
    expect(Buffer.from(bytes?.bytes ?? []).toString('latin1')).toMatch(
      /^__CURSOR=s=1\nMESSAGE\n[\s\S]{8}\nx{999}\nZ=z\n\n$/,
    );
  });
});
