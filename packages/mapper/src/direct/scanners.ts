import type { FormatRule } from '@cryptrail/catalogue';
import { createCefScanner } from './cef-scanner.ts';
import { JsonScanner } from './json-scanner.ts';
import type { CreateScanner } from './line-scanner.ts';
import { LogLineScanner } from './log-line-scanner.ts';
import { createLogfmtScanner } from './logfmt-scanner.ts';

/** A scanner, and whose formats it walks. */
interface KnownScanner {
  readonly decoders: readonly FormatRule['decoder'][];
  readonly create: CreateScanner;
}

/** The scanners that there are. Lines of other formats go the ordinary way. */
export const SCANNERS: readonly KnownScanner[] = [
  { decoders: ['json'], create: (_formats, findControl) => new JsonScanner(findControl) },
  { decoders: ['cef'], create: createCefScanner },
  { decoders: ['logfmt'], create: createLogfmtScanner },
  {
    decoders: ['delimited', 'labelled', 'pattern'],
    create: (_formats, findControl, products) => LogLineScanner.of(products, findControl),
  },
];
