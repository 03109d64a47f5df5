import { products } from '@cryptrail/catalogue';
import { createPipeline } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { ejbcaLine } from './cesecore/convert.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const open = () => createPipeline({ products, product: 'cesecore' }).open();

describe('a reader that settles', () => {
  it('gives out the record that waits for more lines, once', () => {
    const reader = open();
    const whole = reader.push(bytes(`${ejbcaLine({})}\n`));
    const settled = reader.settle();
    expect([whole.length, settled.length]).toEqual([0, 1]);
    expect(settled[0]?.eventName).toMatch(/^cesecore\./);
    expect([...reader.settle(), ...reader.end()]).toEqual([]);
    expect(reader.counts.records).toBe(1);
  });

  it('keeps a line that has not ended', () => {
    const reader = open();
    const line = bytes(`${ejbcaLine({})}\n`);
    reader.push(line.subarray(0, 40));
    expect(reader.settle()).toEqual([]);
    reader.push(line.subarray(40));
    expect(reader.settle().map(({ parseStatus }) => parseStatus)).toEqual([undefined]);
  });

  it('gives out a record that is encoded and may go on behind its chunk, once and with its place in the input', () => {
    const line = bytes(`${ejbcaLine({})}\n`);
    const reader = open();
    const encoded = reader.encoded(() => new Uint8Array(1));
    const counted = (runs: readonly { readonly count: number }[]) => runs.reduce((sum, { count }) => sum + count, 0);
    for (let times = 0; times < 20; times += 1) encoded.push(line);
    expect(reader.resume.offset).toBe(19 * line.length);
    expect([counted(encoded.settle()), counted(encoded.settle()), counted(encoded.end())]).toEqual([1, 0, 0]);
    expect([reader.counts.records, reader.resume.offset]).toEqual([20, 20 * line.length]);
  });
});
