import { encodeInput } from '@cryptrail/exporter/otlp';
import type { Reader } from '@cryptrail/mapper';
import type { SourceContext, Stretch } from './source.ts';

/** Gives the records of an input in the form in which they are pushed. */
export interface RecordGiver {
  push(chunk: Uint8Array): Stretch['logs'];
  settle(): Stretch['logs'];
  end(): Stretch['logs'];
}

/** The records of a reader: encoded where nobody looks at them, else as objects. */
export function giverOf(reader: Reader, { encodes }: Pick<SourceContext, 'encodes'>): RecordGiver {
  return encodes ? encodeInput(reader) : reader;
}
