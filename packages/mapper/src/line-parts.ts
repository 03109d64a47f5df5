import { decodeCef } from './decode/cef.ts';
import type { Decoders } from './decode/decoders.ts';
import { decodeLogfmt } from './decode/logfmt.ts';
import { MESSAGE_DECODERS } from './decode/message-decoders.ts';
import { decodeTerminal } from './decode/terminal.ts';

/** A format of lines, JSON apart, which is always read. */
export type LineFormat = Decoders;

/** Lines in the Common Event Format. */
export const cef: LineFormat = { cef: decodeCef };
/** Lines of `key=value` pairs. */
export const logfmt: LineFormat = { logfmt: decodeLogfmt };
/** Lines as a program prints them on a terminal: `WARN[0042] …`. */
export const terminal: LineFormat = { terminal: decodeTerminal };
/** Messages of a logger in its own layout, e.g. that of log4j. */
export const messages: LineFormat = { messages: MESSAGE_DECODERS };
