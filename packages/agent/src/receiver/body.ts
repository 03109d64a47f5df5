import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';

/** Why a request was not taken: status and a sentence that holds nothing of its content. */
export class Refused extends Error {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 429 | 503;

  constructor(status: Refused['status'], message: string) {
    super(message);
    this.status = status;
  }
}

/** The window that a frame of Zstandard may ask for, 8 MiB, as RFC 8878 advises: by default it could be 128 MiB. */
const ZSTD_WINDOW_LOG = 23;

const DECOMPRESSORS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', () => createGunzip()],
  ['zstd', () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } })],
]);

/**
 * Reads the body of a request, decompressed. Compressed or not, no more than `maxBytes` are ever held: a small body that
 * expands without end is refused as soon as it passes the limit.
 *
 * @param account - Told of each piece that is held; what it throws refuses the request.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  account: (bytes: number) => void = () => {},
): Promise<Uint8Array> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return collect(request, maxBytes, account);
  const expanded = DECOMPRESSORS.get(encoding)?.();
  if (!expanded) throw new Refused(415, `content encoding must be gzip, zstd or identity`);
  request.on('error', (error) => expanded.destroy(error));
  // A sender who hangs up in the middle ends the body without an error.
  request.once('close', () => {
    if (!request.complete) expanded.destroy(new Error('aborted'));
  });
  try {
    return await collect(request.pipe(expanded), maxBytes, account);
  } finally {
    request.unpipe(expanded);
    expanded.destroy();
  }
}

async function collect(stream: Readable, maxBytes: number, account: (bytes: number) => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > maxBytes) throw new Refused(413, `the body is longer than ${maxBytes} bytes`);
      account(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(400, 'the body cannot be read to its end');
  }
  return Buffer.concat(chunks, length);
}
