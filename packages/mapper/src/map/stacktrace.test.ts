import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMillis } from '../../../../test/support/cpu-millis.ts';
import { readStacktrace } from './stacktrace.ts';

const FRAMES = 'Traceback (most recent call last):\n  File "app.py", line 3, in run\n    connect()\n';

describe('readStacktrace', () => {
  it('reads type and message below the frames of a Python trace', () => {
    const text = `${FRAMES}requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host='x', port=443)\n`;
    expect(readStacktrace(text)).toEqual({
      type: 'requests.exceptions.ConnectTimeout',
      message: "HTTPSConnectionPool(host='x', port=443)",
    });
  });

  it('takes the last of chained traces', () => {
    const text = `${FRAMES}KeyError: 'a'\n\nDuring handling of the above exception, another exception occurred:\n\n${FRAMES}ValueError: bad`;
    expect(readStacktrace(text)).toEqual({ type: 'ValueError', message: 'bad' });
  });

  it('keeps the further lines of a message', () => {
    expect(readStacktrace(`${FRAMES}ValueError: first\nHint: second`)).toEqual({
      type: 'ValueError',
      message: 'first\nHint: second',
    });
  });

  it('reads an exception without a message', () => {
    expect(readStacktrace(`${FRAMES}KeyboardInterrupt`)).toEqual({ type: 'KeyboardInterrupt' });
  });

  it('reads the first line of a Java trace', () => {
    expect(readStacktrace('java.io.IOException: closed\n\tat a.B.c(B.java:1)')).toEqual({
      type: 'java.io.IOException',
      message: 'closed',
    });
    expect(readStacktrace('Exception in thread "main" java.lang.Error\n\tat a.B.c(B.java:1)')).toEqual({
      type: 'java.lang.Error',
    });
  });

  it('says nothing of texts that are no trace, or are cut before the exception', () => {
    for (const text of ['', 'Error: x', FRAMES, `${FRAMES}not a type at all`, `${FRAMES}a..b: c`])
      expect(readStacktrace(text)).toEqual({});
  });

  it('needs time in proportion to the length, whatever the text', () => {
    fc.assert(
      fc.property(fc.constantFrom('a.', 'a:', '\n', ' \n', 'a\n\n', FRAMES), (unit) => {
        const millis = cpuMillis(() => {
          readStacktrace(FRAMES + unit.repeat(200_000));
        });
        expect(millis).toBeLessThan(3_000);
      }),
    );
  });
});
