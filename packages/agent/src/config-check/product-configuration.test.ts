import { entries } from '@cryptrail/catalogue/entries';
import { describe, expect, it } from 'vitest';
import { checkFiles } from './check-files.ts';
import type { ConfigurationReport } from './product-configuration.ts';

const rules = entries.flatMap(({ configuration }) => configuration ?? []);

/** The report on a file of AQtive Guard with these lines. */
function check(...lines: string[]): ConfigurationReport {
  const [report] = checkFiles([{ file: 'a.config', text: lines.join('\n') }], rules);
  if (!report || !('level' in report)) throw new Error('no report');
  return report;
}

const problems = (...lines: string[]) => check(...lines).problems;

describe('the configuration of AQtive Guard', () => {
  it('E02 E10 E17 says what a minimal file makes of the logs: the journal, audit from info on', () => {
    expect(check('LOG_LEVEL=info')).toEqual({
      file: 'a.config',
      level: 'info',
      level_audit: 'info',
      main: { sink: 'journal' },
      audit: { sink: 'journal' },
      problems: [],
      notes: [],
    });
  });

  it('E03 knows where the product keeps the file', () => {
    expect(rules.map(({ path }) => path)).toContain('/etc/cryptosense-analyzer/config');
  });

  it('E05 E10 E19 E20 says file, rotation and number of files of both outputs', () => {
    const { main, audit } = check(
      'LOG_LEVEL=info',
      'LOG_FILE="/var/log/a b.log"',
      'LOG_ROTATE_DAILY=TRUE',
      'LOG_ROTATE_MAX=14',
      'LOG_FILE_AUDIT=/var/log/audit.log',
      'LOG_ROTATE_DAILY_AUDIT=true',
    );
    expect(main).toEqual({ sink: 'file', path: '/var/log/a b.log', rotate_daily: true, rotate_max: 14 });
    expect(audit).toEqual({ sink: 'file', path: '/var/log/audit.log', rotate_daily: true, rotate_max: null });
  });

  it('E07 reports a missing LOG_LEVEL', () => {
    expect(problems('LOG_FILE=/a.log')).toEqual(['LOG_LEVEL is required and not set']);
  });

  it('E09 takes the five levels in any case and reports other words', () => {
    for (const level of ['debug', 'Info', 'WARNING', 'error', 'critical'])
      expect(check(`LOG_LEVEL=${level}`).level).toBe(level.toLowerCase());
    expect(check('LOG_LEVEL=verbose').level).toBeNull();
    expect(problems('LOG_LEVEL=verbose')).toEqual([expect.stringContaining('LOG_LEVEL is not one of')]);
  });

  it('E11 E13 reports rotation without a file, unless it is switched off', () => {
    expect(problems('LOG_LEVEL=info', 'LOG_ROTATE_DAILY=true')).toEqual(['LOG_ROTATE_DAILY requires LOG_FILE']);
    expect(problems('LOG_LEVEL=info', 'LOG_ROTATE_DAILY=false')).toEqual([]);
    expect(check('LOG_LEVEL=info', 'LOG_FILE=/a.log').main).toMatchObject({ rotate_daily: false, rotate_max: null });
  });

  it('E14 E20 E21 reports a number of files without rotation, and audit rotation without a file', () => {
    expect(problems('LOG_LEVEL=info', 'LOG_FILE=/a.log', 'LOG_ROTATE_MAX=5')).toEqual([
      'LOG_ROTATE_MAX requires LOG_ROTATE_DAILY',
    ]);
    expect(problems('LOG_LEVEL=info', 'LOG_ROTATE_DAILY_AUDIT=true', 'LOG_ROTATE_MAX_AUDIT=5')).toEqual([
      'LOG_ROTATE_DAILY_AUDIT requires LOG_FILE_AUDIT',
      'LOG_ROTATE_MAX_AUDIT requires LOG_FILE_AUDIT',
    ]);
  });

  it('E05 reports values of another type', () => {
    const given = ['LOG_LEVEL=info', 'LOG_FILE=/a.log'];
    expect(problems(...given, 'LOG_ROTATE_DAILY=yes')).toEqual(['LOG_ROTATE_DAILY is not true or false']);
    for (const max of ['0', '-1', '1.5', 'many', ''])
      expect(problems(...given, 'LOG_ROTATE_DAILY=true', `LOG_ROTATE_MAX=${max}`)).toEqual([
        'LOG_ROTATE_MAX must be an integer above 0',
      ]);
    expect(problems('LOG_LEVEL=info', 'LOG_FILE=')).toEqual(['LOG_FILE is empty']);
  });

  it('E17 E18 remarks that an audit level above info loses granted actions', () => {
    const { level_audit, notes, problems: found } = check('LOG_LEVEL=debug', 'LOG_LEVEL_AUDIT=warning');
    expect([level_audit, found]).toEqual(['warning', []]);
    expect(notes).toEqual([expect.stringContaining('LOG_LEVEL_AUDIT=warning')]);
    expect(check('LOG_LEVEL=debug', 'LOG_LEVEL_AUDIT=debug').notes).toEqual([]);
  });

  it('E19 leaves open where audit records go when only the main log has a file', () => {
    expect(check('LOG_LEVEL=info', 'LOG_FILE=/a.log').audit).toEqual({
      sink: 'unset',
      candidates: ['with-main', 'journal'],
    });
    expect(check('LOG_LEVEL=info', 'LOG_FILE_AUDIT=/b.log').main).toEqual({ sink: 'journal' });
  });

  it('E26 E27 takes keys for other types of log without complaint, by the same rules', () => {
    expect(check('LOG_LEVEL=info', 'LOG_LEVEL_WEB=error', 'LOG_FILE_TANIUM=/t.log')).toMatchObject({
      problems: [],
      notes: [],
    });
    expect(problems('LOG_LEVEL=info', 'LOG_ROTATE_DAILY_WEB=true', 'LOG_LEVEL_WEB=loud')).toEqual([
      'LOG_ROTATE_DAILY_WEB requires LOG_FILE_WEB',
      expect.stringContaining('LOG_LEVEL_WEB is not one of'),
    ]);
  });

  it('E02 notes mistyped and repeated keys', () => {
    expect(check('LOG_LEVEL=info', 'LOG_FIEL=/a', 'LOG_LEVEL=debug', 'nonsense').notes).toEqual([
      'LOG_FIEL is not a documented key; the nearest is LOG_FILE',
      'LOG_LEVEL is set more than once; the last one counts',
      'no KEY=value on line 4',
    ]);
  });

  it('F04 shows no value that is no setting of the log, and no value that is wrong', () => {
    const report = check(
      'LOG_LEVEL=s3cret',
      'DATABASE_URL=postgres://u:s3cret@h/d',
      'S3CRET=1',
      'LOG_ROTATE_MAX=s3cret',
      's3cret',
    );
    expect(JSON.stringify(report).toLowerCase()).not.toContain('s3cret');
  });
});

describe('several files', () => {
  const drift = (...texts: string[]) =>
    checkFiles(
      texts.map((text, i) => ({ file: `${i}.config`, text })),
      rules,
    ).map((report) => ('drift_with' in report ? report.drift_with : undefined));

  it('E04 E06 E28 report each machine and the keys in which it differs from the others', () => {
    expect(drift('LOG_LEVEL=info', 'LOG_LEVEL=debug\nLOG_FILE=/a', 'LOG_LEVEL=INFO\nLOG_LEVEL_AUDIT=info')).toEqual([
      { '1.config': ['LOG_LEVEL', 'LOG_FILE'] },
      { '0.config': ['LOG_LEVEL', 'LOG_FILE'], '2.config': ['LOG_LEVEL', 'LOG_FILE'] },
      { '1.config': ['LOG_LEVEL', 'LOG_FILE'] },
    ]);
  });

  it('say of a file that is none of theirs that it is not known', () => {
    expect(checkFiles([{ file: 'x', text: 'A=1' }], rules)).toEqual([{ file: 'x', problems: [expect.any(String)] }]);
  });
});
