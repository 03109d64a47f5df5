import type { FormatRule } from '@cryptrail/catalogue';
import { createCefScanner } from './cef-scanner.ts';
import { JsonScanner } from './json-scanner.ts';
import type { CreateMixedScanner } from './line-scanner.ts';
import { LogLineScanner } from './log-line-scanner.ts';
import { createLogfmtScanner } from './logfmt-scanner.ts';

/** A scanner, and the decoders of the formats that it walks. */
interface KnownScanner {
  readonly decoder: FormatRule['decoder'];
  readonly also?: readonly FormatRule['decoder'][];
  readonly create: CreateMixedScanner;
}

/** The scanners that there are. Lines of other formats go the ordinary way. */
export const SCANNERS: readonly KnownScanner[] = [
  { decoder: 'json', create: (_formats, findControl) => new JsonScanner(findControl) },
  { decoder: 'cef', create: createCefScanner },
  { decoder: 'logfmt', create: createLogfmtScanner },
  {
    decoder: 'delimited',
    also: ['labelled', 'pattern'],
    create: (_formats, findControl, products) => LogLineScanner.of(products, findControl),
  },
];
