import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, Ledger } from './ledger.ts';

describe('Ledger', () => {
  it('releases a position when everything before it is settled, whatever the order of settling', () => {
    const ledger = new Ledger();
    const [first, second, third] = [1, 2, 3].map((position) => ledger.enter('a', position));
    expect(ledger.settle(second as Entry)).toEqual([]);
    expect(ledger.settle(first as Entry)).toEqual([{ stream: 'a', position: 2 }]);
    expect(ledger.settle(third as Entry)).toEqual([{ stream: 'a', position: 3 }]);
    expect(ledger.open).toBe(0);
  });

  it('keeps streams apart', () => {
    const ledger = new Ledger();
    ledger.enter('a', 1);
    expect(ledger.settle(ledger.enter('b', 7))).toEqual([{ stream: 'b', position: 7 }]);
  });

  it('releases null, which is a position, but nothing for a stretch without one', () => {
    const ledger = new Ledger();
    expect(ledger.settle(ledger.enter('a', null))).toEqual([{ stream: 'a', position: null }]);
    expect(ledger.settle(ledger.enter('a'))).toEqual([]);
  });

  it('holds positions behind a report until the report is settled', () => {
    const ledger = new Ledger();
    const before = ledger.enter('a', 1);
    const report = ledger.enterReport();
    const behind = ledger.enter('a', 2);
    expect(ledger.settle(behind)).toEqual([]);
    expect(ledger.settle(before)).toEqual([{ stream: 'a', position: 1 }]);
    expect(ledger.settle(report)).toEqual([{ stream: 'a', position: 2 }]);
  });

  it('is told twice and counts once', () => {
    const ledger = new Ledger();
    const entry = ledger.enter('a', 1);
    ledger.settle(entry);
    expect(ledger.settle(entry)).toEqual([]);
    expect(ledger.open).toBe(0);
  });

  it('never releases a position past an unsettled stretch or report, and the last one in the end', () => {
    const step = fc.record({
      act: fc.constantFrom('enter', 'enter', 'report', 'settle', 'settle'),
      stream: fc.nat(2),
      which: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const ledger = new Ledger();
        const all: { entry: Entry; open: boolean }[] = [];
        const saved = new Map<string, number>();
        const settle = (one: { entry: Entry; open: boolean }) => {
          one.open = false;
          for (const { stream, position } of ledger.settle(one.entry)) {
            expect(position).toBeGreaterThan(saved.get(stream) ?? 0);
            saved.set(stream, Number(position));
          }
          for (const { entry, open } of all) {
            const before = (stream: string) => entry.stream === undefined || entry.stream === stream;
            if (open)
              for (const [stream, position] of saved) if (before(stream)) expect(position).toBeLessThan(entry.number);
          }
        };
        let number = 0;
        for (const { act, stream, which } of steps) {
          const open = all.filter((one) => one.open);
          if (act === 'settle') {
            const one = open[which % Math.max(open.length, 1)];
            if (one) settle(one);
            continue;
          }
          number += 1;
          all.push({ entry: act === 'enter' ? ledger.enter(`s${stream}`, number) : ledger.enterReport(), open: true });
        }
        for (const one of all) if (one.open) settle(one);
        expect(ledger.open).toBe(0);
        for (const stream of ['s0', 's1', 's2']) {
          const last = all.findLast(({ entry }) => entry.stream === stream);
          expect(saved.get(stream)).toBe(last?.entry.number);
        }
      }),
    );
  });
});
