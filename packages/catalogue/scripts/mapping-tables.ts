import type { FieldRule, FormatRule, OutcomeCase, ProductFile, TimeRule } from '../src/types.ts';
import { conditionsInWords } from './in-words.ts';
import { codeList, markdownTable } from './markdown.ts';
import { stabilityOf } from './stability.ts';
import type { ProductTables } from './tables.ts';
import { productValues } from './value-table.ts';

/** How the records of every product become log records: formats, fields, severity, outcome, identity, redaction. */
export function mappingTables(products: readonly ProductTables[]): string {
  return products.map(mappingOf).join('\n\n');
}

function mappingOf({ product, events, fields }: ProductTables): string {
  const parts = [
    `### ${product.title}`,
    common(product),
    `#### Formats\n\n${formatTable(product)}`,
    `#### Fields\n\n${fieldTable(product, fields)}`,
    fixedAttributes([...product.formats, ...Object.values(events)]),
    `#### Severity\n\n${severityTable(product)}`,
    `#### Outcome\n\n${outcomeTable(product)}`,
    identity(product, fields),
    redaction(product),
  ];
  return parts.filter(Boolean).join('\n\n');
}

function common({ namespace, details, resource, codeAttribute, groupAttribute, ...product }: ProductFile): string {
  const told = [
    `\`cryptrail.product\`: ${codeList(productValues({ namespace, details, resource, ...product }))}`,
    `Resource: ${Object.entries(resource).map(constantInWords).join(', ')}`,
    codeAttribute ? `The code: \`cryptrail.code\` and \`${codeAttribute.name}\` (${codeAttribute.type})` : '',
    groupAttribute === undefined ? '' : `The group of the event: \`${groupAttribute}\``,
    `What no rule takes: \`${details.prefix}<key>\``,
  ];
  return told
    .filter(Boolean)
    .map((line) => `- ${line}`)
    .join('\n');
}

function constantInWords([name, value]: readonly [string, string | Readonly<Record<string, string>>]): string {
  const values = typeof value === 'string' ? [value] : Object.values(value);
  return `\`${name}\` ${values.map((text) => `\`${text}\``).join(' or ')}`;
}

function formatTable({ formats }: ProductFile): string {
  const rows = formats.map((format) => [
    `\`${format.id}\``,
    format.event === undefined ? shapeOf(format) : `${shapeOf(format)}, always \`${format.event}\``,
    format.time.map(timeInWords).join(', else ') || 'none',
    `\`${format.severity}\``,
    (format.message ?? []).map(({ field, in: space }) => place(field, space)).join(', else ') || 'a sentence',
  ]);
  // Patterns that differ in the order of their values only.
  const different = new Map(rows.map((row) => [row.join('\n'), row]));
  return markdownTable(['format', 'shape', 'Timestamp from', 'severity rule', 'Body from'], [...different.values()]);
}

function shapeOf(format: FormatRule): string {
  return SHAPES[format.decoder];
}

const SHAPES: Readonly<Record<FormatRule['decoder'], string>> = {
  json: 'one JSON object a line',
  cef: 'ArcSight CEF',
  logfmt: '`key=value` pairs',
  terminal: 'terminal line with a level and `key=value` pairs',
  delimited: 'values in columns',
  labelled: '`LABEL: value` pairs',
  listing: 'line of a listing, details in brackets',
  pattern: 'values in a configured pattern',
  row: 'table row',
};

function timeInWords({ field, in: space, zone, refinedBy }: TimeRule): string {
  const notes = [zone === 'option' ? 'zone by `--time-zone`' : '', refinedBy ? 'fraction from the layout' : ''];
  const said = notes.filter(Boolean).join(', ');
  return `${place(field, space)}${said && ` (${said})`}`;
}

function place(field: string, space: FieldRule['in'] = 'fields'): string {
  return space === 'fields' ? `\`${field}\`` : `${SPACES[space]} \`${field}\``;
}

const SPACES = { details: 'detail', layout: 'layout', message: 'message part' } as const;

function fieldTable(product: ProductFile, fields: readonly FieldRule[]): string {
  const rows = fields.map((rule) => [
    rule.fields.map((field) => place(field, rule.in)).join(', '),
    targetOf(rule, product),
    typeOf(rule),
    (rule.requirement ?? '').replaceAll('_', ' '),
    stabilityOfAll(rule, product.namespace),
    noteOn(rule),
  ]);
  return markdownTable(['source', 'becomes', 'type', 'requirement', 'status', 'note'], rows);
}

/** Every attribute that a rule can write. */
function attributesOf({ attribute, also = [], port, rest, full, convert }: FieldRule): string[] {
  const read = convert === 'stacktrace' ? ['exception.type', 'exception.message'] : [];
  return [attribute, ...also, port, rest, full, ...read].filter((name) => name !== undefined);
}

function typeOf({ to, type = 'string', convert }: FieldRule): string {
  if (to === 'consumed' || to === 'trace_id' || to === 'span_id') return '';
  return convert === 'collect' ? `${type}[]` : type;
}

