/** The types that cross the borders between the steps: Frame → RawRecord → Recognition → LogRecord. */
import type { EventRule, FormatRule, Product, SourceKind, Stream } from '@cryptrail/catalogue';
import type { Issue } from './issue.ts';

/** Where a record began. */
export interface Position {
  /** Byte offset of the physical line in its (decompressed) file or member; absent for rows and journal entries. */
  readonly offset?: number;
  /** Number of the physical line, entry or row, from 1. */
  readonly number: number;
}

/** What a wrapper round the line said: container runtime, syslog relay, journal. All of it is about the transport, not about the product. */
export interface Outer {
  readonly timeUnixNano?: bigint;
  readonly level?: string;
  readonly stream?: 'stdout' | 'stderr';
  readonly host?: string;
  /** Further attributes, e.g. `container.id`, ready to be put on the record. */
  readonly attributes?: ReadonlyMap<string, AttributeValue>;
}

/** One physical line (or entry) of an input, without its line break. */
export interface Frame {
  /** The bytes as read, for evidence; absent when the source had text only. */
  readonly bytes?: Uint8Array;
  readonly text: string;
  readonly position: Position;
  /** Cut by the line limit, here or upstream. */
  readonly truncated?: boolean;
  /** Length in bytes before cutting. */
  readonly byteLength: number;
  /** Number of the last line or entry that was joined into it, when there are several. */
  readonly lastNumber?: number;
  /** The wrapper is there but not its text: left out upstream (then `truncated`, too), or there never was one. A record all the same. */
  readonly withheld?: boolean;
  /** The line with its syslog head, which is all that tells who wrote it when it is no record of a known product. */
  readonly whole?: string;
  /** Taken out of a wrapper: `bytes` are those of the wrapped line. */
  readonly unwrapped?: boolean;
  readonly outer?: Outer;
  /** What a wrapper that is a logging layout said (JSON formatters, the message id of syslog). */
  readonly layout?: Layout;
}

/** A value as the source gave it. `text` is the source text (without quotes and escapes), exact also for numbers beyond 2^53; JSON text for objects and arrays. */
export interface FieldValue {
  readonly kind: SourceKind;
  readonly text: string;
}

/** What a logging layout printed round a message. */
export interface Layout {
  /** The time as printed. */
  readonly time?: string;
  readonly level?: string;
  readonly category?: string;
  readonly thread?: string;
}

/** A decoded line: fields with their source text. Knows a format, no product. */
export interface RawRecord {
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** The open-ended part of formats that have one; empty for flat formats. */
  readonly details: ReadonlyMap<string, FieldValue>;
  readonly layout?: Layout;
  /** The text of the whole record, line breaks included. */
  readonly original: string;
  readonly position: Position;
  readonly outer?: Outer;
  readonly truncated?: boolean;
  readonly issues: readonly Issue[];
}

/** Which product, format and event a record is. */
export interface Recognition {
  readonly record: RawRecord;
  readonly product: Product;
  readonly format: FormatRule;
  /** Key of `product.applications`, or undefined when nothing tells. */
  readonly application?: string;
  /** The code as printed, trimmed; absent when the source printed none. */
  readonly code?: string;
  /** Name of the event; absent when it is no event that the catalogue knows. */
  readonly eventName?: string;
  readonly event?: EventRule;
  /** Stream of a record that is no event. */
  readonly stream?: Stream;
  /** Texts captured by the message template that matched. */
  readonly captures: ReadonlyMap<string, string>;
}

/** A floating-point attribute value; plain numbers are whole. */
export class Double {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** Value of an attribute. `number`: whole and safe; `bigint`: a whole number beyond 2^53, within 64 bit; `Double`: floating point. */
export type AttributeValue = string | boolean | number | bigint | Double | readonly string[];

/** The observed product instance. Equal resources of one pipeline are one object, so that records can be grouped by identity. */
export interface Resource {
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

/** How well a record could be read; absent: fully. */
export type ParseStatus = 'partial' | 'truncated' | 'unparsed' | 'foreign';

/** Our own log record: what any door (OTel SDK, OTLP JSON, protobuf) encodes. */
export interface LogRecord {
  /** Nanoseconds since 1970; 0n when the source has no time that can be read. */
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  /** 0 when the source has none. */
  readonly severityNumber: number;
  readonly severityText?: string;
  readonly eventName?: string;
  readonly body: string;
  /** 32 hex digits. */
  readonly traceId?: string;
  /** 16 hex digits. */
  readonly spanId?: string;
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  readonly resource: Resource;
  readonly parseStatus?: ParseStatus;
  /** Id of the product, when it is a record of one. */
  readonly product?: string;
  readonly issues: readonly Issue[];
}
