import type { Difference, Flat } from './compare.ts';

/** A difference between the two engines that is accepted. The table only shrinks: a row that nothing needs any more fails the test. */
export interface Permitted {
  readonly reason: string;
  readonly fits: (difference: Difference) => boolean;
}

const status = ({ record }: Difference) => record?.parts.get('@cryptrail.parse.status');
const isDetail = ({ part }: Difference) => /^@[a-z_]+\.details\./.test(part);
const text = (value: string | undefined) => value?.replace(/^string /, '') ?? '';
/** Details that the mapper numbers because their names collide, and the one of them that the Collector keeps. */
const hasNumbered = (difference: Difference) =>
  [...(difference.record?.parts.keys() ?? [])].some(
    (part) => part.startsWith(`${difference.part.replace(/_\d+$/, '')}_`) && /_\d+$/.test(part),
  );
/** The mapper keeps the other value of the key under the details. */
const isRepeated = ({ part, record }: Difference) => {
  const key = part.slice(part.lastIndexOf('.') + 1);
  return (
    REPEATED.has(key) || [...(record?.parts.keys() ?? [])].some((name) => name !== part && name.endsWith(`.${key}`))
  );
};

/** Names of leading fields, header columns and attributes that a field of the line may take. */
const REPEATED = new Set([
  'chain',
  'time',
  'timestamp',
  'level',
  'msg',
  'code',
  'severity',
  'product',
  'vendor',
  'version',
  'unixtime',
]);
const countDetails = (record: Flat | undefined) =>
  [...(record?.parts.keys() ?? [])].filter((name) => /^@[a-z_]+\.details\./.test(name)).length;
const isJson = (value: string) => /^[[{]/.test(value);

/** Rows by product; `any` for all. */
export const PERMITTED: readonly Permitted[] = [
  {
    reason: 'a Collector joins no stack traces: each line is a foreign record of its own',
    fits: ({ part, record, other }) =>
      part === 'record' && record === undefined && other?.parts.get('@cryptrail.parse.status') === 'string foreign',
  },
  {
    reason: 'a record that a syslog daemon cut at its line breaks is not joined; it is marked as truncated',
    fits: ({ file, other }) =>
      file.includes('-syslog-rfc3164') && other?.parts.get('@cryptrail.parse.status') === 'string truncated',
  },
  {
    reason: 'a record of several lines has no record number: it would count records, not lines',
    fits: ({ part, collector }) => part === '@log.file.record_number' && collector === undefined,
  },
  {
    reason: 'of more than 64 details others are kept; their number is the same',
    fits: (difference) => isDetail(difference) && countDetails(difference.record) >= 64,
  },
  {
    reason: 'a repeated key makes a record partial, also when there are too many of them',
    fits: ({ part, mapper, collector }) =>
      part === '@cryptrail.parse.status' && mapper === 'string truncated' && collector === 'string partial',
  },
  {
    reason: 'of a line that was cut or damaged the rest is told apart differently',
    fits: (difference) =>
      (difference.part === '@thread.name' && status(difference) === 'string foreign') ||
      (isDetail(difference) && status(difference) === 'string truncated'),
  },
  {
    reason: 'the body of a stack trace is its first line',
    fits: (difference) =>
      difference.part === 'body' &&
      status(difference) === 'string foreign' &&
      text(difference.mapper).startsWith(`${text(difference.collector)}\n`),
  },
  {
    reason: 'the body of a broken JSON line tells its size, not the place of the fault',
    fits: (difference) => difference.part === 'body' && status(difference) === 'string unparsed',
  },
  {
    reason: 'details whose names collide are numbered by the mapper; the Collector keeps one',
    fits: (difference) => isDetail(difference) && hasNumbered(difference),
  },
  {
    reason: 'of a key that occurs twice the Collector knows one value',
    fits: (difference) => isDetail(difference) && difference.collector === undefined && isRepeated(difference),
  },
  {
    reason: 'a key with quotes in it is one in a format that quotes keys only where it must',
    fits: (difference) => isDetail(difference) && /a__b|_a_|\.__$/.test(difference.part),
  },
  {
    reason: 'whole numbers beyond 64 bits lose digits',
    fits: (difference) =>
      isDetail(difference) && /^\d{19,}$/.test(text(difference.mapper)) && /e\+/.test(text(difference.collector)),
  },
  {
    reason: 'numbers with a fraction are written in their shortest form',
    fits: (difference) =>
      isDetail(difference) &&
      text(difference.mapper) !== '' &&
      Number(text(difference.mapper)) === Number(text(difference.collector)),
  },
  {
    reason: 'nested JSON is written with its names in alphabetical order',
    fits: (difference) =>
      isJson(text(difference.mapper)) && sameJson(text(difference.mapper), text(difference.collector)),
  },
  {
    reason: 'a sentence shows a whole number with a fraction of zero without it',
    fits: ({ part, mapper, collector }) => part === 'body' && mapper?.replace(/\b(\d+)\.0\b/g, '$1') === collector,
  },
  {
    reason: 'a long value is cut at 8192 bytes, not at 8192 UTF-16 units',
    fits: ({ mapper, collector }) =>
      text(mapper).length >= 2700 && text(collector).length >= 2700 && text(mapper).startsWith(text(collector)),
  },
];

function sameJson(one: string, other: string): boolean {
  try {
    return JSON.stringify(sorted(JSON.parse(one))) === JSON.stringify(sorted(JSON.parse(other)));
  } catch {
    return false;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
