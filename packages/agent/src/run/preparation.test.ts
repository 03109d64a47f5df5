import { decodeLogsRequest, encodeLogs, joinGroups } from '@cryptrail/exporter/otlp';
import { Double, type LogRecord } from '@cryptrail/mapper';
import { describe, expect, it } from 'vitest';
import { record } from '../../test/memory-source.ts';
import { createPreparation } from './preparation.ts';
import { createPseudonyms, createRedaction, joinChanges } from './text-changes.ts';

const KEY = new Uint8Array(32).fill(7);
const resource = {
  attributes: new Map<string, string>([
    ['service.name', 'acra-server'],
    ['host.name', 'alice-host'],
  ]),
};
const records: readonly LogRecord[] = [
  record('user alice logged in, card 4111', {
    eventName: 'a.login',
    timeUnixNano: 10n,
    resource,
    attributes: new Map<string, string | Double | readonly string[]>([
      ['user.name', 'alice'],
      ['groups', ['alice', 'x']],
      ['ratio', new Double(2)],
    ]),
  }),
  record('stack trace', {
    parseStatus: 'foreign',
    attributes: new Map([['cryptrail.parse.status', 'foreign']]),
    resource,
  }),
  record('old', { timeUnixNano: 1n, eventName: 'a.old', resource }),
];

/** The records as a backend reads them, whether they were encoded before the preparation or after it. */
function both(...[options, source]: Parameters<typeof createPreparation>) {
  const read = (logs: readonly LogRecord[] | ReturnType<typeof encodeLogs>) => {
    const [first] = logs;
    const encoded =
      first && 'records' in first ? (logs as ReturnType<typeof encodeLogs>) : encodeLogs(logs as LogRecord[]);
    const decoded = decodeLogsRequest(joinGroups(encoded), 'application/x-protobuf');
    if (!decoded.ok) throw new Error(decoded.error.message);
    return decoded.request.resourceLogs;
  };
  const plain = createPreparation(options, source)(records);
  const encoded = createPreparation(options, source)(encodeLogs(records));
  expect(encoded.recognised).toBe(plain.recognised);
  expect(read(encoded.logs)).toEqual(read(plain.logs));
  return { logs: read(plain.logs), recognised: plain.recognised };
}

const bodies = (logs: ReturnType<typeof both>['logs']) =>
  logs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ body }) => body?.stringValue)),
  );

describe('createPreparation, of records and of encoded ones alike', () => {
  it('counts events of the catalogue', () => {
    expect(both({ dropForeign: false }, {}).recognised).toBe(2);
  });

  it('leaves out what is foreign, too old or not selected', () => {
    expect(bodies(both({ dropForeign: true }, {}).logs)).toHaveLength(2);
    expect(bodies(both({ dropForeign: false }, { sinceUnixNano: 5n }).logs)).toEqual([
      'user alice logged in, card 4111',
      'stack trace',
    ]);
    const selection = ({ eventName }: Pick<LogRecord, 'eventName'>) => eventName === 'a.old';
    expect(bodies(both({ dropForeign: false, selection }, {}).logs)).toEqual(['old']);
  });

  it('puts attributes on the resource, over those that are there', () => {
    const own = {
      'host.name': 'gateway',
      'deployment.environment.name': 'production',
      weight: 1.5,
      zone: 3,
      spare: true,
    };
    const { logs } = both({ dropForeign: false }, { resource: own });
    const attributes = new Map(logs[0]?.resource.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
    expect(Object.fromEntries(attributes)).toEqual({ 'service.name': 'acra-server', ...own, zone: '3' });
  });

  it('F04 replaces a name by a stable pseudonym wherever the record repeats it, in its resource too', () => {
    const change = createPseudonyms(['user.name', 'host.name'], KEY);
    const { logs } = both({ dropForeign: false, change }, {});
    const text = JSON.stringify(logs);
    expect(text).not.toContain('alice');
    expect(new Set(text.match(/pseudonym:[0-9a-f]{32}/g)).size).toBe(2);
  });

  it('F04 replaces what own patterns match, after the pseudonyms', () => {
    const redaction = createRedaction([{ replace: (text) => text.replaceAll('4111', 'REDACTED') }]);
    const change = joinChanges([createPseudonyms(['user.name'], KEY), redaction]);
    expect(bodies(both({ dropForeign: true, change }, {}).logs)[0]).toMatch(
      /^user pseudonym:\S+ logged in, card REDACTED$/,
    );
  });
});
