/**
 * The shapes of the tables. A product is a folder of data (`products/<id>/`): `product.json`, `events.json` and `fields.json`
 * have the shapes below, and two engines read them: our mapper and the generator of Collector configuration. So nothing
 * here is code: every rule is a value out of a small closed set.
 */

/** What a record is about, across products: the value of `cryptrail.category`. */
export type Category =
  | 'authentication'
  | 'authorization'
  | 'key_management'
  | 'crypto_operation'
  | 'certificate_lifecycle'
  | 'configuration'
  | 'data_access'
  | 'deception'
  | 'network'
  | 'availability'
  | 'audit_trail'
  | 'integration';

/** How soon somebody should look, in Sigma's level words: the value of `cryptrail.priority`. */
export type Priority = 'informational' | 'low' | 'medium' | 'high' | 'critical';

/** Whether the attempted action took effect for the actor: the value of `cryptrail.outcome`. */
export type Outcome = 'success' | 'failure' | 'unknown';

/** The stream of records an analyst would watch: the value of `cryptrail.stream`. */
export type Stream = 'security_events' | 'access_events' | 'sql_queries' | 'lifecycle' | 'operations';

/** Requirement level of an attribute on an event, in the words of the OpenTelemetry semantic conventions. */
export type Requirement = 'required' | 'conditionally_required' | 'recommended' | 'opt_in';

/** Where a rule looks for its value. `fields`: the record's own fields; `details`: its open-ended key-value part, kept apart
 * so that a key written by an attacker can never pass for a column; `layout`: time, level, category and thread printed by the logging
 * layout round the message; `message`: texts captured by the message template that matched. */
export type FieldSpace = 'fields' | 'details' | 'layout' | 'message';

/** One test on one value of a record. All members that are given must hold. A value of another type never matches: nothing is coerced,
 * but values of text formats (which know no types) are read as the wanted type. */
export interface Condition {
  readonly field: string;
  /** Default `fields`. */
  readonly in?: FieldSpace;
  /** Exactly this value. Texts are compared after trimming and without regard to case when `fold` is set. */
  readonly equals?: string | number | boolean;
  /** One of these texts. */
  readonly oneOf?: readonly string[];
  readonly fold?: boolean;
  /** `true`: there and not null; `false`: absent or null. */
  readonly present?: boolean;
  /** A text with at least one character that is no white space. */
  readonly filled?: boolean;
  /** A whole number, not below. */
  readonly from?: number;
  /** A whole number, not above. */
  readonly to?: number;
  readonly startsWith?: string;
  /** Contains this text. */
  readonly contains?: string;
  /** The type the source gave the value, e.g. `['string']`. */
  readonly kinds?: readonly SourceKind[];
}

/** The type a format gave a value. `text`: the format knows no types (CEF, logfmt, log4j lines). */
export type SourceKind = 'text' | 'string' | 'int' | 'double' | 'boolean' | 'null' | 'object' | 'array';

/** What tells entries of one code, or entries without a code, apart. All members that are given must hold. */
export interface When {
  /** Level words of the source, lower case. */
  readonly levels?: readonly string[];
  /** Message templates, one of which must match the whole message: literal text with `{name}` or `{}` for any text (also none) and `{{` for a brace.
   * Matching walks the literals from left to right, so its cost is linear and it cannot blow up. What `{name}` matched can be read by field rules `in: 'message'`. */
  readonly messages?: readonly string[];
  /** Further tests. */
  readonly conditions?: readonly Condition[];
}

