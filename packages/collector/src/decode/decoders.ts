import type { FormatRule, Product } from '@cryptrail/catalogue';
import type { Block } from '../ottl/block.ts';
import { cefDecoder } from './cef.ts';
import type { Decoder } from './decoder.ts';
import { jsonDecoder } from './json.ts';
import { logfmtDecoder } from './logfmt.ts';
import { terminalDecoder } from './terminal.ts';

/** How a format is read; undefined when a Collector cannot read it from lines. */
function decoderOf(format: FormatRule): Decoder | undefined {
  switch (format.decoder) {
    case 'json':
      return jsonDecoder(format);
    case 'cef':
      return cefDecoder(format);
    case 'logfmt':
      return logfmtDecoder(format);
    case 'terminal':
      return terminalDecoder(format);
    default:
      return undefined;
  }
}

/** The formats of a product that its pack reads, and those it cannot. */
export function readableFormats({ formats }: Product): { readable: FormatRule[]; others: FormatRule[] } {
  return {
    readable: formats.filter((format) => decoderOf(format) !== undefined),
    others: formats.filter((format) => decoderOf(format) === undefined),
  };
}

/** Statements that read the formats. */
export function decodeBlocks(formats: readonly FormatRule[]): Block[] {
  return formats.flatMap((format) => decoderOf(format)?.blocks ?? []);
}
