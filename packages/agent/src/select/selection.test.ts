import type { AttributeValue, LogRecord } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { Misuse } from '../command-line/misuse.ts';
import { selectionOf } from './selection.ts';
import type { Vocabulary } from './vocabulary.ts';

const vocabulary: Vocabulary = {
  levels: new Set(['info', 'warning', 'error', 'critical']),
  logTypes: new Set(['audit', 'web']),
  logTypeAttributes: new Set(['p.log.type']),
  important: new Set(['p.login']),
};

function record(parts: Partial<LogRecord> & { with?: Record<string, AttributeValue> } = {}): LogRecord {
  return {
    timeUnixNano: 0n,
    observedTimeUnixNano: 1n,
    severityNumber: 0,
    body: '',
    resource: { attributes: new Map() },
    issues: [],
    ...parts,
    attributes: new Map(Object.entries(parts.with ?? {})),
  };
}

const passes = (wanted: Parameters<typeof selectionOf>[0], one: LogRecord) =>
  selectionOf(wanted, vocabulary)?.(one) ?? true;

describe('selectionOf', () => {
  it('is nothing when no filter is given', () => {
    expect(selectionOf({ event: [], code: [], important: false }, vocabulary)).toBeUndefined();
  });

  it('matches event names exactly or by prefix, without regard to case', () => {
    const login = record({ eventName: 'p.audit.login' });
    expect(passes({ event: ['P.Audit.Login'] }, login)).toBe(true);
    expect(passes({ event: ['p.audit.*'] }, login)).toBe(true);
    expect(passes({ event: ['p.audit'] }, login)).toBe(false);
    expect(passes({ event: ['p.web.*', 'p.audit.login'] }, login)).toBe(true);
    expect(passes({ event: ['*'] }, record())).toBe(false);
  });

  it('E42 takes levels as an exact set, the four letters of a terminal included', () => {
    expect(passes({ level: ['WARNING'] }, record({ severityText: 'warning' }))).toBe(true);
    expect(passes({ level: ['warning'] }, record({ severityText: 'WARN' }))).toBe(true);
    expect(passes({ level: ['warning'] }, record({ severityText: 'error' }))).toBe(false);
    expect(passes({ level: ['warn', 'crit'] }, record({ severityText: 'critical' }))).toBe(true);
    expect(passes({ level: ['info'] }, record())).toBe(false);
  });

  it('E40 takes log types in any case, and refuses unknown words', () => {
    expect(passes({ logType: ['AUDIT'] }, record({ with: { 'p.log.type': 'audit' } }))).toBe(true);
    expect(passes({ logType: ['audit'] }, record())).toBe(false);
    expect(() => passes({ logType: ['adit'] }, record())).toThrow(/takes audit, web\. Did you mean audit\?/);
    expect(() => passes({ level: ['informative'] }, record())).toThrow(Misuse);
    expect(() => passes({ outcome: ['denied'] }, record())).toThrow(Misuse);
  });

  it('combines filters with AND', () => {
    const denied = record({
      eventName: 'p.login',
      with: { 'cryptrail.outcome': 'failure', 'cryptrail.code': 'login' },
    });
    expect(passes({ important: true, outcome: ['failure'], code: ['LOGIN'] }, denied)).toBe(true);
    expect(passes({ important: true, outcome: ['success'], code: ['LOGIN'] }, denied)).toBe(false);
    expect(passes({ important: true }, record({ eventName: 'p.logout' }))).toBe(false);
  });

  it('leaves out records without a time when times are asked for, and holds both ends included', () => {
    const at = (timeUnixNano: bigint) => record({ timeUnixNano });
    const noon = 1_715_515_200_000_000_000n;
    const wanted = { from: '2024-05-12T12:00:00', to: '2024-05-12T12:00:01' };
    expect(passes(wanted, at(noon))).toBe(true);
    expect(passes(wanted, at(noon + 1_000_000_000n))).toBe(true);
    expect(passes(wanted, at(noon + 1_000_000_001n))).toBe(false);
    expect(passes(wanted, at(noon - 1n))).toBe(false);
    expect(passes(wanted, at(0n))).toBe(false);
    expect(() => passes({ from: '2024-05-13', to: '2024-05-12' }, at(noon))).toThrow(Misuse);
  });
});
