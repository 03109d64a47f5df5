import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Terminal } from '../command-line/terminal.ts';
import { collector } from './collector.ts';

const folder = mkdtempSync(join(tmpdir(), 'cryptrail-collector-'));
afterAll(() => rmSync(folder, { recursive: true }));

function terminal(): { readonly shown: string[]; readonly terminal: Terminal } {
  const shown: string[] = [];
  const out = {
    interactive: false,
    colour: false,
    width: undefined,
    height: undefined,
    write: async (text: string | Uint8Array) => void shown.push(String(text)),
  };
  const stdin = () => {
    throw new Error('nothing is read');
  };
  return {
    shown,
    terminal: { out, warn: () => {}, note: () => {}, stdin, environment: {}, signal: new AbortController().signal },
  };
}

describe('cryptrail collector', () => {
  it('prints one configuration for all products', async () => {
    const { shown, terminal: given } = terminal();
    expect(await collector.run([], given)).toBe(0);
    expect(shown.join('')).toContain('file_log/acra:');
    expect(shown.join('')).toContain('file_log/aqtive:');
  });

  it('writes a product and its fragment for an older release, and says what they cannot do', async () => {
    const { shown, terminal: given } = terminal();
    expect(await collector.run(['--product', 'acra', '--out', folder, '--collector-version', '0.148'], given)).toBe(0);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      'acra.yaml',
      'fragments',
      ...['acra-journal', 'acra', 'ecs', 'event-name', 'important', 'metrics', 'ocsf'].map((name) =>
        join('fragments', `${name}.yaml`),
      ),
    ]);
    expect(readFileSync(join(folder, 'acra.yaml'), 'utf8')).toContain('filelog/acra:');
    expect(shown.join('')).toContain('What a Collector 0.148 cannot do');
  });

  it('says before rows are read by a Collector what is lost, and what is safer', async () => {
    const { shown, terminal: given } = terminal();
    expect(await collector.run(['--product', 'cesecore', '--out', join(folder, 'rows')], given)).toBe(0);
    expect(shown.join('')).toMatch(/Before you use cesecore-sql\.yaml:\n- Rows of AuditRecordData can be LOST/);
    expect(shown.join('')).toContain('Safer: `cryptrail run` with an `sql` source');
    expect(readFileSync(join(folder, 'rows', 'cesecore-sql.yaml'), 'utf8')).toContain('Collector 0.152');
  });

  it('adds what a profile wants', async () => {
    const { shown, terminal: given } = terminal();
    expect(await collector.run(['--product', 'acra', '--profile', 'ecs,event-name'], given)).toBe(0);
    expect(shown.join('')).toContain('transform/acra_ecs:');
    expect(shown.join('')).toContain(
      'processors: [transform/acra, transform/acra_ecs, transform/acra_event_name, groupbyattrs/acra]',
    );
  });

  it.each([
    [['--profile', 'cim'], '--profile'],
    [['--collector-version', '1.0'], '--collector-version'],
    [['--product', 'nothing'], 'knows no'],
    [['--product', 'cryptrail'], 'no log of it'],
  ])('refuses %j', async (args, message) => {
    await expect(collector.run(args, terminal().terminal)).rejects.toThrow(message);
  });
});
