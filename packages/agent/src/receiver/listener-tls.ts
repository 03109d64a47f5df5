import { readFileSync, statSync } from 'node:fs';
import type { Server, TlsOptions } from 'node:tls';

/** PEM files of a listener. */
export interface ListenerTls {
  readonly certFile: string;
  readonly keyFile: string;
  /** Asks clients for a certificate signed by these. */
  readonly clientCaFile?: string;
}

const LOOK_EVERY_MILLIS = 10_000;

/** Options for a TLS server. Throws the system's error when a file cannot be read. */
export function readListenerTls({ certFile, keyFile, clientCaFile }: ListenerTls): TlsOptions {
  return {
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    minVersion: 'TLSv1.2',
    ...(clientCaFile === undefined
      ? {}
      : { ca: readFileSync(clientCaFile), requestCert: true, rejectUnauthorized: true }),
  };
}

/** Takes up files that were replaced, for connections from then on. Gives what ends it. */
export function watchListenerTls(
  server: Pick<Server, 'setSecureContext'>,
  files: ListenerTls,
  note: (message: string) => void,
  everyMillis = LOOK_EVERY_MILLIS,
): () => void {
  let known = stampOf(files);
  const timer = setInterval(() => {
    const now = stampOf(files);
    if (now === known) return;
    known = now;
    try {
      server.setSecureContext(readListenerTls(files));
      note('the certificate was read again');
    } catch {
      note('the new certificate or key cannot be used; the old one stays');
    }
  }, everyMillis);
  timer.unref();
  return () => clearInterval(timer);
}

function stampOf({ certFile, keyFile, clientCaFile }: ListenerTls): string {
  return [certFile, keyFile, clientCaFile].map((path) => (path === undefined ? '' : stampOfFile(path))).join();
}

function stampOfFile(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs}/${found.size}/${found.ino}` : 'none';
}
