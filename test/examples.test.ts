import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What a reader should see of each example: a few words from every part of its story. */
const shown: Readonly<Record<string, readonly string[]>> = {
  'examples/convert-a-file': [
    'acra.decryptor.recognized_poison_record (severity 13): Recognized poison record',
    'critical: Poison record recognised',
    'medium: Certificate revoked or re-activated',
    '5 records, 1 foreign; as OTLP: {"resourceLogs":[{"resource":{"attributes":[{"…',
  ],
  'examples/emit-events': [
    'cesecore.cert_creation (severity 9): Certificate issued',
    'cryptrail.outcome = success',
    'cesecore.access_control (severity 17): ra-officer may not revoke certificates',
    'cryptrail.outcome = failure',
  ],
  'examples/enrich-in-process': [
    'the application: (no event) [info] watchdog started',
    'acra-server: acra.decryptor.recognized_poison_record [warning] Recognized poison record',
    'acra.client.id = billing',
    'acra-translator: acra.keys.cant_load_master_key [error] Can not load master key',
  ],
};
const programs = globSync('examples/*/run.ts').sort();

it('knows what every example shows', () => {
  expect(Object.keys(shown)).toEqual(programs.map((program) => dirname(program)));
});

describe.each(programs)('F03 %s', (program) => {
  it('runs and shows its story', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8', timeout: 60_000 });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.split('\n').map((line) => line.trim());
    expect(lines).toEqual(expect.arrayContaining([...(shown[dirname(program)] ?? [])]));
  });

  it('is short, has its steps written down, and imports published names only', () => {
    const text = readFileSync(program, 'utf8');
    const code = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//'));
    expect(code.length).toBeLessThan(50);
    expect(readFileSync(`${dirname(program)}/README.md`, 'utf8')).toContain('1. Install');
    expect([...text.matchAll(/from '(\.[^']*)'/g)]).toEqual([]);
  });
});
