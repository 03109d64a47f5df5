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
});
