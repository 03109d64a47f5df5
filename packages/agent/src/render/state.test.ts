import { describe, expect, it } from 'vitest';
import type { Position } from '../sources/source.ts';
import { renderState } from './state.ts';

const shown = (source: string, streams: Readonly<Record<string, Position>>) =>
  renderState({
    directory: '/var/lib/cryptrail',
    running: false,
    positions: Object.entries(streams).map(([stream, position]) => ({ source, stream, position })),
  })
    .split('\n')
    .slice(2, -1);

const file = {
  path: '/var/log/acra/acra.log',
  locator: '65024:1:2',
  head: { from: 0, length: 0, hash: '' },
  anchor: { from: 0, length: 0, hash: '' },
  resume: { number: 1235, offset: 1_048_576, evidence: 'not shown' },
  size: 1_050_000,
  changedMillis: 1_715_398_626_123,
  state: 'open',
};

describe('renderState', () => {
  it('shows files with their place, their time, and that a chain is followed', () => {
    const packed = {
      ...file,
      path: '/var/log/acra/old.gz',
      state: 'done',
      member: 1,
      resume: { number: 1, offset: 0 },
    };
    expect(shown('file /var/log/acra/*', { started: true, a: file, b: packed })).toEqual([
      'file /var/log/acra/*',
      '  file                    state         next line  read to byte       size  last change               chain  stream',
      '  /var/log/acra/acra.log  open              1,235     1,048,576  1,050,000  2024-05-11 03:37:06.123Z  known  a',
      '  /var/log/acra/old.gz    done, packed                           1,050,000  2024-05-11 03:37:06.123Z         b',
    ]);
  });

  it('shows the last entry of a journal, with its time', () => {
    const cursor = `s=${'a'.repeat(32)};i=1f4c3;b=${'b'.repeat(32)};m=1;t=61a2b3c4d5e6f;x=1`;
    const plain = [
      'journald:local',
      '  stream   last entry  written',
      '  journal     128,195  2024-06-05 21:27:37.883Z',
    ];
    expect(shown('journald:local', { journal: cursor })).toEqual(plain);
    expect(shown('journald:local', { journal: { cursor, evidence: 'not shown' } }).at(-1)).toBe(`${plain[2]}  known`);
  });

  it('shows how far each node of a table was read, and how many numbers are missing', () => {
    const holes = [
      ['5', '9', 1, false],
      ['0', '1', 1, true],
    ];
    const node = { high: '1234567', pk: 'x', newest: '1715398626000', holes, gaps: [['2', '2']], extras: [] };
    expect(shown('sql:postgres://db/ejbca', { 'node:ca1': node, 'node:ca2': null })).toEqual([
      'sql:postgres://db/ejbca',
      '  stream    highest number  missing  reported gaps  newest row',
      '  node:ca1       1,234,567        5              1  2024-05-11 03:37:06.000Z',
      '  node:ca2',
    ]);
  });

  it('shows what it does not know as it is, and nothing that acts on a terminal', () => {
    expect(shown('new\u001b[31m', { a: { place: 7 }, 'b\n': 3 })).toEqual([
      'new\\e[31m',
      '  stream  position',
      '  a       {"place":7}',
      '  b\\n     3',
    ]);
    expect(shown('file /x', { started: true })).toEqual(['file /x', '  started; nothing was read yet']);
  });
});
