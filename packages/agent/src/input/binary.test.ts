import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { describeBinary } from './binary.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('describeBinary', () => {
  it('names what it knows by its beginning', () => {
    expect(describeBinary(bytes('BZh91AY&SY'))).toBe('bzip2 data, which is not opened; unpack it first');
    expect(describeBinary(bytes('%PDF-1.7\n'))).toBe('a PDF document, not a log in text form');
  });

  it('tells noise from text', () => {
    expect(describeBinary(new Uint8Array(randomBytes(4096)))).toBe('binary data, not a log in text form');
  });

  it('takes as text: nothing, NUL padding, Latin-1, UTF-16, broken UTF-8, coloured lines, journal separators', () => {
    const latin = Buffer.from('Schlüssel für Prüfung geändert\n'.repeat(20), 'latin1');
    const coloured = bytes('\u001b[33mWARN\u001b[0m[0000] started\n'.repeat(20));
    for (const text of [
      new Uint8Array(),
      new Uint8Array(4096),
      new Uint8Array(latin),
      new Uint8Array(Buffer.from('\ufeffGeändert: ключ\n'.repeat(20), 'utf16le')),
      new Uint8Array([...bytes('time=now msg='), 0xff, 0xfe, 0x01, ...bytes(' and more text that is whole\n')]),
      coloured,
      bytes('\u001e{"MESSAGE":"x"}\n'),
    ]) {
      expect(describeBinary(text)).toBeUndefined();
    }
  });
});
