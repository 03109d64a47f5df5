/**
 * SHA-256 and SHA-1 (FIPS 180-4) in plain JavaScript: the engine runs where `node:crypto` is not, and Web Crypto has no synchronous digest.
 * They make short identifiers of short texts; nothing is signed or authenticated with them.
 */

const BLOCK = 64;
/** Fractional parts of the square and cube roots of the first primes, the constants of SHA-256; computed when they are first needed. */
let sha256Constants: { readonly initial: readonly number[]; readonly round: readonly number[] } | undefined;
const SHA1_INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

/** The SHA-256 of a text's UTF-8 bytes, as 64 hex digits in lower case. */
export function sha256Hex(text: string): string {
  const bytes = sha256(new TextEncoder().encode(text));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The SHA-1 of bytes: 20 bytes. For UUIDs of version 5, which are defined by it. */
export function sha1(bytes: Uint8Array): Uint8Array {
  const state = Int32Array.from(SHA1_INITIAL);
  const words = new Int32Array(80);
  eachBlock(bytes, words, () => sha1Block(state, words));
  return bigEndian(state);
}

function sha256(bytes: Uint8Array): Uint8Array {
  sha256Constants ??= computeConstants();
  const { initial, round } = sha256Constants;
  const state = Int32Array.from(initial);
  const words = new Int32Array(64);
  eachBlock(bytes, words, () => sha256Block(state, words, round));
  return bigEndian(state);
}

/** Puts each padded block of 64 bytes into the first 16 words and calls `step`. */
function eachBlock(bytes: Uint8Array, words: Int32Array, step: () => void): void {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  for (let start = 0; start < padded.length; start += BLOCK) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(start + 4 * i);
    step();
  }
}

function sha256Block(state: Int32Array, words: Int32Array, round: readonly number[]): void {
  const w = (i: number) => words[i] ?? 0;
  for (let i = 16; i < 64; i += 1) {
    const s0 = right(w(i - 15), 7) ^ right(w(i - 15), 18) ^ (w(i - 15) >>> 3);
    const s1 = right(w(i - 2), 17) ^ right(w(i - 2), 19) ^ (w(i - 2) >>> 10);
    words[i] = w(i - 16) + s0 + w(i - 7) + s1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = right(e, 6) ^ right(e, 11) ^ right(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (round[i] ?? 0) + w(i)) | 0;
    const s0 = right(a, 2) ^ right(a, 13) ^ right(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  add(state, [a, b, c, d, e, f, g, h]);
}

/** Without arrays: identifiers are made for each record. */
function sha1Block(state: Int32Array, words: Int32Array): void {
  for (let i = 16; i < 80; i += 1) {
    const word = (words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0);
    words[i] = right(word, 31);
  }
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  for (let i = 0; i < 80; i += 1) {
    const next = (right(a, 27) + sha1Mix(i, b, c, d) + e + sha1Constant(i) + (words[i] ?? 0)) | 0;
    e = d;
    d = c;
    c = right(b, 2);
    b = a;
    a = next;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
}

function sha1Mix(i: number, b: number, c: number, d: number): number {
  if (i < 20) return (b & c) | (~b & d);
  return i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
}

function sha1Constant(i: number): number {
  if (i < 20) return 0x5a827999;
  if (i < 40) return 0x6ed9eba1;
  return i < 60 ? 0x8f1bbcdc : 0xca62c1d6;
}

function add(state: Int32Array, values: readonly number[]): void {
  values.forEach((value, i) => {
    state[i] = (state[i] ?? 0) + value;
  });
}

/** Rotation to the right. */
function right(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function bigEndian(state: Int32Array): Uint8Array {
  const bytes = new Uint8Array(4 * state.length);
  const view = new DataView(bytes.buffer);
  state.forEach((word, i) => {
    view.setInt32(4 * i, word);
  });
  return bytes;
}

/** A double holds 53 bits, enough for the 32 wanted behind the point: tested against every digest of `node:crypto`. */
function computeConstants(): { initial: number[]; round: number[] } {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const fraction = (root: number) => ((root % 1) * 2 ** 32) | 0;
  return {
    initial: primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))),
    round: primes.map((prime) => fraction(Math.cbrt(prime))),
  };
}