/** The part of an event that the engine needs while it runs. `products/<id>/running.generated.ts` holds these. */
export interface EventRule {
  /** The vendor's code exactly as printed (`587`, `CERT_REVOKED`, `login_attempt`); absent when the source prints none. Several
   * entries may carry the same code; then all but the default one have a `when`. */
  readonly code?: string;
  /** Marks the entry a code stands for when no `when` of its siblings holds. Exactly one entry of each repeated code has it. */
  readonly default?: boolean;
  readonly when?: When;
  /** Group inside the product, e.g. `decryptor`. */
  readonly group: string;
  readonly category: Category;
  readonly priority: Priority;
  readonly stream?: Stream;
  /** Least SeverityNumber in mode `severity: catalogue`. */
  readonly floor?: number;
  /** As `floor`, for records whose outcome is failure; the higher of the two counts. */
  readonly failureFloor?: number;
  /** Name of an outcome rule of the product; absent: the record says nothing of success or failure. */
  readonly outcome?: string;
  /** On the vendor's published list of events that matter to SIEM and SOC. */
  readonly important?: boolean;
  /** Columns whose meaning this event changes: source field → rule id in `fields.json` (a rule with that `id`), or null for none.
   * By application when the meaning differs there. */
  readonly meanings?: Readonly<Record<string, string | null | Readonly<Record<string, string | null>>>>;
  /** Fixed attributes, e.g. the signal of a "signal received" message. */
  readonly fixed?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  /** MITRE ATT&CK v19 technique ids, for the opt-in attribute. */
  readonly attack?: readonly string[];
}

/** Cross-map of one event into another catalogue, with the version of that catalogue. */
export interface CrossMaps {
  readonly attack?: readonly { readonly version: '19'; readonly id: string; readonly v18?: string }[];
  readonly ocsf?: { readonly version: string; readonly class_uid: number; readonly activity_id: number };
  readonly ecs?: {
    readonly version: string;
    readonly kind: string;
    readonly category: readonly string[];
    readonly type: readonly string[];
  };
  /** How sure the map is. */
  readonly confidence?: 'high' | 'medium' | 'low';
}

/** One entry of `events.json`, keyed by event name: the rule and the prose. */
export interface EventEntry extends EventRule {
  /** The vendor's constant or enum name; absent for events known by their message only. */
  readonly name?: string;
  readonly title: string;
  readonly description: string;
  /** `event`: printed by the product; `internal`: raised by Cryptrail itself. Default `event`. */
  readonly kind?: 'event' | 'internal';
  /** Groups under which the vendor's documentation lists it: one per revision of the page. */
  readonly listedGroups?: readonly string[];
  /** What the source prints: its level words, or `status` when only the status tells. */
  readonly severity: { readonly source: readonly string[] };
  /** Whether the version named in `product.json` can print it. */
  readonly emitted: { readonly status: 'yes' | 'no' | 'never'; readonly until?: string; readonly note?: string };
  readonly since?: string;
  readonly deprecated?: { readonly since: string; readonly note?: string; readonly replacedBy?: string };
  readonly removed?: { readonly since: string; readonly note?: string };
  /** Earlier names or meanings of the same code. */
  readonly history?: readonly {
    readonly name?: string;
    readonly meaning?: string;
    readonly since?: string;
    readonly until: string;
  }[];
  /** Product parts that print it, e.g. `acra-server`, or module and service. */
  readonly emitters?: readonly string[];
  /** What each status means here, e.g. `{ "SUCCESS": "…" }`. */
  readonly statuses?: Readonly<Record<string, string>>;
  readonly attributes: readonly { readonly name: string; readonly requirement: Requirement }[];
  /** Why an analyst should care. */
  readonly why?: string;
  /** What to look at first. */
  readonly triage?: string;
  /** What to change so that it stops. */
  readonly remediation?: string;
  readonly references: readonly string[];
  /** Where the facts come from: file and revision, or page and section. */
  readonly source: string;
  readonly maps?: CrossMaps;
}

