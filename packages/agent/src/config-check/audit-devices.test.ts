import { describe, expect, it } from 'vitest';
import { renderConfigurations } from '../render/configuration.ts';
import { type AuditDeviceKind, auditDeviceKind } from './audit-devices.ts';
import { checkFiles } from './check-files.ts';
import { checkCesecoreProperties, isCesecoreProperties } from './database-protection.ts';
import { readJavaProperties } from './java-properties.ts';

const KEY = 'securityeventsaudit.implementation';
const TABLE = 'org.cesecore.audit.impl.integrityprotected.IntegrityProtectedDevice';
const SEQUENTIAL = 'org.signserver.server.integrityprotected.SequencialIntegrityProtectedDevice';
const TEXT = 'org.signserver.server.log.SignServerLog4jDevice';

const check = (...lines: string[]) => checkCesecoreProperties(readJavaProperties(lines.join('\n')));

describe('auditDeviceKind', () => {
  it.each<[AuditDeviceKind, string]>([
    ['table', TABLE],
    ['table', 'IntegrityProtectedLogDevice'],
    ['sequential_table', SEQUENTIAL],
    ['sequential_table', 'SequencialIntegrityProtectedLogDevice'],
    ['sequential_table', 'a.b.SequentialIntegrityProtectedDevice'],
    ['text', TEXT],
    ['text', 'org.cesecore.audit.impl.log4j.Log4jDevice'],
    ['other', 'org.example.NotIntegrityProtectedDeviceAtAll'],
    ['other', 'org.example.MyIntegrityProtectedDevice'],
    ['other', ''],
  ])('D69 D79 takes for %s: %s', (kind, name) => {
    expect(auditDeviceKind(name)).toBe(kind);
  });
});

describe('the devices of cesecore.properties', () => {
  it('D69 D77 are read, and the default one for the table is known as one that may leave gaps', () => {
    const report = check(`${KEY}.1 = ${TABLE}`, `${KEY}.0: ${TEXT}`);
    expect(report).toMatchObject({ devices: [TEXT, TABLE], table_device: 'parallel', problems: [] });
    expect(report.notes).toContainEqual(expect.stringContaining('leaves a gap'));
  });

  it('D77 are told apart from files that set nothing of the kind', () => {
    expect(isCesecoreProperties(readJavaProperties(`${KEY}.1=${TABLE}`))).toBe(true);
    expect(isCesecoreProperties(readJavaProperties('some.key=1'))).toBe(false);
  });

  it('D78 are not active when their line is commented out', () => {
    expect(check(`#${KEY}.1=${TABLE}`, `${KEY}.0=${TEXT}`)).toMatchObject({ devices: [TEXT], table_device: null });
    const both = check(`#${KEY}.1=${TABLE}`, `${KEY}.1=${SEQUENTIAL}`);
    expect(both).toMatchObject({ devices: [SEQUENTIAL], table_device: 'sequential', problems: [] });
  });

  it('D79 may be several, of which the sequential one makes every gap suspicious, in each of its spellings', () => {
    for (const name of [SEQUENTIAL, 'SequencialIntegrityProtectedLogDevice']) {
      const report = check(`${KEY}.0=${TEXT}`, `${KEY}.1=${name}`);
      expect(report).toMatchObject({ devices: [TEXT, name], table_device: 'sequential' });
      expect(report.notes).toContainEqual(expect.stringContaining('any gap is suspicious'));
    }
    expect(check(`${KEY}.1=${TABLE}`, `${KEY}.2=${SEQUENTIAL}`).table_device).toBe('parallel');
  });

  it('D79 stand in the order of their numbers', () => {
    expect(check(`${KEY}.10=${TEXT}`, `${KEY}.2=${TABLE}`).devices).toEqual([TABLE, TEXT]);
  });

  it('D81 are called configured, not effective, in the report and on the page', () => {
    const [wanted, text] = [expect.stringContaining('configured, not necessarily effective'), `${KEY}.1=${SEQUENTIAL}`];
    expect(check(text).notes).toContainEqual(wanted);
    expect(renderConfigurations(checkFiles([{ file: 'cesecore.properties', text }], []))).toEqual(wanted);
    expect(check('cluster.nodeid=a').notes).toEqual([]);
  });
});
