import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signEd25519,
  verify as verifyEd25519,
} from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { Failure, Misuse } from '../command-line/misuse.ts';
import { reasonOf, systemCode } from '../input/system-error.ts';

/** What signs a seal. */
export interface SealKey {
  /** Raw public key, 32 bytes in hex. */
  readonly publicKey: string;
  readonly sign: (data: Uint8Array) => Uint8Array;
}

/** What DER puts before the 32 bytes of an Ed25519 public key (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** Makes a key pair: the private key in a file that only the owner can read, the public one beside it for those who verify. Neither replaces a file. */
export async function writeSealKeys(privatePath: string, publicPath: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await writeNew(privatePath, privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600);
  await writeNew(publicPath, publicKey.export({ type: 'spki', format: 'pem' }), 0o644);
}

async function writeNew(path: string, content: string | Buffer, mode: number): Promise<void> {
  try {
    const handle = await open(path, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemCode(error) === 'EEXIST')
      throw new Misuse(`${path} exists already.`, 'A key that signed seals is not replaced; name another file.');
    throw new Failure(`${path} cannot be written: ${reasonOf(error)}`);
  }
}

/** The private key in a file. Never says what it read. */
export async function readSealKey(path: string): Promise<SealKey> {
  const key = keyOf(await content(path), createPrivateKey);
  if (key?.asymmetricKeyType !== 'ed25519')
    throw new Failure(`${path} holds no private Ed25519 key; cryptrail seal init makes one`);
  return { publicKey: rawKey(createPublicKey(key)), sign: (data) => signEd25519(null, data, key) };
}

/** The public key in a file, raw in hex. A private key is taken for its public half. */
export async function readSealPublicKey(path: string): Promise<string> {
  const key = keyOf(await content(path), createPublicKey);
  if (key?.asymmetricKeyType !== 'ed25519') throw new Failure(`${path} holds no public Ed25519 key (PEM)`);
  return rawKey(key);
}

async function content(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Failure(`the key file ${path} cannot be read: ${reasonOf(error)}`);
  }
}

function keyOf(pem: Buffer, read: (pem: Buffer) => KeyObject): KeyObject | undefined {
  try {
    return read(pem);
  } catch {
    return undefined;
  }
}

function rawKey(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).subarray(SPKI_HEAD.length).toString('hex');
}

/** Checks a signature with a raw public key in hex; false for what is no key. */
export function verifySignature(publicKey: string, data: Uint8Array, signature: Uint8Array): boolean {
  if (!/^[0-9a-f]{64}$/.test(publicKey)) return false;
  try {
    const der = Buffer.concat([SPKI_HEAD, Buffer.from(publicKey, 'hex')]);
    return verifyEd25519(null, data, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
  } catch {
    return false;
  }
}