/** The closed set of conversions between a source value and attribute values.
 * - absent: the value as the rule's `type`
 * - `address`: an IP address or host without brackets and port
 * - `forwarded`: the first entry of a forwarded list into the attribute when it is an address; the whole text into `rest` when there is more to it
 * - `host_port`: `scheme://host:port/…` or `host:port` into the attribute and `port`
 * - `peer`: `ip:port` into the attribute, `port` and the attributes in `also`; a one-character peer (unix socket) gives none
 * - `path_query`: a path, or the path of a URL, into the attribute, its query into `rest`, a URL as a whole into `full`; secret parameters and user info are removed
 * - `url`: a whole URL with user info and secret query parameters removed
 * - `http_method`: a known method, else `_OTHER` with the original in `rest`
 * - `hash`: first 32 hex digits of the SHA-256
 * - `uuid5`: UUIDv5 in the namespace of OpenTelemetry's `service.instance.id`
 * - `stacktrace`: the text, with `exception.type` and `exception.message` from its last line when that parses
 * - `json_text`: JSON text for anything that is no string
 * - `sql`: SQL text with literals replaced by `?`; `rest` says whether the source had masked them (`source`) or we did (`cryptrail`)
 * - `dn`: only when the text is a distinguished name
 * - `trace_id`, `span_id`: hex text, or the JSON array of byte numbers that old libraries write; all-zero is none
 * - `collect`: all fields `<field>0`, `<field>1`, … into one text array
 * - `basename`: the last part of a path */
export type Conversion =
  | 'address'
  | 'forwarded'
  | 'host_port'
  | 'peer'
  | 'path_query'
  | 'url'
  | 'http_method'
  | 'hash'
  | 'uuid5'
  | 'stacktrace'
  | 'json_text'
  | 'sql'
  | 'dn'
  | 'trace_id'
  | 'span_id'
  | 'collect'
  | 'basename';

/** One entry of `fields.json`: source field → attribute. */
export interface FieldRule {
  /** Name by which `meanings` of an event can choose this rule. A rule that has an id and `chosen: true` applies only when chosen. */
  readonly id?: string;
  readonly chosen?: boolean;
  /** The source's names for it, exact. */
  readonly fields: readonly string[];
  /** Default `fields`. */
  readonly in?: FieldSpace;
  /** Only for these applications of the product (`ejbca`, `signserver`; `unknown`: when the source does not tell). */
  readonly applications?: readonly string[];
  /** Only when these hold. */
  readonly conditions?: readonly Condition[];
  /** Where the value goes. `attribute`: to the named attribute; `resource`: to the named resource attribute; `trace_id`, `span_id`: the record's fields;
   * `consumed`: used elsewhere (time, level, body), makes no attribute. Default `attribute`. */
  readonly to?: 'attribute' | 'resource' | 'trace_id' | 'span_id' | 'consumed';
  readonly attribute?: string;
  /** Further attributes that get the same value. */
  readonly also?: readonly string[];
  readonly port?: string;
  readonly rest?: string;
  /** Of `path_query`: takes the whole text when that is a URL with scheme and host. */
  readonly full?: string;
  readonly type?: 'string' | 'int' | 'double' | 'boolean';
  readonly convert?: Conversion;
  /** Source kinds taken as they are; others are never coerced but kept under the details prefix. Absent: every kind that can be read as `type`. */
  readonly accepts?: readonly SourceKind[];
  /** Source text → the value written instead, for sources with several words for one thing. */
  readonly words?: Readonly<Record<string, string>>;
  /** The value for texts that `words` does not list; default: the text as it is. */
  readonly otherwise?: string;
  /** Texts that stand for "no value", e.g. `null`, `none`. */
  readonly absent?: readonly string[];
  /** `secret`: never exported, replaced by a marker or the conversion's result. `personal`: about a person. `query`: SQL. `blob`: large and only with `blobs`. Default `none`. */
  readonly sensitivity?: 'none' | 'personal' | 'secret' | 'query' | 'blob';
  /** Replaces the value by the marker when the text of another field matches the secret names of the product, is absent or is no text. */
  readonly secretWhenNamedBy?: string;
  readonly requirement?: Requirement;
  readonly deprecated?: string;
  /** For people. */
  readonly description?: string;
}

