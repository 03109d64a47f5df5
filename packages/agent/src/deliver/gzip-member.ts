import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import { NotOurs } from './append-file.ts';

const deflated = promisify(deflateRaw) as (bytes: Uint8Array, options: object) => Promise<Buffer>;

/*
 * A member as RFC 1952 has it, with one extra field (2.3.1.1) that holds how long the member is, so that the members of a file can be counted
 * without unpacking them:
 *
 *   1f 8b 08 04 | time 0 | xfl 0 | os ff | xlen 8 | 'C' 'T' | 4 | length of the member | deflated bytes | crc32 | isize
 */
const HEADER_BYTES = 20;
const TRAILER_BYTES = 8;
const MAGIC = Buffer.from([0x1f, 0x8b, 0x08, 0x04, 0, 0, 0, 0, 0, 0xff, 8, 0, 0x43, 0x54, 4, 0]);
const LEVEL = 6;

/** Bytes as one member of a gzip file. Several members in a row are one file. */
export async function toGzipMember(bytes: Uint8Array): Promise<Buffer> {
  const body = await deflated(bytes, { level: LEVEL });
  const member = Buffer.alloc(HEADER_BYTES + body.length + TRAILER_BYTES);
  MAGIC.copy(member);
  member.writeUInt32LE(member.length, MAGIC.length);
  body.copy(member, HEADER_BYTES);
  member.writeUInt32LE(crc32(bytes), member.length - 8);
  member.writeUInt32LE(bytes.length % 2 ** 32, member.length - 4);
  return member;
}

/** What a crash leaves is less than one member; more than this is damage of another kind. */
const LONGEST_REST = 64 * 1024 * 1024;

/** Where the last whole member of a file ends. Rejects when the file was not written here, or is damaged in its midst: nothing can be added to it safely. */
export async function endOfMembers(file: FileHandle, length: number): Promise<number> {
  const header = Buffer.alloc(HEADER_BYTES);
  let end = 0;
  while (end + HEADER_BYTES <= length) {
    await file.read(header, 0, HEADER_BYTES, end);
    const size = header.readUInt32LE(MAGIC.length);
    if (!isOurs(header)) break;
    if (size < HEADER_BYTES + TRAILER_BYTES || end + size > length) break;
    end += size;
  }
  const rest = Buffer.alloc(Math.min(MAGIC.length, length - end));
  await file.read(rest, 0, rest.length, end);
  // Zeros are what some file systems leave of a crash.
  const isLeft = length - end <= LONGEST_REST && (isOurs(rest) || rest.every((byte) => byte === 0));
  if (!isLeft) throw new NotOurs();
  return end;
}

/** Whether these are the first bytes of a member, or fewer than its first. */
function isOurs(bytes: Uint8Array): boolean {
  return MAGIC.subarray(0, bytes.length).equals(bytes.subarray(0, MAGIC.length));
}
