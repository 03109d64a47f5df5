import { crc32, deflateRawSync } from 'node:zlib';

const BLOCK = 512;

/** An entry of a made archive. */
export interface TarPart {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** `0` a file (default), `1` and `2` links, `3` and `4` devices, `5` a folder, `6` a pipe, `L` a long name, `x` a PAX header. */
  readonly type?: string;
  readonly link?: string;
  /** Length to be written instead of the true one. */
  readonly size?: number;
  /** Leaves the signature out, as before 1988. */
  readonly old?: boolean;
}

/** A tar archive, byte by byte, so that hostile ones can be made. */
export function tarOf(parts: readonly TarPart[], endMark = true): Buffer {
  return Buffer.concat([...parts.map(tarPart), Buffer.alloc(endMark ? 2 * BLOCK : 0)]);
}

function tarPart({ name, content = '', type = '0', link = '', size, old = false }: TarPart): Buffer {
  const data = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${(size ?? data.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('14600000000\0', 136);
  header.write(old && type === '0' ? '\0' : type, 156);
  header.write(link, 157, 100);
  if (!old) header.write('ustar\x0000', 257);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);
}

/** A record of a PAX header: its own length, key, value. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (Buffer.byteLength(`${length}${rest}`) !== length) length += 1;
  return `${length}${rest}`;
}

/** An entry of a made zip archive. */
export interface ZipPart {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** 8 deflates, 0 (and any other) stores. Default 8. */
  readonly method?: number;
  /** Writes checksum and lengths behind the data: `plain`, `signed`, or `wide` with lengths of eight bytes. */
  readonly behind?: 'plain' | 'signed' | 'wide';
  readonly flags?: number;
  /** Unix mode; files by default. */
  readonly mode?: number;
  readonly sum?: number;
}

/** A zip archive, byte by byte. */
export function zipOf(parts: readonly ZipPart[], comment = ''): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const { local, central } = zipPart(part, offset);
    bodies.push(local);
    directory.push(central);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...bodies, central, end, Buffer.from(comment)]);
}

function zipPart(part: ZipPart, offset: number): { local: Buffer; central: Buffer } {
  const { name, content = '', method = 8, behind, flags = 0, mode = 0o100644 } = part;
  const data = Buffer.from(content);
  const packed = method === 8 ? deflateRawSync(data) : data;
  const path = Buffer.from(name);
  const sum = part.sum ?? crc32(data);
  const fields = (signature: string, length: number, at: number, known: boolean) => {
    const header = Buffer.alloc(length);
    header.write(signature, 'latin1');
    header.writeUInt16LE(flags | (behind ? 0x08 : 0) | 0x800, at + 2);
    header.writeUInt16LE(method, at + 4);
    header.writeUInt32LE(known ? sum : 0, at + 10);
    header.writeUInt32LE(known ? packed.length : 0, at + 14);
    header.writeUInt32LE(known ? data.length : 0, at + 18);
    header.writeUInt16LE(path.length, at + 22);
    return header;
  };
  const local = fields('PK\x03\x04', 30, 4, behind === undefined);
  const central = fields('PK\x01\x02', 46, 6, true);
  central.writeUInt16LE(0x0314, 4);
  central.writeUInt32LE((mode << 16) >>> 0, 38);
  central.writeUInt32LE(offset, 42);
  const tail = behind ? descriptor(sum, packed.length, data.length, behind) : Buffer.alloc(0);
  return { local: Buffer.concat([local, path, packed, tail]), central: Buffer.concat([central, path]) };
}

function descriptor(sum: number, packed: number, length: number, form: 'plain' | 'signed' | 'wide'): Buffer {
  const wide = form === 'wide';
  const tail = Buffer.alloc(wide ? 20 : 12);
  tail.writeUInt32LE(sum, 0);
  tail.writeUInt32LE(packed, 4);
  tail.writeUInt32LE(length, wide ? 12 : 8);
  return form === 'plain' ? tail : Buffer.concat([Buffer.from('PK\x07\x08', 'latin1'), tail]);
}
