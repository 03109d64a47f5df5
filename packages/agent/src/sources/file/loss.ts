import type { EvidenceFinding, FieldValue } from '@cryptrail/mapper';
import { type Displacement, type KnownFile, readTo } from './known-file.ts';

const SENTENCES: Readonly<Record<Displacement, string>> = {
  removed: 'is gone',
  emptied: 'was emptied or written over',
  replaced: 'was replaced by another file',
};

/** Says that a packed file cannot be read to its end. */
export function damageOf(file: KnownFile, problem: string): EvidenceFinding {
  return {
    event: 'cryptrail.source.data_lost',
    message: `${problem}; what stands behind is lost`,
    fields: new Map<string, FieldValue>([
      ['path', { kind: 'string', text: file.saved.path }],
      ['loss', { kind: 'string', text: 'damaged' }],
    ]),
  };
}

/** Says that what stood in a file behind the last byte read is nowhere to be found. */
export function lossOf(file: KnownFile, how: Displacement): EvidenceFinding {
  const { path, resume } = file.saved;
  const read = readTo(file);
  const lost = Math.max(0, file.size - read);
  const amount = lost > 0 ? `at least ${lost} bytes are lost` : 'what was written to it since is lost';
  const number = (value: number): FieldValue => ({ kind: 'int', text: String(value) });
  return {
    event: 'cryptrail.source.data_lost',
    message: `${path} ${SENTENCES[how]}, and no copy of it was found: it was read to byte ${read}, ${amount}`,
    fields: new Map<string, FieldValue>([
      ['path', { kind: 'string', text: path }],
      ['loss', { kind: 'string', text: how }],
      ['offset', number(resume.offset ?? read)],
      ...(lost > 0 ? [['lost_bytes', number(lost)] as const] : []),
    ]),
  };
}
