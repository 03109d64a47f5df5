import { entries } from '@cryptrail/catalogue/entries';
import { describe, expect, it } from 'vitest';
import { renderConfigurations } from '../render/configuration.ts';
import { checkFiles } from './check-files.ts';

const rules = entries.flatMap(({ configuration }) => configuration ?? []);
const LOG = { file: 'a.config', text: 'LOG_LEVEL=info\nLOG_ROTATE_DAILY=yes\nDATABASE_URL=postgres://u:s3cret@h/d' };
const PROTECTION = {
  file: 'databaseprotection.properties',
  text: 'databaseprotection.enablesign = true\ndatabaseprotection.keyid.0 = 7\ndatabaseprotection.tokenpin.0 = s3cret',
};

describe('checkFiles', () => {
  it('tells by its content what each file is', () => {
    const reports = checkFiles([LOG, PROTECTION, { file: 'x', text: 'hello: world' }], rules);
    expect(reports.map((report) => [report.file, 'level' in report, 'signing' in report])).toEqual([
      ['a.config', true, false],
      ['databaseprotection.properties', false, true],
      ['x', false, false],
    ]);
    expect(reports[2]?.problems).toHaveLength(1);
  });

  it('F04 shows no secret, as JSON and on a page', () => {
    const reports = checkFiles([LOG, PROTECTION], rules);
    expect(JSON.stringify(reports) + renderConfigurations(reports)).not.toContain('s3cret');
  });
});

describe('renderConfigurations', () => {
  it('shows settings and problems, a line each', () => {
    const [page = ''] = renderConfigurations(checkFiles([LOG], rules)).split('\n\n');
    expect(page.split('\n').map((line) => line.trimEnd())).toEqual([
      'a.config',
      '  log         info and above, to the journal',
      '  audit log   info and above, to the journal',
      '  problem     LOG_ROTATE_DAILY is not true or false',
      '',
    ]);
  });

  it('sends nothing to the terminal that acts on it', () => {
    const text = 'LOG_LEVEL=info\nLOG_FILE=/a\u001b[31m.log';
    expect(renderConfigurations(checkFiles([{ file: 'b\u001b[2J', text }], rules))).not.toContain('\u001b');
  });
});
