import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { describeBinary } from './binary.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('describeBinary', () => {
  it('names what it knows by its beginning', () => {
    expect(describeBinary(new Uint8Array([0x1f, 0x8b, 8, 0]))).toBe('gzip data');
    expect(describeBinary(bytes('%PDF-1.7\n'))).toBe('a PDF document');
    const tar = new Uint8Array(512);
    tar.set(bytes('ustar'), 257);
    expect(describeBinary(tar)).toBe('a tar archive');
  });

  it('tells noise from text', () => {
    expect(describeBinary(new Uint8Array(randomBytes(4096)))).toBe('binary data');
  });

  it('takes as text: nothing, NUL padding, Latin-1, broken UTF-8, coloured lines, journal separators', () => {
    const latin = Buffer.from('Schlüssel für Prüfung geändert\n'.repeat(20), 'latin1');
    const coloured = bytes('\u001b[33mWARN\u001b[0m[0000] started\n'.repeat(20));
    for (const text of [
      new Uint8Array(),
      new Uint8Array(4096),
      new Uint8Array(latin),
      new Uint8Array([...bytes('time=now msg='), 0xff, 0xfe, 0x01, ...bytes(' and more text that is whole\n')]),
      coloured,
      bytes('\u001e{"MESSAGE":"x"}\n'),
    ]) {
      expect(describeBinary(text)).toBeUndefined();
    }
  });
});
