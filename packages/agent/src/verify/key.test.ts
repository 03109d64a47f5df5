import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyFromEnvironment, keyFromFile } from './key.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => 200 - index);
const HEX = Buffer.from(KEY).toString('hex');
const BASE64 = Buffer.from(KEY).toString('base64');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cryptrail-key-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function keyOf(content: string | Uint8Array): Promise<Uint8Array> {
  const path = join(folder, 'a, b.key');
  await writeFile(path, content);
  return keyFromFile(path);
}

describe('keyFromFile', () => {
  it.each([
    ['raw bytes', KEY],
    ['hex', HEX],
    ['upper-case hex with a line break', `${HEX.toUpperCase()}\r\n`],
    ['Base64', BASE64],
    ['Base64 without padding', ` ${BASE64.replace('=', '')}\n`],
  ])('C45 reads a key as %s', async (_, content) => {
    expect(Buffer.from(await keyOf(content)).toString('hex')).toBe(HEX);
  });

  it.each([['', 'secretsecret', HEX.slice(1), `${HEX}00`, `-----BEGIN ${BASE64}`]])(
    'refuses %j without a word of what it read',
    async (content) => {
      const error = await keyOf(content).catch((fault: unknown) => fault);
      expect(error).toMatchObject({ code: 'failure', message: expect.stringContaining('holds no key of 32 bytes') });
      if (content !== '') expect(String(error)).not.toContain(content.slice(0, 8));
    },
  );

  it('says of a file that cannot be read which it is, and why', async () => {
    const gone = join(folder, 'gone.key');
    await expect(keyFromFile(gone)).rejects.toMatchObject({
      code: 'failure',
      message: expect.stringMatching(/the key file .*gone\.key cannot be read: ./),
    });
    await expect(keyFromFile(folder)).rejects.toThrow(/cannot be read/);
  });

  it.skipIf(process.getuid?.() === 0)('says so of a file that only others may read', async () => {
    const path = join(folder, 'locked.key');
    await writeFile(path, KEY);
    await chmod(path, 0);
    await expect(keyFromFile(path)).rejects.toThrow(/cannot be read: .*permission/i);
  });
});

describe('keyFromEnvironment', () => {
  it('reads hex or Base64', () => {
    expect(Buffer.from(keyFromEnvironment('--key-env', 'KEY', { KEY: BASE64 })).toString('hex')).toBe(HEX);
  });

  it('calls a variable that is not set misuse, and says no value', () => {
    expect(() => keyFromEnvironment('--key-env', 'KEY', {})).toThrow(/--key-env names KEY, which is not set/);
    expect(() => keyFromEnvironment('--key-env', 'KEY', { KEY: 'plantedplanted' })).toThrow(
      /^(?!.*planted).*holds no key/,
    );
  });
});
