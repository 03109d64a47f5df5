import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasOpenssl, makeCertificate, type Pair } from '../../test/certificates.ts';
import { logRecord } from '../../test/log-records.ts';
import { createDelivery } from './create-delivery.ts';
import type { Settlement } from './types.ts';

/** Starts a backend that shows its certificate, and asks for one that `clients` has signed. */
async function startBackend(own: Pair, clients?: Pair): Promise<{ server: Server; endpoint: string }> {
  const asks = clients ? { ca: clients.cert, requestCert: true, rejectUnauthorized: true } : {};
  const server = createServer({ cert: own.cert, key: own.key, ...asks }, (request, response) => {
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cryptrail-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** As tools that rotate certificates do it. */
function replace(path: string, content: Uint8Array): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

describe.skipIf(!hasOpenssl)('TLS files of a delivery', () => {
  it('are read again when they are replaced, and nothing is lost meanwhile', async () => {
    const folder = temporaryFolder();
    const [first, second] = [makeCertificate(folder, 'first'), makeCertificate(folder, 'second')];
    const caFile = join(folder, 'ca.pem');
    replace(caFile, first.cert);
    const { server, endpoint } = await startBackend(first);
    const delivery = await createDelivery({ env: {}, endpoint, tls: { caFile }, forever: true, lingerMillis: 1 });
    const send = () => new Promise<Settlement>((onSettled) => void delivery.push(logRecord(), { onSettled }));
    expect(await send()).toEqual({ accepted: 1, deadLettered: 0 });

    server.setSecureContext({ cert: second.cert, key: second.key });
    server.closeAllConnections();
    const sent = send();
    await expect.poll(() => delivery.condition().status, { timeout: 30_000 }).toBe('refused');
    replace(caFile, second.cert);
    expect(await sent).toEqual({ accepted: 1, deadLettered: 0 });
    expect(delivery.condition()).toEqual({ status: 'delivering' });
    expect(await delivery.end()).toEqual({ delivered: 2, refused: 0 });
  });

  it('show a certificate of our own, and wait while the backend refuses it', async () => {
    const folder = temporaryFolder();
    const [backend, client, stranger] = ['backend', 'client', 'stranger'].map((name) => makeCertificate(folder, name));
    if (!backend || !client || !stranger) throw new Error('expected certificates');
    const [certFile, keyFile] = [join(folder, 'own.pem'), join(folder, 'own-key.pem')];
    replace(certFile, stranger.cert);
    replace(keyFile, stranger.key);
    const { endpoint } = await startBackend(backend, client);
    const tls = { caFile: backend.certFile, certFile, keyFile };
    const delivery = await createDelivery({ env: {}, endpoint, tls, forever: true, lingerMillis: 1 });
    delivery.push(logRecord());
    await expect.poll(() => delivery.condition().status, { timeout: 30_000 }).not.toBe('delivering');
    replace(certFile, client.cert);
    replace(keyFile, client.key);
    expect(await delivery.end()).toEqual({ delivered: 1, refused: 0 });
  });

  it('are named when they cannot be read', async () => {
    const tls = { caFile: '/nowhere/ca.pem' };
    await expect(createDelivery({ env: {}, endpoint: 'https://127.0.0.1:9', tls })).rejects.toMatchObject({
      code: 'invalid_option',
      message: 'TLS ca: the file "/nowhere/ca.pem" cannot be read',
    });
  });
});
