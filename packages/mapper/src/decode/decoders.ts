import type {
  CefFormat,
  DelimitedFormat,
  LabelledFormat,
  ListingFormat,
  LogfmtFormat,
  PatternFormat,
  Product,
  RowFormat,
  TerminalFormat,
} from '@cryptrail/catalogue';
import type { FieldValue, Layout } from '../records.ts';
import type { Decoded } from './decoded.ts';
import type { ReadLayout } from './layout.ts';

/** What reads the formats of lines, JSON apart. A program that has no use for one leaves it out, and need not carry its code. */
export interface Decoders {
  readonly cef?: (text: string, format: CefFormat) => Decoded | undefined;
  readonly logfmt?: (text: string, format: LogfmtFormat) => Decoded | undefined;
  readonly terminal?: (text: string, format: TerminalFormat) => Decoded | undefined;
  readonly row?: (row: ReadonlyMap<string, FieldValue>, format: RowFormat) => Decoded | undefined;
  readonly messages?: MessageDecoders;
}

/** A format of messages that a logger prints, with its own layout round them or without. */
export type MessageFormat = LabelledFormat | DelimitedFormat | ListingFormat | PatternFormat;

/** Reads messages behind the layout of a logger. */
export interface MessageDecoders {
  readonly compile: (format: MessageFormat) => (message: string, announced: boolean) => Decoded | undefined;
  readonly layouts: (products: readonly Product[]) => readonly ReadLayout[];
  /** Whether the layout's category is one of these. */
  readonly announces: (categories: readonly string[] | undefined, layout: Layout | undefined) => boolean;
}
