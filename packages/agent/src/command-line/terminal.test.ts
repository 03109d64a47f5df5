import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTerminal, type OutStream } from './terminal.ts';

/** A terminal over streams that are, or are not, terminals; and what was written to stderr. */
function terminalOver(ttys: { stdout: boolean; stderr: boolean }, environment: Record<string, string> = {}) {
  const written: string[] = [];
  const stream = (isTTY: boolean, keep: (text: string) => void): OutStream =>
    Object.assign(
      new Writable({
        write: (chunk, _encoding, done) => {
          keep(String(chunk));
          done();
        },
      }),
      { isTTY, columns: 40 },
    );
  const stdout = stream(ttys.stdout, () => {});
  const stderr = stream(ttys.stderr, (text) => written.push(text));
  const streams = { stdin: () => new PassThrough(), stdout, stderr, environment };
  return { terminal: createTerminal(streams, new AbortController()), written };
}

describe('createTerminal', () => {
  it('shows a line of progress on stderr alone, fitted to its width', () => {
    const { terminal, written } = terminalOver({ stdout: false, stderr: true });
    terminal.progress?.('x'.repeat(100));
    terminal.progress?.('half');
    expect(written).toEqual([`\r\u001b[K${'x'.repeat(39)}`, '\r\u001b[Khalf']);
    expect(terminalOver({ stdout: true, stderr: true }).terminal.progress).toBeUndefined();
    expect(terminalOver({ stdout: false, stderr: false }).terminal.progress).toBeUndefined();
    expect(terminalOver({ stdout: false, stderr: true }, { TERM: 'dumb' }).terminal.progress).toBeUndefined();
  });

  it('takes the line of progress away before anything else is said', () => {
    const { terminal, written } = terminalOver({ stdout: false, stderr: true });
    terminal.warn('one');
    terminal.progress?.('half');
    terminal.warn('two');
    terminal.note('done\n');
    terminal.progress?.('');
    expect(written).toEqual(['cryptrail: one\n', '\r\u001b[Khalf', '\r\u001b[K', 'cryptrail: two\n', 'done\n']);
  });
});
