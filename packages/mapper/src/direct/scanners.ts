import type { FormatRule } from '@cryptrail/catalogue';
import { createCefScanner } from './cef-scanner.ts';
import { JsonScanner } from './json-scanner.ts';
import type { CreateScanner } from './line-scanner.ts';
import { createLogfmtScanner } from './logfmt-scanner.ts';

/** The scanners that there are, by the decoder of the formats that they walk. Lines of other formats go the ordinary way. */
export const SCANNERS: readonly { readonly decoder: FormatRule['decoder']; readonly create: CreateScanner }[] = [
  { decoder: 'json', create: (_formats, findControl) => new JsonScanner(findControl) },
  { decoder: 'cef', create: createCefScanner },
  { decoder: 'logfmt', create: createLogfmtScanner },
];
