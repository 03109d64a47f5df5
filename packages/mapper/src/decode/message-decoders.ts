import type { Decoded } from './decoded.ts';
import type { MessageDecoders, MessageFormat } from './decoders.ts';
import { decodeDelimited } from './delimited.ts';
import { decodeLabelled } from './labelled.ts';
import { announces, createLayouts, isTelling } from './line-kind.ts';
import { decodeListing } from './listing.ts';
import { compilePattern } from './pattern.ts';

/** All that reads messages of loggers. */
export const MESSAGE_DECODERS: MessageDecoders = { compile: messageDecoder, layouts: createLayouts, announces };

function messageDecoder(format: MessageFormat): (message: string, announced: boolean) => Decoded | undefined {
  if (format.decoder === 'labelled') return (message, announced) => decodeLabelled(message, format, announced);
  if (format.decoder === 'delimited') return (message, announced) => decodeDelimited(message, format, announced);
  if (format.decoder === 'listing') return (message) => decodeListing(message, format);
  const decode = compilePattern(format);
  const telling = isTelling(format.order);
  return (message, announced) => (announced || telling ? decode(message) : undefined);
}
