import { describe, expect, it } from 'vitest';
import { cryptrail } from './support/cryptrail.ts';

const DENIED = 'time="2024-09-17T08:00:00Z" level=error msg="Query has been denied by Denyall handler" code=560';
const POISON = '{"code":587,"level":"warning","msg":"Recognized poison record","product":"acra-server"}';

describe('cryptrail explain', () => {
  it('A08 tells somebody on call what happened, how bad it is and what to do', async () => {
    const { status, stdout } = await cryptrail(['explain', '587']);
    expect(status).toBe(0);
    expect(stdout.split('\n')[0]).toBe('587  Poison record recognised');
    for (const part of [
      'Priority',
      'Severity',
      'ATT&CK',
      'Meaning',
      'Why it matters',
      'What to look at first',
      'What to do',
      'Sources',
    ])
      expect(stdout).toContain(`${part}`);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(130);
  });

  it('lists the meanings of a code that has several, with what tells them apart', async () => {
    const { stdout } = await cryptrail(['explain', '101']);
    expect(stdout).toMatch(/^101 has \d meanings:/);
    expect(stdout).toContain('level warning');
    expect(stdout).toContain('otherwise');
  });

  it('A20 says of zone events that they are deprecated and since when', async () => {
    const { stdout } = await cryptrail(['explain', '706']);
    expect(stdout).toContain('deprecated since 0.94.0');
  });

  it('explains a pasted line, and lines from standard input, the page of an event once', async () => {
    const pasted = await cryptrail(['explain', DENIED]);
    expect(pasted.status).toBe(0);
    expect(pasted.stdout).toContain('cryptrail.outcome        failure');
    expect(pasted.stdout).toContain('560  Firewall handler refused a query');
    const piped = await cryptrail(['explain', '-'], `${POISON}\n${POISON}\nsomebody else\n`);
    expect(piped.status).toBe(0);
    expect(piped.stdout.split('Why it matters')).toHaveLength(2);
    expect(piped.stdout).toContain('Not a record of a known product');
  });

  it('names the nearest words for one that it does not know, and ends with 1', async () => {
    const { status, stdout, stderr } = await cryptrail(['explain', 'CERT_REVOKD', '587']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^cryptrail: no event has the code or name "CERT_REVOKD"; nearest: CERT_REVOKED/);
    expect(stdout).toContain('Poison record recognised');
    expect((await cryptrail(['explain', 'no line of any product: 1'])).status).toBe(1);
    expect((await cryptrail(['explain'])).status).toBe(2);
  });

  it('prints JSON for machines', async () => {
    const words = JSON.parse((await cryptrail(['explain', '560', 'CERT_REVOKED', '--json'])).stdout);
    expect(words.map(({ eventName }: { eventName: string }) => eventName)).toContain('cesecore.cert_revoked');
    const lines = JSON.parse((await cryptrail(['explain', '-', '--json'], `${POISON}\nelse`)).stdout);
    expect(lines).toMatchObject([{ record: { severity: 'warning' }, event: { code: '587' } }, { event: null }]);
    expect(JSON.parse((await cryptrail(['explain', '-', '--json'])).stdout)).toEqual([]);
  });

  it('F05 shows what a hostile line would do to the terminal', async () => {
    const { stdout } = await cryptrail(
      ['explain', '-'],
      `${POISON.replace('Recognized', '\\u001b[2J\\u202e')}\n\u001b]0;title\u0007\n`,
    );
    expect(stdout).toContain('\\e[2J\\u202e');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});

describe('cryptrail list', () => {
  const json = async (...args: string[]): Promise<Record<string, string>[]> =>
    JSON.parse((await cryptrail(['list', ...args, '--json'])).stdout);

  it('F01 lists products, events and fields', async () => {
    expect((await json('products')).map(({ id }) => id)).toEqual(['acra', 'aqtive', 'cesecore']);
    expect((await json('events', '--product', 'aqtive')).map(({ code }) => code)).toContain('login_attempt');
    const fields = await json('fields', '--product', 'acra');
    expect(new Set(fields.map(({ product }) => product))).toEqual(new Set(['acra']));
    expect(fields.map(({ attribute }) => attribute)).toContain('acra.client.id');
  });

  it('A09 A22 A24 narrows events by tag, importance and group', async () => {
    const codes = async (...args: string[]) => new Set((await json('events', ...args)).map(({ code }) => code));
    expect([...(await codes('--tag', 'Poison-Record'))]).toEqual(expect.arrayContaining(['587', '583', '589', '101']));
    const important = await codes('--product', 'acra', '--important');
    important.delete(undefined);
    expect(important.size).toBe(55);
    expect([...(await codes('--group', 'host system'))].sort()).toEqual(['520', '521', '522', '523']);
  });

  it('prints CSV with one line for each event', async () => {
    const { stdout } = await cryptrail(['list', 'events', '--csv', '--product', 'aqtive']);
    const [heading, ...rows] = stdout.trimEnd().split('\r\n');
    expect(heading).toMatch(/^product,event_name,code/);
    expect(rows.every((row) => row.startsWith('aqtive,aqtive.'))).toBe(true);
  });

  it('is misused with both forms at once, and with flags that narrow events only', async () => {
    expect(await cryptrail(['list', 'events', '--csv', '--json'])).toMatchObject({ status: 2 });
    expect(await cryptrail(['list', 'products', '--important'])).toMatchObject({
      status: 2,
      stderr: 'cryptrail: --important narrows events only. Use: cryptrail list events.\n',
    });
  });
});

describe('cryptrail coverage', () => {
  it('F10 tells what was seen and why the rest was not, as tables and as JSON', async () => {
    const { status, stdout } = await cryptrail(['coverage', '-', '--json'], `${POISON}\n${DENIED}\n`);
    expect(status).toBe(0);
    const { products, inputs } = JSON.parse(stdout);
    expect(products).toMatchObject([{ product: 'acra', records: 2, lowestLevel: 'warning' }]);
    expect(inputs).toMatchObject([{ path: '-', records: 2 }]);
    const table = await cryptrail(['coverage', '-'], `${POISON}\n`);
    expect(table.stdout).toContain('acra: 1 records');
    expect(table.stdout).toContain('Hidden, as it seems, by the log level');
  });

  it('C29 E08 names the kinds that a source with info switched off hides, those seen and those missing', async () => {
    const log = `${POISON}\n${DENIED}\n`;
    const [{ seen, unseen, levelsBelow }] = JSON.parse((await cryptrail(['coverage', '-', '--json'], log)).stdout)
      .products as [Record<'seen' | 'unseen', { event: string; reason?: string }[]> & { levelsBelow: string[] }];
    const because = (reason: string) => unseen.filter((kind) => kind.reason === reason).map(({ event }) => event);
    expect(seen.map(({ event }) => event)).toContain('acra.decryptor.recognized_poison_record');
    expect(because('below_level')).toContain('acra.service.starting');
    expect(because('not_seen')).toContain('acra.censor.setup_error');
    expect(levelsBelow.at(-1)).toBe('info');
    // With one record at info the level hides nothing that is printed there.
    const told = `${log}{"level":"info","msg":"hello","product":"acra-server"}\n`;
    const [more] = JSON.parse((await cryptrail(['coverage', '-', '--json'], told)).stdout).products;
    const hidden = more.unseen.filter(({ reason }: { reason: string }) => reason === 'below_level');
    expect(hidden.map(({ event }: { event: string }) => event)).not.toContain('acra.service.starting');
    const { stdout } = await cryptrail(['coverage', '-'], log);
    expect(stdout).toMatch(/Hidden, as it seems, by the log level.*[\s\S]*acra\.service\.starting/);
    expect(stdout).toContain('as if the source left these levels out');
  });

  it('says so when there is nothing to report', async () => {
    expect(await cryptrail(['coverage', '-'], 'nobody\n')).toMatchObject({
      status: 0,
      stdout: 'No record of a known product was found.\n',
    });
  });
});
