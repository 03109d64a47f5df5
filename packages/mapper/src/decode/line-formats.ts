import type { Product } from '@cryptrail/catalogue';
import { decodeCef } from './cef.ts';
import type { Decoders } from './decoders.ts';
import { type DecodeJson, decodeJson } from './json.ts';
import { createReaderWith, type LineReader } from './line-reader.ts';
import { decodeLogfmt } from './logfmt.ts';
import { MESSAGE_DECODERS } from './message-decoders.ts';
import { decodeRow } from './row.ts';
import { decodeTerminal } from './terminal.ts';

export type { ReadLine } from './line-reader.ts';

const ALL: Decoders = {
  cef: decodeCef,
  logfmt: decodeLogfmt,
  terminal: decodeTerminal,
  row: decodeRow,
  messages: MESSAGE_DECODERS,
};

/** Compiles all formats of the products: see {@link createReaderWith}. */
export function createLineReader(
  products: readonly Product[],
  chosen: boolean,
  decode: DecodeJson = decodeJson,
): LineReader {
  return createReaderWith(ALL, products, chosen, decode);
}
