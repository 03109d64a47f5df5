/** The backend of the bench: takes OTLP over HTTP, counts, and keeps bodies only where they are to be compared. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A body as it was sent, unpacked. */
export interface Received {
  readonly bytes: Uint8Array;
  readonly type: string | undefined;
}

export class Sink {
  readonly #server: Server;
  #wireBytes = 0;
  #bodies: Received[] | undefined;
  /** Milliseconds until a request is answered. */
  delay = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      const kept: Buffer[] = [];
      request.on('data', (chunk: Buffer) => {
        this.#wireBytes += chunk.length;
        if (this.#bodies) kept.push(chunk);
      });
      request.on('end', () => {
        const body = Buffer.concat(kept);
        const isPacked = request.headers['content-encoding'] === 'gzip';
        this.#bodies?.push({ bytes: isPacked ? gunzipSync(body) : body, type: request.headers['content-type'] });
        response.setHeader('content-type', request.headers['content-type'] ?? 'application/x-protobuf');
        if (this.delay === 0) response.end();
        else setTimeout(() => response.end(), this.delay);
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What came while `run` ran. */
  async during<Result>(
    keep: boolean,
    run: () => Promise<Result>,
  ): Promise<{ result: Result; wireBytes: number; bodies: Received[] }> {
    const before = this.#wireBytes;
    const bodies: Received[] = [];
    this.#bodies = keep ? bodies : undefined;
    const result = await run();
    this.#bodies = undefined;
    return { result, wireBytes: this.#wireBytes - before, bodies };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
