import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProtectionKeys } from './protection-keys.ts';

const SECRET = 'c0ffee'.repeat(10);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cryptrail-keys-'));
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'sub', '400.hex'), `${SECRET}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(list: string): ReturnType<typeof readProtectionKeys> {
  const path = join(folder, 'keys.json');
  await writeFile(path, list);
  return readProtectionKeys(path);
}

describe('readProtectionKeys', () => {
  it('D10 reads HMAC keys, with paths from where the list is', async () => {
    const keys = await read('{"400": {"type": "hmac", "file": "sub/400.hex"}}');
    const key = keys.get('400');
    expect(key?.type === 'hmac' && Buffer.from(key.key).toString('hex')).toBe(SECRET);
  });

  it('D10 checks signatures with RSA and EC public keys', async () => {
    const pairs = [
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ];
    for (const { privateKey, publicKey } of pairs) {
      await writeFile(join(folder, 'public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
      const key = (await read('{"401": {"type": "public", "file": "public.pem"}}')).get('401');
      const data = Buffer.from('row');
      const good = sign('sha256', data, privateKey);
      if (key?.type !== 'public') throw new Error('a public key is given');
      expect([key.verify(data, good), key.verify(Buffer.from('rov'), good)]).toEqual([true, false]);
    }
  });

  it.each([
    ['{', /is not JSON/],
    ['[]', /no JSON object/],
    ['null', /no JSON object/],
    ['{"x": {"type": "hmac", "file": "sub/400.hex"}}', /"x" is no key id/],
    ['{"0400": {"type": "hmac", "file": "sub/400.hex"}}', /"0400" is no key id/],
    ['{"400": null}', /key 400 needs "type"/],
    ['{"400": {"type": "hmac"}}', /key 400 needs "type"/],
    ['{"400": {"type": "hmac", "file": "gone.hex"}}', /the file of key 400 cannot be read/],
    ['{"400": {"type": "public", "file": "sub/400.hex"}}', /key 400 holds no public key/],
    ['{"400": {"type": "hmac", "file": "keys.json"}}', /key 400 does not hold hex digits/],
  ])('refuses %s and says which entry', async (list, message) => {
    const error = await read(list).catch((fault: unknown) => fault);
    expect(error).toMatchObject({ code: 'failure', message: expect.stringMatching(message) });
    expect(String(error)).not.toContain('c0ffee');
  });
});
