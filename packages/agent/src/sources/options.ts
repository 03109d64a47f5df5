/** What can be said of any source. Names are those of the configuration file, in camel case. */
export interface CommonOptions {
  /**
   * Name of the source in positions and telemetry, instead of the one it gives itself: with a name, what a source reads can be changed
   * without losing where it was.
   */
  readonly id?: string;
  /** The one product that all of the source is of, e.g. `acra`. Default: each record is recognised by itself. */
  readonly product?: string;
  readonly application?: string;
  /** IANA zone of layouts that print none. Default `UTC`. */
  readonly timeZone?: string;
  /** The order of values in logs whose pattern was configured. */
  readonly logOrder?: string;
  /** Attributes that are added to the resource of every record; they win over what the records say. */
  readonly resource?: Readonly<Record<string, string | number | boolean>>;
  /** Milliseconds without a record after which the source is reported silent. Default: never. */
  readonly silentAfterMillis?: number;
  /** Most records a second, for back-fill beside other work. Default: no limit. */
  readonly maxRecordsPerSecond?: number;
  /** Records that are older than this (nanoseconds since 1970) are passed over. */
  readonly sinceUnixNano?: bigint;
}

/** Files that are written, rotated and added. */
export interface FileOptions extends CommonOptions {
  /** Globs or paths. */
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
  /** Where a file begins that was there before the first start. Default `beginning`. */
  readonly startAt?: 'beginning' | 'end';
  /** Form of the files, e.g. `lines`. Default: told by content. */
  readonly input?: string;
  /** Milliseconds between looks at the files. Default 1000. */
  readonly pollIntervalMillis?: number;
  /** Most files that are held open at a time. Default 64. */
  readonly maxOpenFiles?: number;
}

/** The journal of systemd. */
export interface JournaldOptions extends CommonOptions {
  /** Units, globs allowed. Default: all. */
  readonly units?: readonly string[];
  /** Syslog identifiers. Default: all. */
  readonly identifiers?: readonly string[];
  /** Folder or file of a journal, e.g. one that was copied here. Default: the journal of this machine. */
  readonly directory?: string;
  readonly startAt?: 'beginning' | 'end';
  /** The program. Default `journalctl`. */
  readonly command?: string;
}

/** A table AuditRecordData in a database. */
export interface SqlOptions extends CommonOptions {
  /** `postgres://…`, `mariadb://…` or `mysql://…`, with credentials; never shown. */
  readonly url: string;
  /** Default `AuditRecordData`. */
  readonly table?: string;
  /** Default 10 000. */
  readonly pollIntervalMillis?: number;
  /** Rows of one page. Default 1000. */
  readonly pageRows?: number;
  /** How far back, in milliseconds of time stamp, is looked for rows that were committed late. Default 300 000. */
  readonly overlapMillis?: number;
  /** How long, in milliseconds, a missing number may still be filled before it is reported as a gap. Default 300 000. */
  readonly gapAfterMillis?: number;
}

/** OTLP over HTTP, as the neighbour of a Collector or an SDK. */
export interface OtlpOptions extends CommonOptions {
  /** `host:port`. */
  readonly listen: string;
  /** Required, as `Authorization: Bearer …`, when it listens on more than loopback and no client certificate is asked for. */
  readonly token?: string;
  readonly tls?: ServerTls;
  /** Most bytes of a request, before and after decompression. Default 16 MiB. */
  readonly maxBodyBytes?: number;
  /** Most requests at a time. Default 64. */
  readonly maxRequests?: number;
}

/** Certificates of a listener. */
export interface ServerTls {
  readonly certFile: string;
  readonly keyFile: string;
  /** Asks clients for a certificate signed by these. */
  readonly clientCaFile?: string;
}

/** Standard input. */
export interface StdinOptions extends CommonOptions {
  readonly input?: string;
}

/** Syslog from relays. */
export interface SyslogOptions extends CommonOptions {
  /** `tcp://host:port`, `udp://…` or `tls://…`. */
  readonly listen: string;
  readonly tls?: ServerTls;
  /** Most connections at a time. Default 256. */
  readonly maxConnections?: number;
}
