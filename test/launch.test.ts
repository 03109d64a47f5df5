import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Runs a program as if Node had another version. */
function runOn(version: string, ...args: string[]) {
  const versions = JSON.stringify({ ...process.versions, node: version });
  const disguise = `Object.defineProperty(process, 'versions', { value: ${versions} })`;
  const preload = `data:text/javascript,${encodeURIComponent(disguise)}`;
  return spawnSync(process.execPath, ['--import', preload, ...args], { encoding: 'utf8' });
}

describe('the launcher of the npm scripts', () => {
  it('says in one line that Node is too old to start', () => {
    const { status, stdout, stderr } = runOn('18.20.4', 'scripts/launch.mjs', 'start');
    expect(stderr).toMatch(/^Node\.js 20 or newer is needed to start; this is 18\.20\.4\..*\n$/);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  it('names its tasks when it is given another', () => {
    const { status, stderr } = runOn('20.11.0', 'scripts/launch.mjs', 'no-such-task');
    expect(stderr).toContain('start|test|check');
    expect(status).toBe(2);
  });
});

describe('the command', () => {
  it.each(['18.20.4', '22.14.0'])('says in one line that Node %s is too old to run', (version) => {
    const { status, stdout, stderr } = runOn(version, 'packages/agent/bin/cryptrail.js', '--version');
    expect(stderr).toBe(`cryptrail needs Node.js 22.15 or newer; this is ${version}.\n`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('answers on the oldest Node that it is made for', () => {
    const { status, stderr } = runOn('22.15.0', 'packages/agent/bin/cryptrail.js', '--version');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
