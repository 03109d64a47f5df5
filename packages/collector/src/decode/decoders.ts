import type { FormatRule, Product } from '@cryptrail/catalogue';
import type { Block } from '../ottl/block.ts';
import { cefDecoder } from './cef.ts';
import type { Decoder } from './decoder.ts';
import { delimitedDecoder } from './delimited.ts';
import { jsonDecoder } from './json.ts';
import { labelledDecoder } from './labelled.ts';
import { layoutBlocks } from './layout.ts';
import { listingDecoder } from './listing.ts';
import { logfmtDecoder } from './logfmt.ts';
import { patternDecoder } from './pattern.ts';
import { syslogHead } from './syslog.ts';
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
    case 'delimited':
      return delimitedDecoder(format);
    case 'labelled':
      return labelledDecoder(format);
    case 'listing':
      return listingDecoder(format);
    case 'pattern':
      return patternDecoder(format);
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

/** The order in which formats of a message are tried. */
const MESSAGE_ORDER = ['labelled', 'delimited', 'listing', 'pattern'];

/** Statements that read the formats; `more` are those that follow where a format was read. */
export function decodeBlocks(
  product: Product,
  formats: readonly FormatRule[],
  more: (format: FormatRule) => readonly string[],
): Block[] {
  const rank = ({ decoder }: FormatRule) => MESSAGE_ORDER.indexOf(decoder);
  const ordered = formats.toSorted((a, b) => rank(a) - rank(b));
  return [
    syslogHead(),
    ...layoutBlocks(product, formats),
    ...ordered.flatMap((format) =>
      (decoderOf(format)?.blocks ?? []).map((block) => ({
        ...block,
        statements: [...block.statements, ...more(format)],
      })),
    ),
  ];
}
