import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLayout } from './layout.ts';

const WILDFLY = '%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c] (%t) %s';
const readWildfly = compileLayout(WILDFLY);

describe('compileLayout', () => {
  it('reads date, level, category, thread and message of the default file layout', () => {
    const text =
      '2026-10-24 22:53:26,511 INFO  [org.cesecore.audit.Log4jDevice] (EJB default - 17) the message (x) [y]';
    expect(readWildfly(text)).toEqual({
      layout: {
        time: '2026-10-24 22:53:26,511',
        level: 'INFO',
        category: 'org.cesecore.audit.Log4jDevice',
        thread: 'EJB default - 17',
      },
      message: 'the message (x) [y]',
    });
  });

  it('reads a console layout that prints no date', () => {
    const read = compileLayout('%d{HH:mm:ss,SSS} %-5p [%c] (%t) %m%n');
    expect(read('20:28:56,100 ERROR [a.B] (t) x')).toEqual({
      layout: { time: '20:28:56,100', level: 'ERROR', category: 'a.B', thread: 't' },
      message: 'x',
    });
  });

  it('takes an ISO date with T or a blank, comma or dot', () => {
    const read = compileLayout('%d{ISO8601} %-5p [%c{1}] %m');
    expect(read('2012-10-19T10:51:43.240 WARN  [A] m')?.layout.time).toBe('2012-10-19T10:51:43.240');
    expect(read('2012-10-19 10:51:43,240 WARN  [A] m')?.layout.time).toBe('2012-10-19 10:51:43,240');
  });

  it('reads a date with its zone, in any form of a zone, with any fraction or none', () => {
    const read = compileLayout("%d{yyyy-MM-dd'T'HH:mm:ss,SSSXXX} %-5p [%c] %m");
    for (const date of [
      '2026-10-24T22:55:30.123+02:00',
      '2026-10-24 22:55:30,123+0200',
      '2026-10-24T20:55:30.123456Z',
      '2026-10-24T20:55:30Z',
    ])
      expect(read(`${date} INFO  [A] m`)).toEqual({
        layout: { time: date, level: 'INFO', category: 'A' },
        message: 'm',
      });
    expect(read('2026-10-24T20:55:30.123 INFO  [A] m')).toBeUndefined();
    expect(read('2026-10-24T20:55:30.1234567890Z INFO  [A] m')).toBeUndefined();
  });

  it('reads a level whose padding was shortened on the way', () => {
    expect(readWildfly('2026-10-24 22:53:26,511 WARN [a] (t) m')?.layout.level).toBe('WARN');
    expect(compileLayout('%-5p[%c] %m')('WARN [a] m')?.layout.category).toBe('a');
  });

  it('reads a layout that begins with the level, and one with the thread before the category', () => {
    expect(compileLayout('%-5p [%c{1}] %m')('DEBUG [A] m')?.layout).toEqual({ level: 'DEBUG', category: 'A' });
    const thread = compileLayout('%d %-5p [%t] [%c{1}] %m')('2012-10-19 10:51:43,240 INFO  [main] [A] m');
    expect(thread?.layout).toMatchObject({ thread: 'main', category: 'A' });
  });

  it('keeps the line breaks and blanks of the message', () => {
    expect(readWildfly('2026-10-24 22:53:26,511 INFO  [a] (t)  x\ny ')?.message).toBe(' x\ny ');
  });

  it('reads an empty message', () => {
    expect(readWildfly('2026-10-24 22:53:26,511 INFO  [a] (t) ')?.message).toBe('');
  });

  it.each([
    '',
    '2026-10-24 22:53:26,511',
    '2026-10-24 22:53:2x,511 INFO  [a] (t) m',
    '2026-10-24 22:53:26,511 info  [a] (t) m',
    '2026-10-24 22:53:26,511 INFO  [a b] (t) m',
    '2026-10-24 22:53:26,511 INFO  a (t) m',
    `2026-10-24 22:53:26,511 INFO  [${'a'.repeat(300)}] (t) m`,
    '\tat java.lang.Thread.run(Thread.java:840)',
  ])('refuses %j', (text) => {
    expect(readWildfly(text)).toBeUndefined();
  });

  it('reads nothing by a pattern with an unknown part or without a message', () => {
    expect(compileLayout('%d %X{user} %m')('2012-10-19 10:51:43,240 x m')).toBeUndefined();
    expect(compileLayout('%-5p')('INFO ')).toBeUndefined();
  });

  it('gives back any message it was printed before, and never throws on cut or arbitrary text', () => {
    const prefix = '2026-10-24 22:53:26,511 INFO  [a.B] (t-1) ';
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        expect(readWildfly(prefix + message)?.message).toBe(message);
        readWildfly(message);
      }),
    );
    for (let end = 0; end < prefix.length; end += 1) expect(readWildfly(prefix.slice(0, end))).toBeUndefined();
  });
});
