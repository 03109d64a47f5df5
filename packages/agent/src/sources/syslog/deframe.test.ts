import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSyslogDeframer, type SyslogPiece } from './deframe.ts';

/** Lines joined, messages apart. */
function deframe(text: string | Uint8Array, chunk = 1000, max = 1000): string[] {
  const deframer = createSyslogDeframer(max);
  const bytes = Buffer.from(text as string);
  const pieces: SyslogPiece[] = [];
  for (let at = 0; at < bytes.length; at += chunk) pieces.push(...deframer.push(bytes.subarray(at, at + chunk)));
  pieces.push(...deframer.end());
  const frames: string[] = [];
  let lines = '';
  for (const { kind, bytes: piece } of pieces) {
    if (kind === 'lines') lines += Buffer.from(piece).toString('latin1');
    else {
      frames.push(...lines.split('\n').filter(Boolean), `[${Buffer.from(piece).toString('latin1')}]`);
      lines = '';
    }
  }
  return [...frames, ...lines.split('\n').filter(Boolean)];
}

describe('createSyslogDeframer', () => {
  it.each([
    ['lines', '<14>a\n<14>b\r\n<14>c', ['<14>a', '<14>b\r', '<14>c']],
    ['messages with their length, line breaks in them', '5 <14>a7 <14>b\nc', ['[<14>a]', '[<14>b\nc]']],
    ['both in turn', '5 <14>a<14>b\n5 <14>c\n<14>d', ['[<14>a]', '<14>b', '[<14>c]', '<14>d']],
    ['lines that end with NUL', '<14>a\0<14>b\0', ['<14>a', '<14>b']],
    ['lines that begin with digits', '2024-05-13 x\n12 monkeys\n1\n7 <', ['2024-05-13 x', '12 monkeys', '1', '[<]']],
    ['a message that is cut off by the end', '50 <14>a', ['[<14>a]']],
    ['a length with too many digits', '123456789 <14>a\n', ['123456789 <14>a']],
  ])('takes %s', (_, text, expected) => {
    for (const chunk of [1, 2, 3, 100]) expect(deframe(text, chunk)).toEqual(expected);
  });

  it('F05 keeps no more of a message than it may, and goes on behind it', () => {
    expect(deframe(`1000 <${'x'.repeat(999)}5 <14>a`, 64, 10)).toEqual([`[<${'x'.repeat(10)}]`, '[<14>a]']);
    expect(deframe('99999999 <14>a', 64, 10)).toEqual(['[<14>a]']);
  });

  it('gives back every message, however the bytes are cut', () => {
    const message = fc.string({ maxLength: 30 }).map((text) => `<14>${text}`);
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.integer({ min: 1, max: 40 }), (messages, chunk) => {
        const sent = messages.map((one) => `${Buffer.byteLength(one)} ${one}`).join('');
        expect(deframe(sent, chunk)).toEqual(messages.map((one) => `[${one}]`));
      }),
    );
  });

  it('F05 takes any bytes without throwing, and drops none of a line', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (bytes, chunk) => {
        deframe(bytes, chunk);
        const line = Buffer.concat([Buffer.from('<'), Buffer.from(bytes.filter((byte) => byte !== 0 && byte !== 10))]);
        expect(deframe(line, chunk).join('')).toBe(line.toString('latin1'));
      }),
    );
  });
});