function targetOf(rule: FieldRule, product: ProductFile): string {
  if (rule.to === 'trace_id') return 'TraceId';
  if (rule.to === 'span_id') return 'SpanId';
  if (rule.to === 'consumed') return consumedAs(rule, product);
  const names = codeList(attributesOf(rule));
  return rule.to === 'resource' ? `resource ${names}` : names;
}

/** What a value that makes no attribute of its own is good for. */
function consumedAs(rule: FieldRule, { formats, severities }: ProductFile): string {
  const reads = (places: readonly { readonly field: string; readonly in?: FieldRule['in'] }[]) =>
    places.some((read) => rule.fields.includes(read.field) && (read.in ?? 'fields') === (rule.in ?? 'fields'));
  if (reads(formats.flatMap(({ time }) => time))) return 'Timestamp';
  if (reads(Object.values(severities))) return 'Severity';
  return reads(formats.flatMap(({ message = [] }) => message)) ? 'Body' : 'no attribute';
}

function stabilityOfAll(rule: FieldRule, namespace: string): string {
  return [...new Set(attributesOf(rule).map((name) => stabilityOf(name, namespace)))].join(', ');
}

function noteOn(rule: FieldRule): string {
  const notes = [
    rule.description ?? '',
    rule.applications ? `Only of ${rule.applications.map(applicationInWords).join(', ')}.` : '',
    rule.conditions ? `When ${conditionsInWords(rule.conditions)}.` : '',
    rule.chosen ? 'Only on events whose entry says so.' : '',
    SENSITIVITY[rule.sensitivity ?? 'none'],
    rule.deprecated ?? '',
  ];
  return notes.filter(Boolean).join(' ');
}

function applicationInWords(name: string): string {
  return name === 'unknown' ? 'records that name no application' : `\`${name}\``;
}

const SENSITIVITY: Readonly<Record<NonNullable<FieldRule['sensitivity']>, string>> = {
  none: '',
  personal: '*Personal.*',
  secret: '*Secret: never leaves as it is.*',
  query: '*SQL: literals become `?`.*',
  blob: '*Large: only with `--blobs`.*',
};

/** What formats and events put on their records themselves. */
function fixedAttributes(rules: readonly { readonly fixed?: Readonly<Record<string, string>> }[]): string {
  const pairs = rules.flatMap(({ fixed }) => Object.entries(fixed ?? {}));
  const told = [...Map.groupBy(pairs, ([name]) => name)].map(([name, values]) => [
    `\`${name}\``,
    codeList([...new Set(values.map(([, value]) => value))]),
  ]);
  return told.length === 0 ? '' : `What the event itself tells:\n\n${markdownTable(['attribute', 'values'], told)}`;
}

function severityTable({ severities }: ProductFile): string {
  const rows = Object.entries(severities).map(([name, { field, in: space, words, otherwise }]) => [
    `\`${name}\``,
    place(field, space),
    Object.entries(words)
      .map(([word, { number, text }]) => `\`${word}\` ${number}${shownAs(text, word)}`)
      .join(', '),
    `${otherwise?.number ?? 0}${shownAs(otherwise?.text, '')}`,
  ]);
  return markdownTable(['rule', 'read from', 'SeverityNumber', 'anything else'], rows);
}

/** What stands in SeverityText when it is not the word as printed. */
function shownAs(text: string | null | undefined, word: string): string {
  if (text === undefined || text === word) return '';
  return text === null ? ' (no text)' : ` (${text})`;
}

function outcomeTable({ outcomes }: ProductFile): string {
  const rows = Object.entries(outcomes).flatMap(([name, cases]) =>
    cases.map((one) => [
      `\`${name}\``,
      conditionsInWords(one.conditions) || 'otherwise',
      one.outcome === null ? 'no outcome' : `\`${one.outcome}\``,
      errorTypeOf(one),
    ]),
  );
  return markdownTable(['rule', 'when', '`cryptrail.outcome`', '`error.type`'], rows);
}

function errorTypeOf({ errorType }: OutcomeCase): string {
  if (errorType === undefined) return '';
  if (errorType.value !== undefined) return `\`${errorType.value}\``;
  return errorType.field === undefined ? 'the code' : `the text of \`${errorType.field}\``;
}

function identity({ uid = [] }: ProductFile, fields: readonly FieldRule[]): string {
  const mapped = fields.find(({ attribute }) => attribute === 'log.record.uid');
  const sources = [...(mapped?.fields ?? []).map((field) => `{${field}}`), ...uid];
  return `\`log.record.uid\`: ${sources.length === 0 ? 'none' : sources.map((source) => `\`${source}\``).join(', else ')}.`;
}

function redaction({ redaction: rules }: ProductFile): string {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['Names that are secret', rules.secretNames],
    ['Fields that are secret whatever they hold', rules.secretFields ?? []],
    ['Names that are not, although a secret word is in them', rules.harmlessNames ?? []],
    ['Query parameters', rules.queryParameters],
    ['Messages with a secret', rules.secretMessages ?? []],
    ['Messages with SQL', rules.sqlMessages ?? []],
  ];
  const told = lists.filter(([, words]) => words.length > 0).map(([what, words]) => `- ${what}: ${codeList(words)}`);
  return `#### Redaction\n\n${told.join('\n').replaceAll('\n ', '\\n ') || 'Nothing beyond what every product has.'}`;
}
