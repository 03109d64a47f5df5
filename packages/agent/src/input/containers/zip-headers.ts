import { UnreadableContent } from '../member.ts';
import { textAt } from '../signature.ts';
import type { ByteSource } from './byte-source.ts';
import type { CheckSum } from './zip-content.ts';

/** What stands before the data of an entry in a zip archive. */
export interface LocalHeader {
  readonly path: string;
  readonly method: number;
  readonly encrypted: boolean;
  /** Absent when the one who packed did not know it yet. */
  readonly packedLength?: number;
  /** Absent when it follows the data. */
  readonly sum?: CheckSum;
}

const FLAG = { encrypted: 0x01, sumBehind: 0x08 } as const;
const ZIP64 = 0x0001;
const IN_ZIP64 = 0xffff_ffff;

/** Records behind the last entry: the lengths of their fixed part, signature included, and where the lengths of their other parts stand. */
const RECORDS_BEHIND: readonly (readonly [signature: string, fixed: number, lengthsAt: readonly number[]])[] = [
  ['PK\x01\x02', 46, [28, 30, 32]],
  ['PK\x05\x05', 6, [4]],
  ['PK\x06\x07', 20, []],
];

/**
 * Reads the next header; undefined when the entries end and the directory behind them is whole.
 *
 * @throws {@link UnreadableContent} when the archive is cut, or something else stands there.
 */
export async function readLocalHeader(source: ByteSource): Promise<LocalHeader | undefined> {
  const signature = await source.exactly(4);
  source.unread(signature);
  if (!textAt(signature, 0, 'PK\x03\x04')) {
    await passDirectory(source);
    return undefined;
  }
  const fixed = await take(source, 30);
  const name = await take(source, fixed.readUInt16LE(26));
  const extra = await take(source, fixed.readUInt16LE(28));
  const { getFileNameLowLevel } = await import('yauzl');
  const fields = extraFields(extra);
  const flags = fixed.readUInt16LE(6);
  const path = getFileNameLowLevel(flags, name, fields, false);
  const [length, packedLength] = lengthsOf(fixed, fields.find(({ id }) => id === ZIP64)?.data);
  const behind = (flags & FLAG.sumBehind) !== 0;
  // A folder has no data, also when it is said to come.
  const known = !behind || packedLength > 0 || path.endsWith('/');
  return {
    path,
    method: fixed.readUInt16LE(8),
    encrypted: (flags & FLAG.encrypted) !== 0,
    ...(known ? { packedLength } : {}),
    ...(behind ? {} : { sum: { sum: fixed.readUInt32LE(14), length } }),
  };
}

/** Extra fields as far as they can be read: `id, length, data`, again and again. */
function extraFields(extra: Buffer): { id: number; data: Buffer }[] {
  const fields: { id: number; data: Buffer }[] = [];
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) break;
    fields.push({ id: extra.readUInt16LE(at), data: extra.subarray(at + 4, end) });
    at = end;
  }
  return fields;
}

function lengthsOf(fixed: Buffer, zip64: Buffer | undefined): [length: number, packedLength: number] {
  let at = 0;
  const wide = (short: number) => {
    if (short !== IN_ZIP64 || !zip64 || at + 8 > zip64.length) return short;
    at += 8;
    return Number(zip64.readBigUInt64LE(at - 8));
  };
  const length = wide(fixed.readUInt32LE(22));
  return [length, wide(fixed.readUInt32LE(18))];
}

/**
 * Reads the checksum behind the data. Its signature may be missing, and its lengths have four or eight bytes: what follows decides.
 *
 *     [PK\7\8] checksum packed-length length PK…
 */
export async function readDescriptor(source: ByteSource, length: number): Promise<CheckSum> {
  const bytes = Buffer.from(await source.exactly(28));
  const start = textAt(bytes, 0, 'PK\x07\x08') ? 4 : 0;
  const wide = !textAt(bytes, start + 12, 'PK') && textAt(bytes, start + 20, 'PK');
  const end = start + (wide ? 20 : 12);
  if (bytes.length < end) throw tooEarly();
  source.unread(bytes.subarray(end));
  const written = wide ? Number(bytes.readBigUInt64LE(start + 12)) : bytes.readUInt32LE(start + 8);
  // Short lengths are those modulo 2^32.
  const fits = wide ? written === length : written === length % 2 ** 32;
  return { sum: bytes.readUInt32LE(start), length: fits ? length : written };
}

async function passDirectory(source: ByteSource): Promise<void> {
  for (;;) {
    const signature = await source.exactly(4);
    if (signature.length < 4) throw tooEarly();
    source.unread(signature);
    if (textAt(signature, 0, 'PK\x05\x06')) {
      const end = await take(source, 22);
      await take(source, end.readUInt16LE(20));
      return;
    }
    if (textAt(signature, 0, 'PK\x06\x06')) {
      const end = await take(source, 12);
      await pass(source, Number(end.readBigUInt64LE(4)));
      continue;
    }
    const record = RECORDS_BEHIND.find(([text]) => textAt(signature, 0, text));
    if (!record) throw new UnreadableContent('the zip archive is damaged: no header stands where one should');
    const fixed = await take(source, record[1]);
    for (const at of record[2]) await take(source, fixed.readUInt16LE(at));
  }
}

async function pass(source: ByteSource, length: number): Promise<void> {
  for (let left = length; left > 0; ) {
    const part = await source.some(Math.min(left, 64 * 1024));
    if (!part) throw tooEarly();
    left -= part.length;
  }
}

async function take(source: ByteSource, length: number): Promise<Buffer> {
  const bytes = await source.exactly(length);
  if (bytes.length < length) throw tooEarly();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function tooEarly(): UnreadableContent {
  return new UnreadableContent('the zip archive ends too early');
}
