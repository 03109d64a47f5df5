import type { FormatRule, Product } from '@cryptrail/catalogue';
import { STATUS_ATTRIBUTE } from '../decode/decoder.ts';
import type { Block } from '../ottl/block.ts';
import { compileConditions, isOneWord, textTypes } from '../ottl/condition.ts';
import { all, attribute, field, quote, set, statement, WORK } from '../ottl/expression.ts';
import { readTemplate } from '../ottl/template.ts';
import { waitingName } from './fields.ts';
import { guardStatements, type Unseen } from './redact.ts';
import { severityStatements } from './severity.ts';
import { TABLES } from './tables.ts';
import { timeBlocks, usualTimeStatements } from './time.ts';

const format = attribute('cryptrail.source.format');
const application = attribute(WORK.application);
const isRecord = `${format} != nil`;
/** The end of the temporary attributes. */
const FORGET = statement('delete_matching_keys(log.attributes, "^_[a-z]$")');
/** What the search for secrets, the limits and the time of a wrapper still need. */
const LASTING = [WORK.guarded, WORK.hidden, WORK.long, WORK.wrapper];
const KEPT = LASTING.map(attribute);
const FORGET_MOST = statement(`delete_matching_keys(log.attributes, "^_[^${LASTING.join('').replaceAll('_', '')}]$")`);
/** Longest attribute value. */
const MAX_VALUE = 8192;

/** Application and unusual times: what the other steps ask for. */
export function beginBlocks(product: Product, formats: readonly FormatRule[]): Block[] {
  return [
    ...timeBlocks(formats),
    {
      comment: 'The application, and whether the line may hold a secret',
      conditions: [isRecord],
      statements: [
        ...applicationStatements(product, formats),
        ...guardStatements(product.redaction, unseenValues(formats)),
        set(attribute(WORK.long), 'true', `IsString(log.body) and Len(log.body) > ${MAX_VALUE}`),
      ],
    },
  ];
}

/** Where values stand that an escape or a code may hide from who looks at the line: `passw\\u006frd=…` in JSON. */
function unseenValues(formats: readonly FormatRule[]): Unseen[] {
  const hasEscapes = formats.some(({ decoder }) => ['json', 'logfmt', 'terminal'].includes(decoder));
  const isCoded = formats.some((one) => 'encodedPrefix' in one && one.encodedPrefix !== undefined);
  const isRow = formats.some(({ decoder }) => decoder === 'row');
  return [
    ...(hasEscapes ? [{ map: attribute(WORK.fields), when: 'Index(log.body, "\\\\") >= 0' }] : []),
    ...(isCoded ? [{ map: attribute(WORK.details), when: `${attribute(WORK.coded)} == true` }] : []),
    ...(isRow ? [{ map: attribute(WORK.details), when: 'true' }] : []),
  ];
}

/** Level and time of a record, told behind the statements that read its format: no other record looks at them. */
export function headStatements(product: Product, format: FormatRule): string[] {
  return [...severityStatements(product, format), ...usualTimeStatements(format)];
}

function applicationStatements(product: Product, formats: readonly FormatRule[]): string[] {
  const { applications = {} } = product;
  const told = Object.entries(applications).flatMap(([name, { conditions }]) => {
    const holds = compileConditions(conditions, textTypes(product));
    return holds === undefined ? [] : [set(application, quote(name), all(`${application} == nil`, holds))];
  });
  const byFormat = [...new Set(formats.flatMap((one) => one.application ?? []))].map((name) => {
    const ids = formats.flatMap(({ id, application: one }) => (one === name ? [id] : []));
    return set(application, quote(name), all(`${application} == nil`, isOneWord(format, ids)));
  });
  return [...told, ...byFormat];
}

