import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeHash } from '../../test/node-hash.ts';
import { END, signLines } from '../../test/sign-chain.ts';
import { createChainFollower } from './follow.ts';
import { readSnapshot } from './snapshot.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const line = (n: number) => `time="2024-09-17T08:00:0${n}Z" level=info msg="line ${n}"`;
const LOG = signLines([line(1), line(2), line(3), END], KEY);
const LATER = signLines([line(5), line(6), END], KEY);
const encoder = new TextEncoder();

function follow(lines: readonly (string | undefined)[], keys: readonly Uint8Array[] = [KEY]) {
  const follower = createChainFollower(keys, nodeHash);
  const statuses: string[] = [];
  const findings: string[] = [];
  for (const text of lines) {
    const { status, findings: found } = follower.line(encoder.encode(text));
    statuses.push(status);
    findings.push(...found.map((one) => ('reason' in one ? `${one.kind} ${one.reason}` : one.kind)));
  }
  findings.push(...follower.end().map((one) => `${one.kind} at the end`));
  return { statuses: statuses.join(' '), findings };
}

describe('createChainFollower', () => {
  it('C46 verifies chains one after the other, unsigned lines before them', () => {
    expect(follow([line(0), ...LOG, ...LATER])).toEqual({
      statuses: 'unsigned verified verified verified verified verified verified verified',
      findings: [],
    });
  });

  it('C46 is sure again at the next start of a chain behind a break', () => {
    expect(follow([LOG[0], LOG[1]?.replace('line', 'lime'), LOG[2], LOG[3], ...LATER])).toEqual({
      statuses: 'verified failed unanchored unanchored verified verified verified',
      findings: ['chain_broken does_not_fit'],
    });
  });

  it('C46 tells a log that begins inside a chain once', () => {
    expect(follow([...LOG.slice(1), ...LATER])).toEqual({
      statuses: 'unanchored unanchored unanchored verified verified verified',
      findings: ['chain_start_missing'],
    });
  });

  it('C46 finds lines put in, chains cut off, copied or moved', () => {
    expect(follow([LOG[0], 'put in', ...LOG.slice(1)]).findings).toEqual(['unsigned_line_in_chain']);
    expect(follow([...LOG.slice(0, 2), ...LATER]).findings).toEqual(['chain_unfinished new_chain']);
    expect(follow(LOG.slice(0, 2)).findings).toEqual(['chain_unfinished at the end']);
    expect(follow([...LOG, ...LOG]).findings).toEqual(['chain_repeated']);
    expect(follow([...LATER, ...LOG]).findings).toEqual(['chain_out_of_order']);
    expect(follow([LOG[0], `${line(2)} integrity=zz`]).findings).toEqual(['chain_broken no_hex']);
  });

  it('says that there is no key, and fails a chain of another key', () => {
    expect(follow(LOG, []).statuses).toBe('no_key no_key no_key no_key');
    expect(follow(LOG, [KEY.map((byte) => byte + 1)])).toEqual({
      statuses: 'failed unanchored unanchored unanchored',
      findings: ['chain_broken does_not_fit'],
    });
  });

  it('goes on from a snapshot at any line', () => {
    for (let cut = 0; cut <= LOG.length; cut += 1) {
      const first = createChainFollower([KEY], nodeHash);
      for (const text of LOG.slice(0, cut)) first.line(encoder.encode(text));
      const second = createChainFollower([KEY], nodeHash, readSnapshot(JSON.parse(JSON.stringify(first.snapshot()))));
      const rest = LOG.slice(cut).map((text) => second.line(encoder.encode(text)).status);
      expect(rest).toEqual(rest.map(() => 'verified'));
    }
  });

  it('verifies nothing that was not signed, and never throws', () => {
    const any = fc.oneof(fc.constantFrom(...LOG, ...LATER, 'x', '{', '{"integrity":"aa"}'), fc.string());
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (lines) => {
        const { statuses } = follow(lines);
        const verified = statuses.split(' ').filter((status) => status === 'verified').length;
        expect(verified).toBeLessThanOrEqual(lines.filter((text) => text.includes('integrity=')).length);
      }),
    );
  });
});
