/** The two hashes that verification needs, given from outside so that the package runs anywhere. Synchronous: a chain is one hash after the other. */
export interface HashPort {
  /** SHA-256 of the bytes: 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;
  /** HMAC-SHA256 of the parts one after the other: 32 bytes. */
  hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
}
