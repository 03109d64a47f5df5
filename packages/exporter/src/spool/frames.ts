import { crc32 } from 'node:zlib';
import type { EncodedGroup } from '../otlp/encoded-logs.ts';
import { ProtobufReader } from '../otlp/protobuf-reader.ts';
import { ProtobufWriter } from '../otlp/protobuf-writer.ts';

/*
 * A frame of a segment, numbers little-endian:
 *
 *   length u32 | crc32 u32 of what follows | kind u8 | content
 *
 * `length` counts kind and content. A head says whose the records behind it are, until the next head.
 */
export const FRAME_HEADER_BYTES = 8;
export const HEAD = 1;
export const RECORDS = 2;

/** What records have in common. */
export type Head = Omit<EncodedGroup, 'records' | 'count'>;

/** One frame. */
export function frame(kind: number, content: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_HEADER_BYTES + 1 + content.length);
  bytes.writeUInt32LE(content.length + 1, 0);
  bytes[FRAME_HEADER_BYTES] = kind;
  bytes.set(content, FRAME_HEADER_BYTES + 1);
  bytes.writeUInt32LE(crc32(bytes.subarray(FRAME_HEADER_BYTES)), 4);
  return bytes;
}

/** What stands at a place of a segment: a frame, the need for more bytes than were read, or damage. */
export type ReadFrame =
  | { readonly kind: number; readonly content: Uint8Array; readonly end: number }
  | 'damaged'
  | { readonly needs: number };

/** Reads the frame that begins at `at`; `maxBytes`: longest one that can be. */
export function readFrame(bytes: Buffer, at: number, maxBytes: number): ReadFrame {
  if (at + FRAME_HEADER_BYTES > bytes.length) return { needs: FRAME_HEADER_BYTES };
  const length = bytes.readUInt32LE(at);
  if (length === 0 || length > maxBytes) return 'damaged';
  const start = at + FRAME_HEADER_BYTES;
  const end = start + length;
  if (end > bytes.length) return { needs: end - at };
  if (crc32(bytes.subarray(start, end)) !== bytes.readUInt32LE(at + 4)) return 'damaged';
  return { kind: bytes[start] ?? 0, content: bytes.subarray(start + 1, end), end };
}

/** A head as bytes: `resource = 1; resource_schema_url = 2; scope = 3; scope_schema_url = 4`. */
export function writeHead({ resource, resourceSchemaUrl, scope, scopeSchemaUrl }: Head): Uint8Array {
  const writer = new ProtobufWriter(resource.length + scope.length + 64);
  writer.bytes(1, resource);
  if (resourceSchemaUrl !== undefined) writer.string(2, resourceSchemaUrl);
  writer.bytes(3, scope);
  if (scopeSchemaUrl !== undefined) writer.string(4, scopeSchemaUrl);
  return writer.take();
}

/** Reads what {@link writeHead} wrote. */
export function readHead(bytes: Uint8Array): Head {
  const reader = new ProtobufReader(Uint8Array.from(bytes));
  let [resource, scope]: Uint8Array[] = [new Uint8Array(), new Uint8Array()];
  const urls: { resourceSchemaUrl?: string; scopeSchemaUrl?: string } = {};
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === 0x0a) resource = reader.bytes();
    else if (tag === 0x12) urls.resourceSchemaUrl = reader.string();
    else if (tag === 0x1a) scope = reader.bytes();
    else if (tag === 0x22) urls.scopeSchemaUrl = reader.string();
    else reader.skip(tag);
  }
  return { resource: resource ?? new Uint8Array(), scope: scope ?? new Uint8Array(), ...urls };
}