/** How a severity is found. */
export interface SeverityRule {
  readonly field: string;
  readonly in?: FieldSpace;
  /** Source word (lower case) → number, and the text when it is not the source's own word (`null`: none). `level`: the word by which `when.levels`
   * know it; default the text in lower case. */
  readonly words: Readonly<
    Record<string, { readonly number: number; readonly text?: string | null; readonly level?: string }>
  >;
  /** When the word is absent or not listed. Default: number 0; the text is the source's word when it is a text. */
  readonly otherwise?: { readonly number: number; readonly text?: string | null };
}

/** How a time is found. Forms: `unix_seconds` (`1726560000.950`), `epoch_millis` (`1793595665129`), `iso` (date, `T` or blank, time, up to nine digits after
 * a dot or comma, `Z` or offset or none), `digit_groups` (groups of digits in the order year, month, day, hour, minute, second and perhaps fraction, one sign
 * between each, then `GMT`, `UTC`, an offset or nothing), `layout` (what the layout printed). A time without a zone is read in `zone`: `utc`, or `option` for the time zone the user gave. */
export interface TimeRule {
  readonly field: string;
  readonly in?: FieldSpace;
  readonly form: 'unix_seconds' | 'epoch_millis' | 'iso' | 'digit_groups' | 'layout';
  readonly zone?: 'utc' | 'option';
  /** The layout's time gives the fraction of a second when both name the same second. */
  readonly refinedBy?: 'layout';
}

/** One case of an outcome rule; the first whose conditions hold decides. */
export interface OutcomeCase {
  readonly conditions?: readonly Condition[];
  /** `null`: the record carries no outcome. */
  readonly outcome: Outcome | null;
  /** `error.type` on failure: a fixed word, or the text of a field, or the code. */
  readonly errorType?: { readonly value?: string; readonly field?: string; readonly code?: boolean };
}

/** How an event name is found; the first rule whose conditions hold decides. */
export interface RecognitionRule {
  readonly conditions?: readonly Condition[];
  /** This event, whatever else the record says. */
  readonly event?: string;
  /** Look the event up by the code in this field. */
  readonly codeField?: string;
  /** Codes are compared without regard to case and outer white space. */
  readonly foldCode?: boolean;
  /** Look for a message template: of the entries of the code, or without a code of the code-less entries. */
  readonly byMessage?: boolean;
  /** Stream of records that are no event of their own. */
  readonly stream?: Stream;
  /** Event for a code that the catalogue does not know. `derive`: prefix + code in lower case when the code looks like `[A-Z][A-Z0-9_]{1,63}`. */
  readonly otherwise?: { readonly event?: string; readonly derive?: string };
}

/** What all formats of a product share: where things sit in a record. */
interface FormatBase {
  /** The value of `cryptrail.source.format`. */
  readonly id: string;
  /** Application that this format tells, when it does. */
  readonly application?: string;
  readonly time: readonly TimeRule[];
  /** Name of a severity rule of the product. */
  readonly severity: string;
  /** Field with the message; the first that is there (also when empty) is the body. */
  readonly message?: readonly { readonly field: string; readonly in?: FieldSpace }[];
  /** Codes that only fill a column and mean "no code". */
  readonly noCode?: readonly string[];
  /** Fields that every record of this format has. One that is missing is reported with the record; the record is kept. */
  readonly required?: readonly string[];
  /** Attributes that hold on every record of this format. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** The event that every record of this format is. */
  readonly event?: string;
}

/** One JSON object a line. */
export interface JsonFormat extends FormatBase {
  readonly decoder: 'json';
  /** The object belongs to this product when one of these lists of conditions holds. */
  readonly claims: readonly (readonly Condition[])[];
  /** A line that begins with `{` and is no record, but holds one of these texts, was meant to be one. With the product chosen by the user every line that begins with `{` was. */
  readonly brokenMarks?: readonly string[];
}

