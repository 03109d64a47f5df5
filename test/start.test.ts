import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { cryptrail, startCryptrail } from './support/cryptrail.ts';

const RECORD = JSON.stringify({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'mine' } }] },
      scopeLogs: [
        { logRecords: [{ eventName: 'my.own\u001bevent', severityNumber: 17, body: { stringValue: 'hello' } }] },
      ],
    },
  ],
});

const children: ReturnType<typeof startCryptrail>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts `cryptrail start` and waits until it says where it listens. */
async function started(...flags: string[]) {
  const child = startCryptrail(['start', ...flags]);
  children.push(child);
  const output = { text: '' };
  child.stdout.on('data', (chunk) => {
    output.text += chunk;
  });
  await waitFor(() => output.text.includes('Waiting for'));
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(output.text) ?? [];
  return { child, output, url };
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('cryptrail start', () => {
  it('A12 F02 sends samples of all products through the whole pipeline and ends with 0 when all have arrived', async () => {
    const { status, stdout, stderr } = await cryptrail(['start', '--once', '--port', '0']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [, sent, received] =
      /^(\d+) records sent, (\d+) received over OTLP\/HTTP at http:\/\/127/m.exec(stdout) ?? [];
    expect(Number(sent)).toBeGreaterThan(300);
    expect(received).toBe(sent);
    for (const prefix of ['acra', 'cesecore', 'aqtive']) expect(stdout).toContain(` ${prefix}.`);
    const counts = [...stdout.matchAll(/^ +(\d+) /gm)].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(counts).toBe(Number(received));
  });

  it('shows the most important kinds first, a poison record before all others', async () => {
    const { stdout } = await cryptrail(['start', '--once', '--port', '0']);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^COUNT\s+PRIORITY\s+SEVERITY\s+OUTCOME\s+EVENT$/);
    expect(lines[1]).toMatch(/critical\s+WARN\s+acra\.decryptor\.recognized_poison_record/);
  });

  it('stays up as a receiver, prints what arrives, and ends with 0 on SIGTERM and Ctrl-C', async () => {
    const { child, output, url } = await started('--port', '0');
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/v1/logs`, { method: 'POST', headers, body: RECORD });
    expect(answer.status).toBe(200);
    await waitFor(() => output.text.includes('hello'));
    expect(output.text.split('\n').at(-2)).toMatch(/mine\s+ERROR\s+my\.own\\eevent\s+hello$/);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
    const other = await started('--port', '0');
    other.child.kill('SIGINT');
    expect(await once(other.child, 'close')).toEqual([0, null]);
  });

  it('sends to its own receiver whatever backend the environment names', async () => {
    const { status } = await cryptrail(['start', '--once', '--port', '0'], '', undefined, {
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://127.0.0.1:1/v1/logs',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    });
    expect(status).toBe(0);
  });

  it('says which port it cannot have', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { status, stderr } = await cryptrail(['start', '--once', '--port', String(port)]);
    other.close();
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`^cryptrail: cannot listen on port ${port}: `));
  });
});

describe('cryptrail convert --endpoint', () => {
  const POISON = '{"code":587,"level":"warning","msg":"Recognized poison record","product":"acra-server"}\n';

  it('A12 delivers over OTLP instead of writing', async () => {
    const { output, url } = await started('--port', '0');
    const run = await cryptrail(['convert', '--endpoint', url], POISON.repeat(3));
    expect(run).toMatchObject({ status: 0, stdout: '', stderr: '' });
    await waitFor(() => output.text.split('Recognized poison record').length === 4);
  });

  it('ends with 1 and says why when the backend refuses', async () => {
    const refusing = createServer((_, response) => response.writeHead(403).end()).listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const { port } = refusing.address() as AddressInfo;
    const run = await cryptrail(['convert', '--endpoint', `http://127.0.0.1:${port}`], POISON);
    refusing.close();
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(/^cryptrail: 1 of 1 records were not accepted: .*403/);
  });

  it('is misused with an address that is none, or with another destination', async () => {
    expect(await cryptrail(['convert', '--endpoint', 'localhost:4318'])).toMatchObject({ status: 2 });
    expect(await cryptrail(['convert', '--endpoint', 'http://x', '--out-file', 'y'])).toMatchObject({
      status: 2,
      stderr: 'cryptrail: --endpoint and --out-file exclude each other.\n',
    });
  });
});
