import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Source } from '../src/sources/source.ts';
import { createMemoryContext, type MemoryContext, type MemoryOptions, until } from './memory-context.ts';

const SAID = 'listens on ';

/** A source that waits for senders, for the time of a test. */
export interface ListeningSource {
  readonly memory: MemoryContext;
  /** Where it listens, as it says so. */
  readonly place: string;
  end(): Promise<void>;
}

/** Runs a source until the test is over, from when it listens. */
export async function startListening(source: Source, memoryOptions: MemoryOptions = {}): Promise<ListeningSource> {
  const memory = createMemoryContext({ untilIdle: false, ...memoryOptions });
  const run = source.run(memory.context);
  run.catch(() => {});
  const end = async () => {
    memory.stop();
    await run;
  };
  onTestFinished(end);
  const said = () => memory.notes.find((note) => note.startsWith(SAID));
  await until(() => said() !== undefined);
  return { memory, place: said()?.slice(SAID.length) ?? '', end };
}

/** A certificate that signed itself, for this machine, with its key: for server and client alike. */
export function selfSigned() {
  const folder = mkdtempSync(join(tmpdir(), 'cryptrail-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key', '-out', 'cert', '-days', '2'];
  execFileSync('openssl', [...made, ...names], { cwd: folder, stdio: 'pipe' });
  const [certFile, keyFile] = [join(folder, 'cert'), join(folder, 'key')];
  return { certFile, keyFile, cert: readFileSync(certFile), key: readFileSync(keyFile) };
}