/** ArcSight CEF. */
export interface CefFormat extends FormatBase {
  readonly decoder: 'cef';
  /** Names given to the header columns after `CEF:0`. */
  readonly header: readonly ['vendor', 'product', 'version', 'code', 'msg', 'severity'] | readonly string[];
  /** `acra`: `\`, `|` and `=` are escaped in header and extension alike, keys outside the plain set are Go-quoted. `standard`: the CEF paper's rules. */
  readonly escapes: 'goquoted' | 'standard';
  readonly claims: readonly (readonly Condition[])[];
}

/** `key=value` pairs with Go's quoting. */
export interface LogfmtFormat extends FormatBase {
  readonly decoder: 'logfmt';
  /** Keys with which a line must begin, in this order; a `?` at the end marks one that may be missing and is the empty text then. */
  readonly leading: readonly string[];
  readonly claims?: readonly (readonly Condition[])[];
}

/** `WARN[0042] message padded with blanks   key=value`, as Go's logrus prints it on a terminal, with or without colours. */
export interface TerminalFormat extends FormatBase {
  readonly decoder: 'terminal';
  /** Names given to the level, the time (when one is printed instead of seconds since the start) and the message. */
  readonly header: readonly [level: string, time: string, message: string];
  readonly claims?: readonly (readonly Condition[])[];
}

/** The form of a text: `upper_name` `[A-Z][A-Z0-9_]*`; `iso_time` `yyyy-MM-dd HH:mm:ss` with `T` or a blank, and fraction and zone or none; `digits`; `integer`: digits, a minus sign or none;
 * `distinguished_name`: begins like one. */
export type TextShape = 'upper_name' | 'iso_time' | 'digits' | 'integer' | 'distinguished_name';

/** Fields between a delimiter, fixed ones by position, then details `key=value`. No escaping. */
export interface DelimitedFormat extends FormatBase {
  readonly decoder: 'delimited';
  readonly delimiter: string;
  readonly columns: readonly string[];
  /** The first column may be missing together with its delimiter. */
  readonly firstOptional?: boolean;
  readonly detailSeparator: string;
  /** Beginnings of detail keys that may hold any sign; other keys are names. */
  readonly keyPrefixes?: readonly string[];
  /** Column → the form a text must have for the line to be of this format. */
  readonly shapes: Readonly<Record<string, TextShape>>;
  /** Column → the form a text usually has. When it has another one and more texts follow than there are columns, an earlier value held the delimiter. */
  readonly expected?: Readonly<Record<string, TextShape>>;
  /** Columns with distinguished names, in which a backslash before the delimiter makes it part of the value (RFC 2253). */
  readonly escaped?: readonly string[];
  /** Prefix (without regard to case) of detail values that are base64 of UTF-8; what is no valid base64 keeps its text. */
  readonly encodedPrefix?: string;
  readonly absent?: readonly string[];
  /** Layout categories (full or last part) that announce it. */
  readonly categories?: readonly string[];
}

/** `START: value; LABEL: value; … END:digits`, over several lines if values hold line breaks. No escaping. */
export interface LabelledFormat extends FormatBase {
  readonly decoder: 'labelled';
  /** Text with which the message begins: the first label with its assignment, or with `preface` a name that stands before all labels. */
  readonly start: string;
  readonly preface?: boolean;
  readonly separator: string;
  readonly assign: string;
  /** Labels with a fixed place, in order → field name; a label in `optional` may be missing. */
  readonly columns: readonly (readonly [label: string, field: string])[];
  readonly optional?: readonly string[];
  /** Labels whose value may hold the separator, e.g. in double quotes after `=` as distinguished names do: it ends at the next label. */
  readonly open?: readonly string[];
  /** Labels that some version printed without `assign`. */
  readonly glued?: readonly string[];
  /** Labels that details use as a key too. Any other label among the details shows that a value holds what looks like columns. */
  readonly repeated?: readonly string[];
  /** Field → the form a text must have for the record to be of this format. */
  readonly shapes?: Readonly<Record<string, TextShape>>;
  /** Beginnings of detail keys that may hold any sign; other keys are names. */
  readonly keyPrefixes?: readonly string[];
  /** Last label with its own assignment sign, e.g. `END:`; its value is digits at the end of a line: the record ends there. */
  readonly end: readonly [label: string, field: string];
  readonly absent?: readonly string[];
  readonly categories?: readonly string[];
}

