import { products } from '@cryptrail/catalogue';
import { createPipeline } from '@cryptrail/mapper';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import type { Frame } from '../records.ts';
import { createUnwrapper } from './unwrapper.ts';

const AUDIT = '2012-10-19 10:51:43+02:00;CERT_STORED;SUCCESS;CERTIFICATE;CORE;CN=Ana;77;5A0F;user;msg=stored';
const DEVICE = 'org.cesecore.audit.impl.log4j.Log4jDevice';
const uniform = (message: string) =>
  `[#|2012-10-19T10:51:43.240+0200|INFO|glassfish3.1.2|${DEVICE}|_ThreadID=70;_ThreadName=http-thread-pool-8080(5);|${message}|#]`;
const odl = (message: string) =>
  `[2012-10-19T10:51:43.240+0200] [Payara 5.2022] [INFO] [] [${DEVICE}] [tid: _ThreadID=70 _ThreadName=http-listener(5)] [timeMillis: 1350636703240] [levelValue: 800] [[\n  ${message}]]`;

function unwrap(text: string, maxLineBytes = 4096): Frame[] {
  const unwrapper = createUnwrapper({ ...DEFAULT_LIMITS, maxLineBytes });
  const frames = text
    .split('\n')
    .flatMap((line, index) =>
      unwrapper.push({ text: line, position: { number: index + 1 }, byteLength: line.length + 1 }),
    );
  return [...frames, ...unwrapper.end()];
}

const records = (text: string) => {
  const reader = createPipeline({ products, now: () => 1n }).open({ name: 'server.log' });
  return [...reader.push(new TextEncoder().encode(text)), ...reader.end()];
};

describe('server.log of GlassFish and Payara', () => {
  it.each([
    ['uniform', uniform],
    ['ODL', odl],
  ])('D41 reads an audit record in the %s form, with logger and thread', (_, wrap) => {
    const [record, ...more] = records(`${wrap(AUDIT)}\n\n`);
    expect(more).toEqual([]);
    expect(record).toMatchObject({ eventName: 'cesecore.cert_stored', timeUnixNano: 1350636703240000000n });
    expect(record?.attributes.get('thread.name')).toContain('(5)');
  });

  it('keeps a message of several lines as one record, with the number of its first line', () => {
    const frames = unwrap(`${uniform('failed: a.B\n\tat a.B.c(B.java:1)\n[x]')}\nafter\n${odl('two\nlines')}`);
    expect(frames.map(({ text, position, lastNumber }) => [text, position.number, lastNumber])).toEqual([
      ['failed: a.B\n\tat a.B.c(B.java:1)\n[x]', 1, 3],
      ['after', 4, undefined],
      ['two\nlines', 5, 7],
    ]);
    expect(frames[0]?.layout).toEqual({
      time: '2012-10-19T10:51:43.240+0200',
      level: 'INFO',
      category: DEVICE,
      thread: 'http-thread-pool-8080(5)',
    });
  });

  it('gives up on a record whose end does not come, when the next one begins, at the end, and over the limit', () => {
    const begun = uniform('begun').slice(0, -3);
    const frames = unwrap(`${begun}\nmore\n${uniform('next')}\n${begun}`);
    expect(frames.map(({ text, truncated }) => [text, truncated])).toEqual([
      ['begun\nmore', true],
      ['next', undefined],
      ['begun', true],
    ]);
    const [long] = unwrap(`${begun}\n${'x'.repeat(900)}\n${'y'.repeat(900)}|#]`, 500);
    expect(long?.truncated).toBe(true);
    expect(long?.text.length).toBeLessThan(500);
    const endless = unwrap(`${begun}${'\n'.repeat(10_005)}${uniform('next')}`);
    expect(endless.at(-1)?.text).toBe('next');
  });

  it('leaves other lines in brackets', () => {
    const lines = ['[#|', '[GIN] 2026/11/21 - 19:40:48 | 200', '[2024-05-12T08:30:15Z] [a] [b]', '|#]', ']]'];
    expect(unwrap(lines.join('\n')).map(({ text }) => text)).toEqual(lines);
  });

  it('gives back every message, whatever is in it and however many lines it has', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '|', '#', ']', '[', ' ', 'é'), maxLength: 6 });
    const message = fc
      .array(line, { minLength: 1, maxLength: 4 })
      .filter((lines) => lines.every((one) => !/(\|#\]|\]\]) *$/.test(one)))
      .map((lines) => `a${lines.join('\n')}b`);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), message), { minLength: 1, maxLength: 4 }), (written) => {
        const text = written.map(([isOdl, one]) => (isOdl ? odl(one) : uniform(one))).join('\n');
        expect(unwrap(text).map((frame) => frame.text)).toEqual(written.map(([, one]) => one));
      }),
    );
  });
});
