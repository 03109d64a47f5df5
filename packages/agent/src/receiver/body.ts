import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Why a body was not taken: status and a sentence that holds nothing of its content. */
export class Refused extends Error {
  readonly status: 400 | 403 | 404 | 405 | 413 | 415;

  constructor(status: Refused['status'], message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Reads the body of a request, decompressed. Compressed or not, no more than `maxBytes` are ever held: a small body that
 * expands without end is refused as soon as it passes the limit.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return collect(request, maxBytes);
  if (encoding !== 'gzip') throw new Refused(415, `content encoding must be gzip or identity`);
  const expanded = createGunzip();
  request.on('error', (error) => expanded.destroy(error));
  try {
    return await collect(request.pipe(expanded), maxBytes);
  } finally {
    request.unpipe(expanded);
    expanded.destroy();
  }
}

async function collect(stream: Readable, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > maxBytes) throw new Refused(413, `the body is longer than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(400, 'the body cannot be read to its end');
  }
  return Buffer.concat(chunks, length);
}
