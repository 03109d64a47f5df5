import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { openByContent } from './forms.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function read(chunks: readonly Uint8Array[], forced?: string, maxLineBytes = 1024) {
  const reader = openByContent({ ...DEFAULT_LIMITS, maxLineBytes }, forced);
  const entries = [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
  return entries.flatMap((entry) => (entry.kind === 'line' ? [entry.frame] : []));
}

/** A journal field with bytes that do not print. */
function binaryField(name: string, value: Uint8Array): Uint8Array {
  const head = bytes(`${name}\n`);
  const whole = new Uint8Array(head.length + 8 + value.length + 1);
  whole.set(head);
  new DataView(whole.buffer).setBigUint64(head.length, BigInt(value.length), true);
  whole.set(value, head.length + 8);
  whole[whole.length - 1] = 0x0a;
  return whole;
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const entry = (message: string, more = '') =>
  bytes(`__CURSOR=s=1\n__REALTIME_TIMESTAMP=1715568193562768\n${more}MESSAGE=${message}\n_HOSTNAME=web\n\n`);

describe('openByContent', () => {
  it('reads what is no other form as lines, from the first byte on', () => {
    expect(read([bytes('\n \n'), bytes('one\ntw'), bytes('o')]).map(({ text }) => text)).toEqual([
      '',
      ' ',
      'one',
      'two',
    ]);
  });

  it('reads an input that ends before its first line does', () => {
    expect(read([bytes('only')]).map(({ text }) => text)).toEqual(['only']);
    expect(read([])).toEqual([]);
  });

  it('lets the user force a form', () => {
    expect(read([bytes('MESSAGE=a\n\n')], 'journal-export').map(({ text }) => text)).toEqual(['a']);
  });
});

describe('journalExport', () => {
  it('E24 gives one frame an entry with its number, host and time of receipt', () => {
    expect(read([concat(entry('a'), entry('b'))])).toMatchObject([
      { text: 'a', position: { number: 1 }, outer: { timeUnixNano: 1715568193562768000n, host: 'web' } },
      { text: 'b', position: { number: 2 } },
    ]);
  });

  it('reads values with a length, line breaks and empty lines in them', () => {
    const message = bytes('a\n\nMESSAGE=forged\n');
    const data = concat(bytes('__CURSOR=x\n'), binaryField('MESSAGE', message), bytes('\n'), entry('next'));
    expect(read([data]).map(({ text }) => text)).toEqual(['a\n\nMESSAGE=forged\n', 'next']);
  });

  it('joins entries that journald cut at its line limit', () => {
    const cut = (message: string, id: string, more: string) => entry(message, `_STREAM_ID=${id}\n${more}`);
    const data = concat(cut('x1', 'a', '_LINE_BREAK=line-max\n'), cut('y', 'b', ''), cut('x2', 'a', ''));
    expect(read([data]).map(({ text }) => text)).toEqual(['y', 'x1x2']);
  });

  it('gives up a field over the limit and goes on with the next entry', () => {
    const long = new Uint8Array(20_000).fill(0x78);
    const data = concat(bytes('__CURSOR=x\n'), binaryField('MESSAGE', long), bytes('\n'), entry('next'));
    const text = concat(bytes('__CURSOR=x\nMESSAGE='), long, bytes('\n\n'), entry('next'));
    for (const input of [data, text]) {
      const chunks = Array.from({ length: Math.ceil(input.length / 1000) }, (_, n) =>
        input.subarray(n * 1000, n * 1000 + 1000),
      );
      expect(read(chunks)).toMatchObject([
        { text: '', truncated: true },
        { text: 'next', position: { number: 2 } },
      ]);
    }
  });

  it('reads the same however the bytes are cut into chunks, and never throws', () => {
    const part = fc.oneof(
      fc.constant(entry('a')),
      fc.constant(binaryField('MESSAGE', bytes('b\n'))),
      fc.uint8Array({ maxLength: 12 }),
      fc.constant(bytes('\n')),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.array(fc.nat(400), { maxLength: 5 }), (parts, cuts) => {
        const data = concat(bytes('__CURSOR=x\n'), ...parts);
        const at = [0, ...cuts.filter((cut) => cut <= data.length).sort((a, b) => a - b), data.length];
        const chunks = at.slice(1).map((end, index) => data.slice(at[index], end));
        expect(read(chunks, 'journal-export', 4096)).toEqual(read([data], 'journal-export', 4096));
      }),
    );
  });
});
