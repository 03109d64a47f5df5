import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { until } from '../../test/memory-context.ts';
import { watchListenerTls } from './listener-tls.ts';

describe('watchListenerTls', () => {
  it('fault 30 takes up a certificate that was replaced, and keeps the old one while the new cannot be used', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cryptrail-tls-'));
    const files = { certFile: join(folder, 'cert'), keyFile: join(folder, 'key') };
    writeFileSync(files.certFile, 'one');
    writeFileSync(files.keyFile, 'key');
    const used: TlsOptions[] = [];
    const notes: string[] = [];
    const server = {
      setSecureContext(options: TlsOptions) {
        if (String(options.cert) === 'half') throw new Error('no certificate');
        used.push(options);
      },
    };
    const stop = watchListenerTls(server, files, (note) => notes.push(note), 5);
    writeFileSync(files.certFile, 'half');
    await until(() => notes.length === 1);
    writeFileSync(files.certFile, 'second');
    await until(() => used.length === 1);
    stop();
    expect(String(used[0]?.cert)).toBe('second');
    expect(notes).toEqual([
      'the new certificate or key cannot be used; the old one stays',
      'the certificate was read again',
    ]);
  });
});