/** A line of a listing: columns between a delimiter, then all details in one bracket: `time, EVENT, CN=a, O=b, 7, {key=value, key=value}`. No escaping. */
export interface ListingFormat extends FormatBase {
  readonly decoder: 'listing';
  readonly delimiter: string;
  readonly columns: readonly string[];
  /** Columns beside each other that hold distinguished names with the delimiter in them; what stands behind them is counted from the end. */
  readonly open?: readonly string[];
  /** Column → the form a text must have for the line to be of this format. */
  readonly shapes: Readonly<Record<string, TextShape>>;
  /** What stands round the details, between two of them, and between key and value. */
  readonly details: {
    readonly start: string;
    readonly end: string;
    readonly delimiter: string;
    readonly assign: string;
  };
  /** Beginnings of detail keys that may hold any sign; other keys are names. */
  readonly keyPrefixes?: readonly string[];
  readonly absent?: readonly string[];
}

/** Values in the literal text of a logger's pattern, in any order an administrator chose: `AUDIT;${LOG_ID};"${FILENAME}"`. Nothing is escaped, values may hold line breaks. */
export interface PatternFormat extends FormatBase {
  readonly decoder: 'pattern';
  /** The pattern with `${NAME}` for each value. Values become details of that name; a value that is still `${NAME}` was not set. */
  readonly order: string;
  /** Administrators change the order: one given by the user is tried as well. */
  readonly configurable?: boolean;
  /** Names whose values are fields instead of details. */
  readonly fields?: readonly string[];
  /** Name → the form that its values have. A value before a `distinguished_name` ends where one begins. */
  readonly shapes?: Readonly<Record<string, TextShape>>;
  /** Words for "no value". */
  readonly absent?: readonly string[];
  /** Name → words for "no value" of that name. */
  readonly absentIn?: Readonly<Record<string, readonly string[]>>;
  readonly categories: readonly string[];
}

/** A row of a table (a JSON object with the table's columns, too), read by column name in any case and order. */
export interface RowFormat extends FormatBase {
  readonly decoder: 'row';
  /** Column names as the tables' rules spell them; a row's own names are matched without regard to case and underscores. */
  readonly columns: readonly string[];
  /** Columns that a row must have to be of this format. */
  readonly requires: readonly string[];
  /** Columns of exports without a header, in order, and the texts that stand for NULL there. A row with more cells has separators inside the `open` columns;
   * which one is told by the columns whose values have a `shapes` form. */
  readonly positional?: {
    readonly columns: readonly string[];
    readonly absent?: readonly string[];
    readonly open?: readonly string[];
    readonly shapes?: Readonly<Record<string, TextShape>>;
  };
  /** Column that holds the details, the form in which (`java_xml`: the text of `java.beans.XMLEncoder`), and the prefix of texts coded as base64. */
  readonly details?: { readonly column: string; readonly form: 'java_xml'; readonly encodedPrefix?: string };
  /** Where a database keeps the rows: the table, the column of the writer, and that of the number by which rows of one writer follow one another. */
  readonly table?: { readonly name: string; readonly node: string; readonly sequence: string };
}

/** One way in which a product writes a record. */
export type FormatRule =
  | JsonFormat
  | CefFormat
  | LogfmtFormat
  | TerminalFormat
  | DelimitedFormat
  | LabelledFormat
  | ListingFormat
  | PatternFormat
  | RowFormat;