/** Product, identity and fixed attributes. */
export function commonBlocks(product: Product, formats: readonly FormatRule[]): Block[] {
  const named = Object.entries(product.applications ?? {}).map(([name, { value }]) =>
    set(attribute('cryptrail.product'), quote(value), `${application} == ${quote(name)}`),
  );
  const fixed = formats.flatMap((one) =>
    Object.entries(one.fixed ?? {}).map(([name, value]) =>
      set(attribute(name), quote(value), `${format} == ${quote(one.id)}`),
    ),
  );
  return [
    {
      comment: 'Product and identity',
      conditions: [isRecord],
      statements: [
        set(attribute('cryptrail.product'), quote(product.value)),
        ...named,
        ...fixed,
        ...uidStatements(product, formats),
      ],
    },
  ];
}

function uidStatements(product: Product, formats: readonly FormatRule[]): string[] {
  const uid = attribute('log.record.uid');
  const isRow = formats.some(({ decoder }) => decoder === 'row');
  return (product.uid ?? []).flatMap((template) => {
    const { literals, names } = readTemplate(template);
    const paths = names.map(field);
    if (!isRow && names.length > 1) return [];
    const there = paths.flatMap((path) => [`${path} != nil`, `${path} != ""`]);
    const parts = literals.flatMap((text, index) => {
      const path = paths[index];
      return [...(text === '' ? [] : [quote(text)]), ...(path === undefined ? [] : [`String(${path})`])];
    });
    return [set(uid, `Concat([${parts.join(', ')}], "")`, all(`${uid} == nil`, ...there))];
  });
}

/** Defaults of the resource, and the end of what mapping needed: the search for secrets looks at what is left. */
export function settleBlocks(product: Product): Block[] {
  return [
    {
      comment: 'Resource attributes wait on the record until groupbyattrs moves them; what mapping needed is forgotten',
      conditions: [isRecord],
      statements: [...resourceStatements(product), FORGET_MOST],
    },
  ];
}

/** Limits, and the end of the temporary attributes and tables. */
export function endBlocks(): Block[] {
  const status = attribute(STATUS_ATTRIBUTE);
  const length = 'log.cache["n"]';
  return [
    {
      comment: 'What the search for secrets needed is forgotten; long values are cut',
      conditions: KEPT.map((one) => `${one} != nil`),
      statements: [
        set('log.cache["long"]', attribute(WORK.long), all(isRecord, `${attribute(WORK.long)} == true`)),
        FORGET,
        set(length, 'Len(String(log.attributes))', 'log.cache["long"] == true'),
        statement(`truncate_all(log.attributes, ${MAX_VALUE})`, `${length} != nil`),
        set(status, '"truncated"', all(`${length} != nil`, `Len(String(log.attributes)) < ${length}`)),
      ],
    },
    {
      comment: 'Lines that are no record',
      conditions: [`${format} == nil`],
      statements: [FORGET],
    },
    {
      comment: 'The tables have done their work',
      context: 'resource',
      statements: [statement(`delete_key(resource.attributes, ${quote(TABLES)})`)],
    },
  ];
}

function resourceStatements(product: Product): string[] {
  return Object.entries(product.resource).flatMap(([name, value]) => {
    const target = attribute(waitingName(name, product));
    if (typeof value === 'string') return [set(target, quote(value), `${target} == nil`)];
    return Object.entries(value).map(([one, text]) =>
      set(
        target,
        quote(text),
        all(`${target} == nil`, one === 'unknown' ? `${application} == nil` : `${application} == ${quote(one)}`),
      ),
    );
  });
}

/** Names of the attributes that belong to the resource. */
export function resourceNames(product: Product, formats: readonly FormatRule[]): string[] {
  const columns = new Set(
    formats.flatMap((one) =>
      'columns' in one ? one.columns.map((column) => (typeof column === 'string' ? column : column[1])) : [],
    ),
  );
  const flat = formats.some(({ decoder }) => ['json', 'cef', 'logfmt', 'terminal'].includes(decoder));
  const read = product.fields.filter(
    ({ to, fields }) => to === 'resource' && (flat || fields.some((name) => columns.has(name))),
  );
  return [...new Set([...Object.keys(product.resource), ...read.flatMap(({ attribute: name }) => name ?? [])])].map(
    (name) => waitingName(name, product),
  );
}