/** What must not leave, on top of what the engine removes for every product. */
export interface RedactionRules {
  /** Words that make a field, detail or setting name secret when they occur in it (compared in lower case). */
  readonly secretNames: readonly string[];
  /** Names that hold no secret although a secret word occurs in them, e.g. the path of a file that does. */
  readonly harmlessNames?: readonly string[];
  /** Texts that, with digits behind them, stand for a value that the product masked itself, e.g. `:replaced`. */
  readonly placeholders?: readonly string[];
  /** Field names that hold a secret whatever their value. */
  readonly secretFields?: readonly string[];
  /** Query parameters whose value is a secret. */
  readonly queryParameters: readonly string[];
  /** Message templates whose captures are secrets, e.g. `Backup master key: {secret}`. */
  readonly secretMessages?: readonly string[];
  /** Message templates whose capture `{sql}` is SQL with literals to mask. */
  readonly sqlMessages?: readonly string[];
}

/** `product.json`: who the product is and how its records are read. */
export interface ProductRule {
  readonly id: string;
  /** `internal`: its events are raised by Cryptrail itself, it has no formats and nothing is read as one of its records. */
  readonly kind?: 'internal';
  /** Value of `cryptrail.product`, when no application is known. */
  readonly value: string;
  /** Prefix of event names and of the product's own attributes. */
  readonly namespace: string;
  /** Applications that share the format → value of `cryptrail.product`, and conditions that tell it from a record. */
  readonly applications?: Readonly<
    Record<string, { readonly value: string; readonly conditions?: readonly Condition[] }>
  >;
  /** log4j conversion patterns that may stand round the message, most specific first, e.g. `%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c] (%t) %m`. */
  readonly layouts?: readonly string[];
  readonly formats: readonly FormatRule[];
  readonly recognition: readonly RecognitionRule[];
  readonly severities: Readonly<Record<string, SeverityRule>>;
  readonly outcomes: Readonly<Record<string, readonly OutcomeCase[]>>;
  /** Resource attributes: a constant, or the default for a field rule that goes `to: 'resource'`. */
  readonly resource: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  /** Where the product's code goes besides `cryptrail.code`, and as which type. */
  readonly codeAttribute?: { readonly name: string; readonly type: 'int' | 'string' };
  /** Attribute that carries the entry's group. */
  readonly groupAttribute?: string;
  readonly details: {
    readonly prefix: string;
    /** `snake`: lower case, other characters than `a-z0-9._-` become `_`. `verbatim`: unchanged. */
    readonly keys: 'snake' | 'verbatim';
    /** Keys (lower case, without separators) whose values are large blobs, kept only on request. */
    readonly blobs?: readonly string[];
  };
  readonly redaction: RedactionRules;
  /** Body of a record without a message: segments joined in order, each left out when one of its `{…}` has no value. `{title}`, `{code}`, `{outcome}`, a field name, or `{details.KEY}`. */
  readonly sentence: readonly string[];
  /** How a record says who it is: `log.record.uid` from these, the first that is complete. `{field}` texts. */
  readonly uid?: readonly string[];
}

/** `product.json` as written: the rule and what people want to know. */
export interface ProductFile extends ProductRule {
  readonly title: string;
  readonly vendor: string;
  /** Address of the product's page; for an internal product the path of a page in this repository. */
  readonly homepage: string;
  readonly documentation: readonly { readonly title: string; readonly url: string }[];
  /** The upstream revision the tables were read from. */
  readonly revision: string;
}

/** A product ready to run: what `defineProduct` makes of the generated running tables. */
export interface Product<Name extends string = string, Code extends string = string> extends ProductRule {
  readonly fields: readonly FieldRule[];
  readonly events: ReadonlyMap<Name, EventRule>;
  /** Code → event names, the default one first. */
  readonly codes: ReadonlyMap<Code, readonly Name[]>;
  readonly titles: ReadonlyMap<Name, string>;
}
